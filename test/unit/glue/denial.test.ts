import { describe, expect, it } from 'vitest';
import {
  denialDetails,
  keeperOf,
  readDenial,
  type Denial,
  type PolicyKeeper,
} from '../../../src/glue/denial';
import { AwsCallError } from '../../../src/glue/errors';
import { request } from '../scriptedApi';

const refused = (message: string, action = 'glue:CreateSession', code = 'AccessDenied') =>
  new AwsCallError(code, message, action, 'notExecuted', 'r-1');

interface Example {
  /** Where it was met: a project's issue tracker, a page of AWS's documentation. */
  readonly source: string;
  readonly message: string;
  readonly code?: string;
  readonly called?: string;
  readonly denial: Partial<Denial>;
  readonly keeper?: PolicyKeeper;
}

const user = 'arn:aws:iam::123456789012:user/John';

/** Refusals as people met them, names as they published them. */
const examples: readonly Example[] = [
  {
    source: 'issue, Data-Platform 1654 (Glue interactive session)',
    message:
      'User: arn:aws:sts::*:assumed-role/dataplatform-stg-glue-data-and-insight/GlueJobRunnerSession is not authorized to perform: iam:PassRole on resource: arn:aws:iam::*:role/dataplatform-stg-glue-data-and-insight because no identity-based policy allows the iam:PassRole action',
    denial: {
      form: 'authorization',
      action: 'iam:PassRole',
      principal: 'arn:aws:sts::*:assumed-role/dataplatform-stg-glue-data-and-insight/GlueJobRunnerSession',
      resource: 'arn:aws:iam::*:role/dataplatform-stg-glue-data-and-insight',
      policyKind: 'identity-based policy',
      isExplicit: false,
    },
    keeper: 'account',
  },
  {
    source: 'issue, Data-Platform 2274 (a job name with spaces)',
    message:
      'User: arn:aws:sts::120038763019:assumed-role/mwaa_execution_role/AmazonMWAA-airflow is not authorized to perform: glue:GetJobRuns on resource: arn:aws:glue:eu-west-2:120038763019:job/Copy parking Liberator landing zone to raw because no identity-based policy allows the glue:GetJobRuns action',
    denial: {
      resource: 'arn:aws:glue:eu-west-2:120038763019:job/Copy parking Liberator landing zone to raw',
      policyKind: 'identity-based policy',
    },
    keeper: 'account',
  },
  {
    source: 'issue, prowler 988 (no resource)',
    message:
      'User: arn:aws:sts::XXXXXXXXXXXX:assumed-role/ProwlerExecRole/prowler is not authorized to perform: glue:GetSecurityConfiguration because no identity-based policy allows the glue:GetSecurityConfiguration action',
    denial: { action: 'glue:GetSecurityConfiguration', policyKind: 'identity-based policy' },
  },
  {
    source: 'issue, prowler 988 (no reason)',
    message:
      'User: arn:aws:sts::XXXXXXXXXXXX:assumed-role/ProwlerExecRole/prowler is not authorized to perform: glue:SearchTables on resource: arn:aws:glue:us-east-1:XXXXXXXXXXX',
    denial: {
      action: 'glue:SearchTables',
      resource: 'arn:aws:glue:us-east-1:XXXXXXXXXXX',
      isExplicit: false,
    },
  },
  {
    source: 'issue, kube2iam 224 (no reason, a role with a path)',
    message:
      'User: arn:aws:sts::SECRET:assumed-role/k8s-jupyter/9bfded24-k8s-jupyter is not authorized to perform: iam:PassRole on resource: arn:aws:iam::SECRET:role/service-role/AWSGlueServiceRole-datascience',
    denial: {
      action: 'iam:PassRole',
      resource: 'arn:aws:iam::SECRET:role/service-role/AWSGlueServiceRole-datascience',
    },
  },
  {
    source: 'issue, OvertureMaps data 205 (behind it, what an SDK adds)',
    message:
      'User: arn:aws:sts::1:assumed-role/Admin/me is not authorized to perform: glue:GetDatabases on resource: arn:aws:glue:us-east-2:913550007193:catalog because no resource-based policy allows the glue:GetDatabases action (Service: AmazonDataCatalog; Status Code: 400; Error Code: AccessDeniedException...',
    denial: {
      resource: 'arn:aws:glue:us-east-2:913550007193:catalog',
      policyKind: 'resource-based policy',
    },
    keeper: 'resource',
  },
  {
    source: 'issue, modernisation-platform 12326 (the policy would have to allow another action)',
    code: 'UnauthorizedOperation',
    message:
      'You are not authorized to perform this operation. User: arn:aws:sts::***:assumed-role/MemberInfrastructureAccess/aws-go-sdk-1769122378639266627 is not authorized to perform: ec2:CreateVpcEndpoint on resource: arn:aws:ec2:eu-west-2:***:vpc-endpoint/* because no identity-based policy allows the vpce:AllowMultiRegion action.',
    denial: {
      action: 'ec2:CreateVpcEndpoint',
      wantedAction: 'vpce:AllowMultiRegion',
      policyKind: 'identity-based policy',
      resource: 'arn:aws:ec2:eu-west-2:***:vpc-endpoint/*',
    },
  },
  {
    source: 'issue, nebari 2152 (boundary, broken over lines)',
    code: 'UnauthorizedOperation',
    message:
      'You are not authorized to perform this operation. User: arn:aws:iam::***:user/**** is not authorized to perform: ec2:CreateRole on resource: ***\n because no permissions boundary allows the ec2:CreateRole action.',
    denial: { action: 'ec2:CreateRole', resource: '***', policyKind: 'permissions boundary' },
    keeper: 'account',
  },
  {
    source: 'issue, quota-monitor 86 (a deny, of no kind)',
    message:
      'API: iam:CreateRole User: arn:aws:sts::{accountid}:assumed-role/{role}/jrykowski is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::{accountid}:role/limitmonitor-limitCheckSt-1M8F2ZHBM59NZ with an explicit deny',
    denial: {
      principal: 'arn:aws:sts::{accountid}:assumed-role/{role}/jrykowski',
      resource: 'arn:aws:iam::{accountid}:role/limitmonitor-limitCheckSt-1M8F2ZHBM59NZ',
      isExplicit: true,
    },
  },
  {
    source: 'issue, karpenter 1536 (EC2, encoded)',
    code: 'UnauthorizedOperation',
    called: 'ec2:DescribeSubnets',
    message:
      'You are not authorized to perform this operation. Encoded authorization failure message: 0l-KPWQJ8q5z3YatP3Ybgb5lf0dibDhN6KaE3jQ5',
    denial: {
      form: 'authorization',
      action: 'ec2:DescribeSubnets',
      encodedMessage: '0l-KPWQJ8q5z3YatP3Ybgb5lf0dibDhN6KaE3jQ5',
    },
  },
  {
    source: 'issue, terraform-provider-aws 4664 (EC2, bare)',
    code: 'UnauthorizedOperation',
    called: 'ec2:DescribeSubnets',
    message: 'You are not authorized to perform this operation.',
    denial: { form: 'authorization', action: 'ec2:DescribeSubnets' },
  },
  {
    source: 'AWS security blog (SCP, with its ARN)',
    message:
      'User: arn:aws:iam::123456789012:user/Matt is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::123456789012:role/* with an explicit deny in a service control policy: arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd',
    denial: {
      resource: 'arn:aws:iam::123456789012:role/*',
      policyKind: 'service control policy',
      policyArn: 'arn:aws:organizations::987654321098:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd',
      isExplicit: true,
    },
    keeper: 'organization',
  },
  {
    source: 'IAM user guide (authorization id)',
    message:
      'User: arn:aws:iam::123456789012:user/janedoe is not authorized to perform: iam:CreateInstanceProfile\non resource: arn:aws:iam::123456789012:instance-profile/my-instance-profile\nwith an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/ExampleDenyPolicy.\nGo to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/EXAMPLE1a2b3c4d5e6f7g8h9i0j for complete details,\nor call the GetRequestAuthorizationDetails API with the following authorization id: EXAMPLE1a2b3c4d5e6f7g8h9i0j',
    denial: {
      resource: 'arn:aws:iam::123456789012:instance-profile/my-instance-profile',
      policyKind: 'identity-based policy',
      policyArn: 'arn:aws:iam::123456789012:policy/ExampleDenyPolicy',
      detailsUrl:
        'https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/EXAMPLE1a2b3c4d5e6f7g8h9i0j',
      authorizationId: 'EXAMPLE1a2b3c4d5e6f7g8h9i0j',
    },
    keeper: 'account',
  },
  {
    source: 'IAM user guide (SCP, none allows)',
    message: `User: ${user} is not authorized to perform: codecommit:ListRepositories because no service control policy allows the codecommit:ListRepositories action`,
    denial: { policyKind: 'service control policy', isExplicit: false },
    keeper: 'organization',
  },
  {
    source: 'IAM user guide (RCP)',
    message: `User: ${user} is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:* with an explicit deny in a resource control policy`,
    denial: { policyKind: 'resource control policy', isExplicit: true },
    keeper: 'organization',
  },
  {
    source: 'readme of an S3 project (RCP, the resource in quotes)',
    message:
      'User: arn:aws:sts::112233445566:assumed-role/AWSReservedSSO_PermSetName_0123456789abcdef/abcde\nis not authorized to perform: s3:PutObject\non resource: "arn:aws:s3:::test-kms-encryption-required/non-encrypted.txt"\nwith an explicit deny in a resource control policy',
    denial: {
      resource: 'arn:aws:s3:::test-kms-encryption-required/non-encrypted.txt',
      policyKind: 'resource control policy',
    },
  },
  {
    source: 'support note (VPC endpoint policy, none allows)',
    message:
      'User: arn:aws:iam::533266998695:user/helios is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:us-west-1:533266998695:table/tables_streams because no VPC endpoint policy allows the dynamodb:Query action',
    denial: { policyKind: 'VPC endpoint policy', isExplicit: false },
    keeper: 'endpoint',
  },
  {
    source: 'IAM user guide (VPC endpoint policy)',
    message: `User: ${user} is not authorized to perform: codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a VPC endpoint policy`,
    denial: { policyKind: 'VPC endpoint policy', isExplicit: true },
    keeper: 'endpoint',
  },
  {
    source: 'IAM user guide (boundary)',
    message: `User: ${user} is not authorized to perform: sagemaker:ListModels with an explicit deny in a permissions boundary`,
    denial: { policyKind: 'permissions boundary', isExplicit: true },
    keeper: 'account',
  },
  {
    source: 'issue, Polaris (session policy, KMS)',
    message:
      'User: arn:aws:sts::123456789012:assumed-role/polaris/PolarisAwsCredentialsStorageIntegration is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-west-2:123456789012:key/abcd1234-1111-2222-3333-444444444444 because no session policy allows the kms:Decrypt action (Service: S3, Status Code: 403)',
    denial: {
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:us-west-2:123456789012:key/abcd1234-1111-2222-3333-444444444444',
      policyKind: 'session policy',
    },
    keeper: 'session',
  },
  {
    source: 'IAM user guide ("sessions policy", as it is written there)',
    message: `User: ${user} is not authorized to perform: codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a sessions policy`,
    denial: { policyKind: 'session policy', isExplicit: true },
    keeper: 'session',
  },
  {
    source: 'note on a key policy (KMS)',
    message:
      'User: arn:aws:sts::3333333333333:assumed-role/operations-dev-administrator/[MASKED] is not authorized to perform:\nkms:GetKeyRotationStatus on resource: arn:aws:kms:us-east-2:33333333333:key/mrk-5555555 because no resource-based policy allows\nthe kms:GetKeyRotationStatus action',
    denial: { action: 'kms:GetKeyRotationStatus', policyKind: 'resource-based policy' },
    keeper: 'resource',
  },
  {
    source: 'IAM user guide (trust policy, none allows)',
    message: `User: ${user} is not authorized to perform:\nsts:AssumeRole because no role trust policy allows the sts:AssumeRole action`,
    denial: { action: 'sts:AssumeRole', policyKind: 'role trust policy', isExplicit: false },
    keeper: 'resource',
  },
  {
    source: 'IAM user guide (trust policy)',
    message: `User: ${user} is not authorized to perform:\nsts:AssumeRole with an explicit deny in the role trust policy`,
    denial: { policyKind: 'role trust policy', isExplicit: true },
    keeper: 'resource',
  },
  {
    source: 'issue, aws-session-tool 1 (AssumeRole)',
    called: 'sts:GetCallerIdentity',
    message:
      'User: arn:aws:sts::905279427843:assumed-role/readonly/rut-awsprod is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::905279427843:role/readonly',
    denial: { action: 'sts:AssumeRole', resource: 'arn:aws:iam::905279427843:role/readonly' },
  },
  {
    source: 'issue, configure-aws-credentials 54 (TagSession)',
    called: 'sts:GetCallerIdentity',
    message:
      'User: arn:aws:iam::***:user/deployer is not authorized to perform: sts:TagSession on resource: arn:aws:iam::***:role/devops',
    denial: { action: 'sts:TagSession', resource: 'arn:aws:iam::***:role/devops' },
  },
  {
    source: 'issue, OvertureMaps stac 114 (TagSession over lines)',
    message:
      'Could not assume role with user credentials: User:\narn:aws:sts::913550007193:assumed-role/stac-publish/GitHubActions is not authorized to perform:\nsts:TagSession on resource: arn:aws:iam::763944545891:role/cloudfront-invalidator',
    denial: {
      action: 'sts:TagSession',
      principal: 'arn:aws:sts::913550007193:assumed-role/stac-publish/GitHubActions',
    },
  },
  {
    source: 'issue, boto3 1487 (trust of the runtime role)',
    code: 'Validation',
    message:
      'Role arn:aws:iam::redacted:role/dms/roles/GlueRole should be given assume role permissions for Glue Service.',
    denial: {
      form: 'roleTrust',
      action: 'sts:AssumeRole',
      principal: 'glue.amazonaws.com',
      resource: 'arn:aws:iam::redacted:role/dms/roles/GlueRole',
    },
    keeper: 'resource',
  },
  {
    source: 'moto (role of another account)',
    message: 'Cross-account pass role is not allowed.',
    denial: { form: 'otherAccountsRole', action: 'iam:PassRole' },
  },
  {
    source: 'forum (Lake Formation)',
    called: 'glue:GetTable',
    message: 'Insufficient Lake Formation permission(s): Required Describe on sales',
    denial: { form: 'lakeFormation', action: 'lakeformation: Describe', resource: 'sales' },
  },
  {
    source: 'KMS developer guide (missing or closed)',
    message:
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    denial: { form: 'key', action: 'kms:Decrypt' },
  },
  {
    source: 'notes of this project (a user by a bare name)',
    message: 'User: Tom Smith is not authorized to perform: glue:GetTrigger on resource: arn:aws:glue:x',
    denial: { principal: 'Tom Smith', resource: 'arn:aws:glue:x', isExplicit: false },
  },
  {
    source: 'notes of this project (You)',
    message: 'You are not authorized to perform: glue:CreateSession',
    denial: { form: 'authorization', action: 'glue:CreateSession' },
  },
  {
    source: 'notes of this project (the runtime role refused, told as a wrong input)',
    code: 'InvalidInput',
    message:
      'User: arn:aws:sts::4:assumed-role/Runtime/GlueJobRunnerSession is not authorized to perform: ec2:DescribeSubnets because no identity-based policy allows the ec2:DescribeSubnets action',
    denial: { action: 'ec2:DescribeSubnets', policyKind: 'identity-based policy' },
  },
  {
    // What the service says of a start outside of a profile was found nowhere in public: known by these two words alone.
    source: 'made up (usage profile)',
    code: 'InvalidInput',
    message: 'Number of workers 20 is more than the maximum of the usage profile analysts.',
    denial: { form: 'usageProfile', action: 'glue:CreateSession' },
  },
  {
    source: 'issue, well-architected-labs 697 (not known: nothing is concluded)',
    called: 'glue:CreateDatabase',
    message: 'Account 123456789012 is denied access.',
    denial: { form: 'unknown', action: 'glue:CreateDatabase', isExplicit: false },
  },
];

