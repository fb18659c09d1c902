import type { AssumedRole } from '../target';

/** A statement that an administrator would add, no wider than it needs to be. */
export interface PolicyStatement {
  /** Whose policy it goes into: a policy of a user or role, or the trust policy of a role. */
  readonly place: 'policy' | 'trust';
  /** ARN of the user or role. */
  readonly holder: string;
  /** In JSON. */
  readonly json: string;
}

export function lookStatement(holder: string, action: string, resource: string): PolicyStatement {
  return policy(holder, { Effect: 'Allow', Action: action, Resource: resource });
}

/** Both sides of AssumeRole. */
export function assumeStatements(caller: string, role: AssumedRole): readonly PolicyStatement[] {
  const actions = [
    'sts:AssumeRole',
    ...(role.sessionTags === undefined ? [] : ['sts:TagSession']),
    ...(role.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  const Action = actions.length === 1 ? actions[0] : actions;
  return [
    policy(caller, { Effect: 'Allow', Action, Resource: role.roleArn }),
    {
      place: 'trust',
      holder: role.roleArn,
      json: text({
        Effect: 'Allow',
        Principal: { AWS: caller },
        Action,
        ...(role.externalId !== undefined && {
          Condition: { StringEquals: { 'sts:ExternalId': role.externalId } },
        }),
      }),
    },
  ];
}

export function passRoleStatement(caller: string, role: string): PolicyStatement {
  return policy(caller, {
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: role,
    Condition: { StringEquals: { 'iam:PassedToService': 'glue.amazonaws.com' } },
  });
}

/** For sessions of the role's own account: Glue may act for another one as well. */
export function glueTrustStatement(role: string): PolicyStatement {
  return {
    place: 'trust',
    holder: role,
    json: text({
      Effect: 'Allow',
      Principal: { Service: 'glue.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': role.split(':')[4] } },
    }),
  };
}

/** What the tag `owner` is compared with: a session is started as oneself, and only one's own is tagged. */
const ownerKeys = {
  'glue:CreateSession': 'aws:RequestTag/owner',
  // A session is created with its tags on it, so that this allows those of one's own start as well.
  'glue:TagResource': 'aws:ResourceTag/owner',
} as const;

/** As the least-privilege template of setup/account-b.yaml words them. */
export function sessionStatement(
  caller: string,
  action: keyof typeof ownerKeys,
  region: string,
  account: string,
): PolicyStatement {
  const partition = caller.split(':')[1] ?? 'aws';
  const Resource = `arn:${partition}:glue:${region}:${account}:session/*`;
  return policy(caller, {
    Effect: 'Allow',
    Action: action,
    Resource,
    Condition: { StringEquals: { [ownerKeys[action]]: '${aws:userid}' } },
  });
}

function policy(holder: string, statement: object): PolicyStatement {
  return { place: 'policy', holder, json: text(statement) };
}

function text(statement: object): string {
  return JSON.stringify(statement, undefined, 2);
}
