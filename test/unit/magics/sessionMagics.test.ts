import { expect, it } from 'vitest';
import { createSessionRequest } from '../../../src/glue/createSessionRequest';
import type { SessionToCopy } from '../../../src/glue/sessionCode';
import { readCell } from '../../../src/magics/readCell';
import { magicsCode } from '../../../src/magics/sessionMagics';
import { configuration } from '../configuration';
import { session } from '../scriptedApi';

const copied: SessionToCopy = {
  session: session({
    id: 'blog-0f0e0d0c-0000-4000-8000-000000000001',
    role: 'arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog',
    command: { name: 'gluestreaming', pythonVersion: '3' },
    glueVersion: '4.0',
    workerType: 'G.2X',
    numberOfWorkers: 7,
    idleTimeout: 45,
    connections: ['session_vpc', 'second'],
    securityConfiguration: 'sealed',
    defaultArguments: {
      '--enable-glue-datacatalog': 'true',
      '--additional-python-modules': 'pandas,numpy==1.26',
      '--conf': 'spark.a=b --conf spark.c="d e"',
      '--note': 'it\'s "so"\n%%sql\nDROP TABLE x; \u202e',
    },
  }),
  tags: { team: 'analytics', "k'1": '"}\n%stop_session', owner: 'AROAEXAMPLEID00000001:ada' },
  target: {
    profile: 'login',
    roles: [{ roleArn: 'arn:aws:iam::444455556666:role/GlueSessionCreationRole' }],
  },
  region: 'eu-west-2',
};
const caller = { account: '444455556666', arn: 'arn:aws:iam::444455556666:user/me', userId: 'ME' };

function readBack(text: string) {
  const cell = readCell(text, false, configuration());
  expect(cell.code).toBe('');
  expect(cell.sql).toBeUndefined();
  return cell.applied.at(-1)?.configuration ?? configuration();
}

it('gives the same session when a notebook reads it', () => {
  const read = readBack(magicsCode(copied));
  expect(read.target.value).toEqual({ ...copied.target, region: 'eu-west-2' });
  expect(read.sessionIdPrefix?.value).toBe('blog');
  const { defaultArguments, command, role, connections } = copied.session;
  expect(createSessionRequest(read, caller, () => 'id')).toMatchObject({
    ...{ defaultArguments, command, role, connections },
    glueVersion: '4.0',
    workerType: 'G.2X',
    numberOfWorkers: 7,
    idleTimeout: 45,
    securityConfiguration: 'sealed',
    tags: { team: 'analytics', "k'1": '"}\n%stop_session', owner: 'ME' },
  });
});

it('leaves out what would come out as something else, and says so in a comment of one line', () => {
  const text = magicsCode({
    ...copied,
    session: session({
      ...copied.session,
      glueVersion: '5.0\n%%sql\nDROP TABLE x',
      securityConfiguration: 'a # b',
      description: 'two\nlines',
      connections: ['a,b'],
      defaultArguments: {
        '--iam_role': 'arn:aws:iam::444455556666:role/Other',
        '--connections': 'scratch_vpc',
        '--tags': '{"team": "other"}',
        '--worker-type': 'G.8X',
        '--extra-jars': 's3://a b',
        '--fine': 'yes',
      },
    }),
    tags: { ' padded ': ' x ', fine: 'yes' },
    target: {
      roles: [
        { roleArn: 'arn:aws:iam::444455556666:role/First', durationSeconds: 900 },
        { roleArn: 'arn:aws:iam::444455556666:role/Second' },
      ],
    },
  });
  const lines = text.split('\n');
  const comments = lines.filter((line) => line.startsWith("# Magics can't say: "));
  for (const left of [
    'glue_version',
    'security_config',
    'description',
    '--iam_role',
    '--connections',
    '--tags',
  ]) {
    expect(comments.join('\n')).toContain(left);
  }
  for (const left of ['--worker-type', '--extra-jars', ' padded ', 'a second role', 'durationSeconds']) {
    expect(comments.join('\n')).toContain(left);
  }
  const read = readBack(text);
  expect(read.iamRole?.value).toBe(copied.session.role);
  expect(read.extraArguments.value).toEqual({ '--fine': 'yes' });
  expect(read.tags.value).toEqual({ fine: 'yes' });
  expect(read.workerType.value).toBe('G.2X');
  expect(text).not.toMatch(/^(%%sql|DROP)/m);
});

it('says a role with what it takes', () => {
  const role = { roleArn: 'arn:aws:iam::444455556666:role/R', externalId: 'x y"z', sessionName: 'ada' };
  const read = readBack(magicsCode({ ...copied, target: { roles: [role] } }));
  expect(read.target.value.roles).toEqual([role]);
});
