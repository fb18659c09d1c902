import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  evaluateTemplate,
  readTemplate,
  TemplateError,
  type StackResource,
  type Template,
} from '../../scripts/setupWorld/template.mjs';

const wish = {
  stackName: 's',
  account: '444455556666',
  region: 'us-east-1',
  parameters: {},
  physical: ({ logicalId }: StackResource) => ({
    ref: `id-${logicalId}`,
    attributes: { Arn: `arn-${logicalId}` },
  }),
};

/** What a value in YAML becomes. */
function value(yaml: string, parameters: Record<string, string> = {}): unknown {
  const template = readTemplate(`
Parameters:
  Text: { Type: String, Default: x, AllowedPattern: '[a-z]*' }
  List: { Type: CommaDelimitedList, Default: 'a,b' }
Conditions:
  Yes: !Equals [!Ref Text, x]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Condition No]
  Either: !Or [!Condition Yes, !Condition No]
Resources:
  R: { Type: T, Condition: Yes, Properties: { Name: r } }
  Never: { Type: T, Condition: No }
  Out: { Type: T, Properties: { Value: ${yaml} } }
`);
  const { resources } = evaluateTemplate(template, { ...wish, parameters });
  return resources.find(({ logicalId }) => logicalId === 'Out')?.properties.Value;
}