describe('readDenial', () => {
  it.each(examples)('$source', ({ message, code, called, denial, keeper }) => {
    const read = readDenial(refused(message, called, code));
    expect(read).toMatchObject(denial);
    for (const absent of ['policyKind', 'policyArn', 'detailsUrl', 'wantedAction'] as const) {
      if (!(absent in denial) && read?.form !== 'roleTrust') expect(read).not.toHaveProperty(absent);
    }
    if (keeper !== undefined) expect(keeperOf(read!)?.keeper).toBe(keeper);
  });

  it('names the account of whoever can change it', () => {
    const denied = readDenial(
      refused(
        'User: arn:aws:sts::444455556666:assumed-role/R/S is not authorized to perform: glue:StopSession with an explicit deny in an identity-based policy',
      ),
    );
    expect(keeperOf(denied!)).toEqual({ keeper: 'account', account: '444455556666' });
  });

  it('keeps the name of a kind of policy that is not known, and turns to nobody for it', () => {
    const denied = readDenial(
      refused(
        'User: x is not authorized to perform: glue:StopSession with an explicit deny in a lunar phase policy',
      ),
    );
    expect(denied).toMatchObject({ policyKind: 'lunar phase policy', isExplicit: true });
    expect(keeperOf(denied!)).toBeUndefined();
  });

  it.each([
    'https://evil.example/iam/home#/authorization-details/x',
    'https://us-east-1.console.aws.amazon.com.evil.example/x',
    'https://evilconsole.aws.amazon.com/x',
    'http://us-east-1.console.aws.amazon.com/x',
  ])('gives no link on that leads elsewhere: %s', (url) => {
    const denied = readDenial(
      refused(`User: x is not authorized to perform: glue:StopSession. Go to ${url} for complete details`),
    );
    expect(denied).toMatchObject({ action: 'glue:StopSession' });
    expect(denied).not.toHaveProperty('detailsUrl');
  });

  it('leaves other errors alone', () => {
    expect(readDenial(refused('Rate exceeded', 'glue:GetSession', 'Throttling'))).toBeUndefined();
    expect(readDenial(refused('Session s1 not found', 'glue:GetSession', 'EntityNotFound'))).toBeUndefined();
    expect(readDenial(new Error('not authorized to perform: glue:X'))).toBeUndefined();
  });

  it.each([
    ['EntityNotFound', 'glue:GetUsageProfile', 'Usage profile analysts not found.'],
    ['EntityNotFound', 'glue:CreateSession', 'Usage profile analysts not found.'],
    ['InvalidInput', 'glue:CreateSession', 'Usage profile analysts does not exist'],
    ['Validation', 'glue:GetUsageProfile', 'The name of the usage profile is too long'],
    ['Throttling', 'glue:CreateSession', 'Rate exceeded while the usage profile was read'],
    ['InternalService', 'glue:CreateSession', 'The usage profile could not be read'],
  ])('takes no answer on a usage profile itself for a refusal: %s of %s', (code, action, message) => {
    const error = refused(message, action, code);
    expect(error.isRefused).toBe(false);
    expect(readDenial(error)).toBeUndefined();
  });

  it('is asked whenever an error counts as a refusal', () => {
    for (const { message, code, called } of examples) {
      const error = refused(message, called, code);
      expect(error.isRefused, message).toBe(true);
    }
    expect(refused('x', 'a', 'InvalidInput').isRefused).toBe(false);
  });
});

it('gives an administrator what is needed', () => {
  const error = refused(
    'User: arn:aws:sts::4:assumed-role/R/S is not authorized to perform: glue:CreateSession on resource: arn:aws:glue:us-east-1:4:session/s1 with an explicit deny in an identity-based policy',
  );
  const text = denialDetails(readDenial(error)!, error, request);
  expect(text).toContain('Refused by: explicit deny in identity-based policy');
  expect(text).toContain('Connections: none');
  expect(text).toContain('Tags: team=analytics');
  expect(text).toContain('Workers: G.1X × 2');
  expect(text).toContain('Request id: r-1');
});
