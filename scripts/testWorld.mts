/** The world of the story, with what more the suites inside VS Code need. */
import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';

const account = '444455556666';
const runtimeRole = `arn:aws:iam::${account}:role/AWSGlueServiceRole-blog`;

/** Large results are left in S3: the creation role may read what cells print, and no more of it. */
const heldResults = { bucket: 'session-results', prefix: 'held/', overBytes: 1_000_000 };
const readPrinted = policy({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::session-results/*/stdout.txt',
});

/** A place whose sessions must carry the tag `billing`; those of others there have it. */
const billingTagPolicy = policy(
  { Effect: 'Allow', Action: 'iam:PassRole', Resource: runtimeRole },
  { Effect: 'Allow', Action: ['glue:*', 'iam:GetRole', 'tag:GetResources'], Resource: '*' },
  {
    Sid: 'NeverWithoutBilling',
    Effect: 'Deny',
    Action: 'glue:CreateSession',
    Resource: '*',
    Condition: { Null: { 'aws:RequestTag/billing': 'true' } },
  },
);
const taggedSessionsRole = {
  trustPolicy: policy({
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111122223333:root' },
    Action: 'sts:AssumeRole',
  }),
  managedPolicies: ['BillingTagPolicy'],
  profile: { name: 'tagged-sessions', sourceProfile: 'isbloguser' },
};
const others = {
  id: 'others-',
  count: 4,
  status: 'READY',
  role: runtimeRole,
  tags: { team: 'finance', billing: ['ledger', 'ledger', 'audit'] },
  ageSeconds: 120,
};

/** @returns the text of a world file */
export async function makeTestWorld(): Promise<string> {
  const world = parseDocument(await readFile('src/local/world/story.yaml', 'utf8'));
  const set = (value: unknown, ...place: string[]) => {
    world.setIn(['accounts', account, ...place], value);
  };
  set(heldResults, 'regions', 'us-east-1', 'heldResults');
  set({ ReadPrinted: readPrinted }, 'roles', 'GlueSessionCreationRole', 'inlinePolicies');
  set(billingTagPolicy, 'policies', 'BillingTagPolicy');
  set(taggedSessionsRole, 'roles', 'TaggedSessionsRole');
  set([others], 'regions', 'eu-west-2', 'sessions');
  return String(world);
}

function policy(...statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}
