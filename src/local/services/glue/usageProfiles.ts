import type { Caller } from '../../policies/authorization';
import type { World } from '../../world/world';
import type { Authorizer } from '../authorizer';
import { ServiceError } from '../serviceError';

/** A usage profile of the world. The wording for one that is not there is the service's for other things by name. */
export function describeUsageProfile(
  name: string,
  caller: Caller,
  region: string,
  { world, authorizer }: { readonly world: World; readonly authorizer: Authorizer },
): object {
  authorizer.demand(caller, {
    action: 'glue:GetUsageProfile',
    resource: `arn:aws:glue:${region}:${caller.account}:usageProfile/${name}`,
    resourceAccount: caller.account,
    context: { 'aws:RequestedRegion': [region] },
  });
  const profiles = world.accounts.get(caller.account)?.regions.get(region)?.usageProfiles ?? {};
  if (!Object.hasOwn(profiles, name)) {
    throw new ServiceError('EntityNotFoundException', `Usage profile ${name} not found.`);
  }
  return { Name: name, Configuration: { SessionConfiguration: profiles[name] } };
}
