import type { AccessApi } from '../glue/access/accessApi';
import type { createNetworkFacts } from './ec2Service';
import type { createRoleFacts } from './iamService';

/** What any client is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
}

/** Gives what clients of a service are made with. */
type ConfigOf = (service: 'ec2' | 'iam' | 'quotas') => Promise<ClientConfig>;

/** AccessApi whose services are loaded at the first call of each: they are large, and seldom asked. */
export function createAccessReader(configOf: ConfigOf): AccessApi {
  let network: Promise<ReturnType<typeof createNetworkFacts>> | undefined;
  let roles: Promise<ReturnType<typeof createRoleFacts>> | undefined;
  let quotas: Promise<AccessApi['quotas']> | undefined;
  const ec2 = () =>
    (network ??= Promise.all([import('./ec2Service'), configOf('ec2')]).then(([service, config]) =>
      service.createNetworkFacts(config),
    ));
  const iam = () =>
    (roles ??= Promise.all([import('./iamService'), configOf('iam')]).then(([service, config]) =>
      service.createRoleFacts(config),
    ));
  const quotaReader = () =>
    (quotas ??= Promise.all([import('./quotaService'), configOf('quotas')]).then(([service, config]) =>
      service.createQuotaReader(config),
    ));
  return {
    getRole: async (name, signal) => (await iam()).getRole(name, signal),
    listRoles: async (onPage, signal) => (await iam()).listRoles(onPage, signal),
    ownTags: async (signal) => (await iam()).ownTags(signal),
    simulate: async (question, signal) => (await iam()).simulate(question, signal),
    securityGroupRules: async (ids, signal) => (await ec2()).securityGroupRules(ids, signal),
    routeTables: async (vpcId, signal) => (await ec2()).routeTables(vpcId, signal),
    vpcEndpoints: async (vpcId, signal) => (await ec2()).vpcEndpoints(vpcId, signal),
    natGateways: async (vpcId, signal) => (await ec2()).natGateways(vpcId, signal),
    quotas: async (signal) => (await quotaReader())(signal),
  };
}