/** Source: CloudFormation user guide, "Intrinsic function reference". */
describe('a template', () => {
  it.each([
    ['!Ref Text', 'x'],
    ['!Ref List', ['a', 'b']],
    ['!Ref AWS::AccountId', '444455556666'],
    ['!Ref R', 'id-R'],
    ['!GetAtt R.Arn', 'arn-R'],
    ["!Join [',', !Ref List]", 'a,b'],
    ["!Split ['|', 'a|b']", ['a', 'b']],
    ['!Select [1, !Ref List]', 'b'],
    ["!Select [0, !GetAZs '']", 'us-east-1a'],
    ["!Sub 'arn:${AWS::Partition}:${R}:${R.Arn}:${!aws:userid}'", 'arn:aws:id-R:arn-R:${aws:userid}'],
    ["!Sub ['${A}-${Text}', { A: !Join ['', [p, q]] }]", 'pq-x'],
    ['!If [Yes, 1, 2]', 1],
    ['!If [Either, 1, 2]', 1],
    ['!If [Both, 1, 2]', 2],
    // The branch not taken may name what isn't made.
    ['!If [No, !Ref Never, 2]', 2],
    ['[a, !If [No, b, !Ref AWS::NoValue], c]', ['a', 'c']],
    ['{ a: 1, b: !If [No, 2, !Ref AWS::NoValue] }', { a: 1 }],
    ['!If [No, 2, !Ref AWS::NoValue]', undefined],
    ["{ 'Fn::Join': ['-', [a, { Ref: Text }]] }", 'a-x'],
  ])('works out %s', (yaml, expected) => {
    expect(value(yaml)).toEqual(expected);
  });

  it.each([
    ['!Ref Nobody', {}, /Nobody is neither parameter nor resource/],
    ['!Ref Never', {}, /Never is referred to, but/],
    ['!GetAtt R.Other', {}, /R has no attribute Other/],
    ["{ 'Fn::Cidr': [a, 1] }", {}, /Fn::Cidr is not known/],
    ['1', { Text: 'X1' }, /parameter Text can't be "X1"/],
    ['1', { Other: 'x' }, /no parameter Other/],
  ] as const)('refuses %s with %j', (yaml, parameters, message) => {
    expect(() => value(yaml, parameters)).toThrow(TemplateError);
    expect(() => value(yaml, parameters)).toThrow(message);
  });
});

describe.each(['a', 'b'] as const)('account-%s.yaml', (account) => {
  const template = readTemplate(readFileSync(`setup/account-${account}.yaml`, 'utf8'));
  const required: Readonly<Record<string, string>> =
    account === 'a' ? { ProductionAccountId: '444455556666' } : { LoginAccountId: '111122223333' };
  const everything: Readonly<Record<string, string>> =
    account === 'a'
      ? { AdministratorUserName: 'admin' }
      : {
          AdministratorArns: 'arn:aws:iam::111122223333:user/admin',
          ExternalId: 'blog-42',
          FixedNameRoleArns: 'arn:aws:iam::111122223333:role/first,arn:aws:iam::111122223333:role/second',
          DataBucketArns: 'arn:aws:s3:::first,arn:aws:s3:::second',
          CatalogDatabaseArns: ['sales', 'crm']
            .map((name) => `arn:aws:glue:us-east-1:444455556666:database/${name}`)
            .join(','),
          OtherVpcIds: Array.from(
            { length: 10 },
            (_, index) => `vpc-0123456789abcde${String(index + 10)}`,
          ).join(','),
          RestrictSubnets: 'true',
          RestrictSecurityGroups: 'true',
          RequiredTag1Key: 'team',
          RequiredTag2Key: 'billing',
          RequiredTag3Key: 'project',
          RequiredTag3Values: Array.from({ length: 30 }, (_, index) => `project-${String(index)}`).join(','),
        };
  const stack = (parameters: Readonly<Record<string, string>>, source: Template = template) =>
    evaluateTemplate(source, {
      ...wish,
      parameters: { ...required, ...parameters },
      physical: ({ logicalId }) => ({
        ref: logicalId,
        attributes: { Arn: `arn-${logicalId}`, GroupId: 'sg', AvailabilityZone: 'us-east-1a' },
      }),
    });

  it('describes every parameter, and shows each in one group', () => {
    const { Metadata } = template as unknown as {
      Metadata: Record<string, { ParameterGroups: { Parameters: string[] }[] }>;
    };
    const grouped = Metadata['AWS::CloudFormation::Interface']!.ParameterGroups.flatMap(
      ({ Parameters }) => Parameters,
    );
    expect(grouped.sort()).toEqual(Object.keys(template.Parameters ?? {}).sort());
    for (const [name, { Description, AllowedPattern, AllowedValues }] of Object.entries(
      template.Parameters ?? {},
    )) {
      expect(Description, name).toMatch(/\.$/);
      expect(AllowedPattern ?? AllowedValues, name).toBeDefined();
    }
  });

  it('is small enough to be sent without a bucket', () => {
    // CloudFormation user guide, "quotas": a template body in a request.
    expect(statSync(`setup/account-${account}.yaml`).size).toBeLessThan(51_200);
  });

  it('tags everything that takes tags', () => {
    const takes = ['Role', 'User', 'VPC', 'Subnet', 'RouteTable', 'VPCEndpoint', 'SecurityGroup'];
    for (const { logicalId, type, properties } of stack(everything).resources) {
      if (!takes.includes(type.split('::')[2] ?? '')) continue;
      expect(properties.Tags, logicalId).toContainEqual({ Key: 'managed-by', Value: 's' });
    }
  });

  it.each(['leastPrivilege', 'story'])(
    'keeps its policies and roles within the limits of IAM: %s',
    (Profile) => {
      for (const { logicalId, type, properties } of stack({ ...everything, Profile }).resources) {
        const size = (document: unknown) =>
          (typeof document === 'string' ? document : JSON.stringify(document)).replace(/\s/g, '').length;
        // IAM user guide, "IAM and AWS STS quotas": characters without white space, and policies of one role.
        if (type === 'AWS::IAM::ManagedPolicy')
          expect(size(properties.PolicyDocument), logicalId).toBeLessThan(6144);
        if (type !== 'AWS::IAM::Role') continue;
        expect(size(properties.AssumeRolePolicyDocument), logicalId).toBeLessThan(2048);
        expect(
          (properties.ManagedPolicyArns as unknown[] | undefined)?.length ?? 0,
          logicalId,
        ).toBeLessThanOrEqual(10);
      }
    },
  );

  it('makes no key, and tells none', () => {
    const { resources, outputs } = stack(everything);
    expect(resources.map(({ type }) => type)).not.toContain('AWS::IAM::AccessKey');
    expect(JSON.stringify(outputs)).not.toMatch(/secret|password/i);
  });

  it('tells what people paste', () => {
    const { outputs } = stack(everything);
    if (account === 'a') {
      expect(outputs.UserArn).toBe('arn-SessionUser');
      return;
    }
    expect(outputs).toMatchObject({ ConnectionName: 'session_vpc', RuntimeRoleArn: 'arn-RuntimeRole' });
    expect(outputs.ProfileSnippet).toContain('role_arn = arn-SessionCreationRole\n');
    expect(outputs.ProfileSnippet).toContain('external_id = blog-42');
    expect(outputs.NotebookCells).toMatch(/^%%assume_role\narn-SessionCreationRole\n/);
  });
});

it('account-b.yaml takes a network that is there, and all of it', () => {
  const template = readTemplate(readFileSync('setup/account-b.yaml', 'utf8'));
  const make = (parameters: Record<string, string>) =>
    evaluateTemplate(template, {
      ...wish,
      parameters: { LoginAccountId: '111122223333', CreateNetwork: 'false', ...parameters },
    });
  const existing = {
    ExistingVpcId: 'vpc-12345678',
    ExistingSubnetId: 'subnet-12345678',
    ExistingSecurityGroupId: 'sg-12345678',
  };
  const { resources } = make(existing);
  expect(resources.some(({ type }) => type.startsWith('AWS::EC2'))).toBe(false);
  expect(JSON.stringify(resources)).toContain('"glue:VpcIds":["vpc-12345678"]');
  expect(() => make({ ...existing, ExistingSubnetId: '' })).toThrow(/ExistingSubnetId is needed/);
});
