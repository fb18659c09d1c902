/** Condition keys whose value the evaluator or a service supplies (or that never exist in a call served here). */
const known = new Set(
  [
    'aws:userid',
    'aws:username',
    'aws:PrincipalArn',
    'aws:PrincipalAccount',
    'aws:PrincipalType',
    'aws:PrincipalIsAWSService',
    'aws:ViaAWSService',
    'aws:ResourceAccount',
    'aws:RequestedRegion',
    'aws:CurrentTime',
    'aws:EpochTime',
    'aws:SecureTransport',
    'aws:SourceIp',
    'aws:SourceIdentity',
    'aws:MultiFactorAuthPresent',
    'aws:MultiFactorAuthAge',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:TagKeys',
    'glue:VpcIds',
    'glue:SubnetIds',
    'glue:SecurityGroupIds',
    'iam:PassedToService',
    'sts:ExternalId',
    'sts:RoleSessionName',
    'sts:SourceIdentity',
    'sts:TransitiveTagKeys',
    // For calls not served here.
    'cloudwatch:namespace',
  ].map((key) => key.toLowerCase()),
);

/** Keys that end in the name of a tag. `ec2:ResourceTag` is in a managed policy of the story, for calls not served here. */
const families = ['aws:requesttag/', 'aws:resourcetag/', 'aws:principaltag/', 'ec2:resourcetag/'];

/** Names of condition keys are case-insensitive, those of tags within them too. */
export function isKnownConditionKey(key: string): boolean {
  const lower = key.toLowerCase();
  return (
    known.has(lower) || families.some((family) => lower.startsWith(family) && lower.length > family.length)
  );
}
