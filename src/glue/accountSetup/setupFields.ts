/** Which template of `setup` a value is a parameter of: that of account A, where people log in, or of B. */
export type SetupTemplate = 'a' | 'b';

/** One thing to choose. Fields named as a parameter of the templates hold what the templates demand; a test compares them. */
export interface SetupField {
  readonly group: SetupGroup;
  /** Templates that have a parameter of this name. */
  readonly templates: readonly SetupTemplate[];
  /** '' where there is nothing to propose. */
  readonly initial: string;
  /** The only values it may have; `true` and `false` make a check box. */
  readonly choices?: readonly string[];
  /** Regular expression of the whole value; with `isList`, of each between commas. */
  readonly pattern?: string;
  readonly isList?: boolean;
}

export const setupGroups = ['accounts', 'people', 'network', 'networkRules', 'tagRules', 'names'] as const;

export type SetupGroup = (typeof setupGroups)[number];

const accountId = String.raw`\d{12}`;
const principals = String.raw`(arn:aws[a-z-]*:iam::\d{12}:(user|role)/[\w+=,.@/-]+)?`;
const roles = String.raw`(arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+)?`;
const roleName = String.raw`[\w+=,.@-]{1,64}`;
const profileName = String.raw`[\w+=,.@:/-]{1,128}`;
const tagKey = '([A-Za-z0-9_.:/=+@-]{1,128})?';
const tagValue = '[A-Za-z0-9 _.:/=+@*?-]{1,256}';
const yesOrNo = ['true', 'false'] as const;

const field = (
  group: SetupGroup,
  templates: readonly SetupTemplate[],
  initial: string,
  more: Omit<SetupField, 'group' | 'templates' | 'initial'> = {},
): SetupField => ({ group, templates, initial, ...more });

const yes = (group: SetupGroup, templates: readonly SetupTemplate[]) =>
  field(group, templates, 'true', { choices: yesOrNo });
const no = (group: SetupGroup, templates: readonly SetupTemplate[]) =>
  field(group, templates, 'false', { choices: yesOrNo });
const requiredTag = () => field('tagRules', ['b'], '', { pattern: tagKey });
const tagValues = () => field('tagRules', ['b'], '?*', { pattern: tagValue, isList: true });

/** Everything that setting the two accounts up asks for, in the order it is asked. */
export const setupFields = {
  ProductionAccountId: field('accounts', ['a'], '', { pattern: accountId }),
  LoginAccountId: field('accounts', ['b'], '', { pattern: accountId }),
  /** Region of the connection and of the sessions. */
  Region: field('accounts', [], 'us-east-1', { pattern: String.raw`[a-z]{2,3}(-[a-z]+)+-\d+` }),
  /** Profiles of the AWS CLI with which the stacks are made. */
  LoginProfile: field('accounts', [], '', { pattern: profileName }),
  ProductionProfile: field('accounts', [], '', { pattern: profileName }),
  Profile: field('accounts', ['a', 'b'], 'leastPrivilege', { choices: ['leastPrivilege', 'story'] }),

  UserName: field('people', ['a'], 'ISBlogUser', { pattern: String.raw`([\w+=,.@-]{1,64})?` }),
  AdministratorUserName: field('people', ['a'], '', { pattern: String.raw`([\w+=,.@-]{1,64})?` }),
  AdministratorArns: field('people', ['b'], '', { pattern: principals, isList: true }),
  TrustedPrincipalArns: field('people', ['b'], '', { pattern: principals, isList: true }),
  ExternalId: field('people', ['b'], '', { pattern: String.raw`([\w+=,.@:/-]{2,1224})?` }),
  RequireMfa: no('people', ['b']),
  SessionNames: field('people', ['b'], 'own', { choices: ['own', 'any'] }),
  FixedNameRoleArns: field('people', ['b'], '', { pattern: roles, isList: true }),
  AllowSessionTags: no('people', ['a', 'b']),

  CreateNetwork: yes('network', ['b']),
  VpcCidr: field('network', ['b'], '10.0.0.0/24', {
    pattern: String.raw`(\d{1,3}\.){3}\d{1,3}/(1[6-9]|2[0-8])`,
  }),
  S3PrefixListId: field('network', ['b'], '', { pattern: '(pl-[0-9a-f]{8,17})?' }),
  ExistingVpcId: field('network', ['b'], '', { pattern: '(vpc-[0-9a-f]{8,17})?' }),
  ExistingSubnetId: field('network', ['b'], '', { pattern: '(subnet-[0-9a-f]{8,17})?' }),
  ExistingSecurityGroupId: field('network', ['b'], '', { pattern: '(sg-[0-9a-f]{8,17})?' }),
  ConnectionName: field('network', ['b'], 'session_vpc', { pattern: '[A-Za-z0-9_.-]{1,255}' }),

  RestrictVpcs: yes('networkRules', ['b']),
  OtherVpcIds: field('networkRules', ['b'], '', { pattern: '(vpc-[0-9a-f]{8,17})?', isList: true }),
  RestrictSubnets: no('networkRules', ['b']),
  OtherSubnetIds: field('networkRules', ['b'], '', { pattern: '(subnet-[0-9a-f]{8,17})?', isList: true }),
  RestrictSecurityGroups: no('networkRules', ['b']),
  OtherSecurityGroupIds: field('networkRules', ['b'], '', { pattern: '(sg-[0-9a-f]{8,17})?', isList: true }),

  RequiredTag1Key: requiredTag(),
  RequiredTag1Values: tagValues(),
  RequiredTag2Key: requiredTag(),
  RequiredTag2Values: tagValues(),
  RequiredTag3Key: requiredTag(),
  RequiredTag3Values: tagValues(),
  LowerCaseTagKeys: yes('tagRules', ['b']),

  RuntimeRoleName: field('names', ['b'], 'AWSGlueServiceRole-blog', { pattern: roleName }),
  DataBucketArns: field('names', ['b'], '', {
    pattern: '(arn:aws[a-z-]*:s3:::[a-z0-9.-]{3,63})?',
    isList: true,
  }),
  CatalogDatabaseArns: field('names', ['b'], '', {
    pattern: String.raw`(arn:aws[a-z-]*:glue:[a-z0-9-]+:\d{12}:database/[A-Za-z0-9_-]{1,255})?`,
    isList: true,
  }),
  SessionCreationRoleName: field('names', ['a', 'b'], 'GlueSessionCreationRole', { pattern: roleName }),
  AdministratorRoleName: field('names', ['a', 'b'], 'GlueSessionAdministratorRole', { pattern: roleName }),
  GroupName: field('names', ['a'], 'GlueSessionUsers', { pattern: String.raw`[\w+=,.@-]{1,128}` }),
  CreateNotebookRole: yes('names', ['a']),
  NotebookRoleName: field('names', ['a'], 'AWSGlueServiceRole-notebooks', { pattern: roleName }),
  StackName: field('names', [], 'glue-sessions', { pattern: '[A-Za-z][A-Za-z0-9-]{0,127}' }),
} satisfies Readonly<Record<string, SetupField>>;

export type SetupFieldName = keyof typeof setupFields;

/** Every field with its name. */
export const setupFieldList: readonly (readonly [SetupFieldName, SetupField])[] = Object.entries(
  setupFields,
) as [SetupFieldName, SetupField][];
