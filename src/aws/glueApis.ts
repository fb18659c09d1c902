import { setImmediate as turn } from 'node:timers/promises';
import { AwsCallError, SaidError } from '../glue/errors';
import type { GlueApi, GlueApis } from '../glue/glueApi';
import type { Profile } from '../glue/profile';
import { sentence } from '../glue/sentence';
import { targetKey, type AwsConfigurationFiles, type Target } from '../glue/target';
import { toCallError } from './callError';
import type { AccessOptions } from './glueService';

/** GlueApi for every target, and the profiles there are. Loads the AWS SDK at the first call, not before. */
export interface AwsAccess extends GlueApis {
  /** @param files undefined: the person's own AWS configuration */
  listProfiles(files?: AwsConfigurationFiles): Promise<readonly Profile[]>;
  /** Until when an SSO sign-in holds (milliseconds since the epoch); undefined when there was none. @param token see {@link Profile.ssoToken} */
  signedInUntil(token: string): Promise<number | undefined>;
}

/** A GlueApi that stays the same for its holders while what is behind it is made anew. */
interface Renewable {
  readonly api: GlueApi;
  /** @param target in place of the one before */
  readonly renew: (target?: Target) => void;
}

/** Equal targets share clients, and so credentials. */
export function createAwsAccess(options: AccessOptions): AwsAccess {
  const apis = new Map<string, Renewable>();
  const find = (target: Target) => {
    const key = targetKey(target);
    const found = apis.get(key) ?? lazily(target, options);
    apis.set(key, found);
    return found;
  };
  return {
    of: (target) => find(target).api,
    forget: (target) => {
      find(target).renew();
    },
    useKeys: (target, credentials) => {
      find(target).renew({ ...target, credentials });
    },
    listProfiles: async (files) => (await loadService()).listProfiles(files),
    signedInUntil: async (token) => (await loadService()).signedInUntil(token),
  };
}

/** What calls AWS is not there, or not whole: nothing was sent. */
class NotLoadedError extends SaidError {
  override readonly name = 'NotLoadedError';
}

/**
 * In two steps, between which others get their turn: to compile all of it takes an editor's 40 ms.
 * @throws NotLoadedError
 */
async function loadService() {
  try {
    await import('./credentials');
    await turn();
    return await import('./glueService');
  } catch (error) {
    throw new NotLoadedError(
      sentence(
        'A part of the extension can’t be loaded: {0}. Reload the window; if that does not help, install the extension anew.',
        error instanceof Error ? error.message : String(error),
      ),
      { cause: error },
    );
  }
}

/**
 * Loads the SDK at the first call. Failures become AwsCallError here, not in the lazily loaded file: that is a bundle
 * of its own, whose copy of the class nobody else would know.
 */
function lazily(target: Target, options: AccessOptions): Renewable {
  let loaded: Promise<GlueApi> | undefined;
  let current = target;
  const load = () => {
    // The SDK's advice on Node versions is for its users, not for those of an editor.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    if (loaded !== undefined) return loaded;
    const loading = loadService().then(({ createTargetApi }) => createTargetApi(current, options));
    loaded = loading;
    loading.catch((error: unknown) => {
      // What is wrong with a profile is told until it is read anew; a part that is not there may be, the next time.
      if (error instanceof NotLoadedError && loaded === loading) loaded = undefined;
    });
    return loading;
  };
  const call =
    <Args extends unknown[], Result>(
      action: string,
      method: (api: GlueApi) => (...args: Args) => Promise<Result>,
    ): ((...args: Args) => Promise<Result>) =>
    async (...args) => {
      const signal = args.find((argument) => argument instanceof AbortSignal);
      const attempt = async (api: Promise<GlueApi>) => {
        try {
          signal?.throwIfAborted();
          return await method(await api)(...args);
        } catch (error) {
          throw toCallError(error, action, signal);
        }
      };
      const used = load();
      try {
        return await attempt(used);
      } catch (error) {
        if (!(error instanceof AwsCallError) || !error.isExpiredToken) throw error;
        // Not executed. Profile and files may hold newer credentials, and roles are assumed anew: once, then it is told.
        if (loaded === used) loaded = undefined;
        return attempt(load());
      }
    };
  const api: GlueApi = {
    callerIdentity: call('sts:GetCallerIdentity', (api) => api.callerIdentity),
    accountAlias: call('iam:ListAccountAliases', (api) => api.accountAlias),
    region: call('sts:GetCallerIdentity', (api) => api.region),
    endpoint: call('sts:GetCallerIdentity', (api) => api.endpoint),
    bulk: {
      listSessions: call('glue:ListSessions', (api) => api.bulk.listSessions),
      getSession: call('glue:GetSession', (api) => api.bulk.getSession),
      getTags: call('glue:GetTags', (api) => api.bulk.getTags),
      listStatements: call('glue:ListStatements', (api) => api.bulk.listStatements),
      getResourceTags: call('tag:GetResources', (api) => api.bulk.getResourceTags),
    },
    access: {
      getRole: call('iam:GetRole', (api) => api.access.getRole),
      listRoles: call('iam:ListRoles', (api) => api.access.listRoles),
      ownTags: call('iam:GetUser', (api) => api.access.ownTags),
      simulate: call('iam:SimulatePrincipalPolicy', (api) => api.access.simulate),
      securityGroupRules: call('ec2:DescribeSecurityGroups', (api) => api.access.securityGroupRules),
      routeTables: call('ec2:DescribeRouteTables', (api) => api.access.routeTables),
      vpcEndpoints: call('ec2:DescribeVpcEndpoints', (api) => api.access.vpcEndpoints),
      natGateways: call('ec2:DescribeNatGateways', (api) => api.access.natGateways),
      quotas: call('servicequotas:ListServiceQuotas', (api) => api.access.quotas),
    },
    profileValues: call('sts:GetCallerIdentity', (api) => api.profileValues),
    holdsKeys: call('sts:GetCallerIdentity', (api) => api.holdsKeys),
    credentialsExpireAt: call('sts:GetCallerIdentity', (api) => api.credentialsExpireAt),
    reached: call('sts:GetCallerIdentity', (api) => api.reached),
    createSession: call('glue:CreateSession', (api) => api.createSession),
    getSession: call('glue:GetSession', (api) => api.getSession),
    listSessions: call('glue:ListSessions', (api) => api.listSessions),
    stopSession: call('glue:StopSession', (api) => api.stopSession),
    deleteSession: call('glue:DeleteSession', (api) => api.deleteSession),
    runStatement: call('glue:RunStatement', (api) => api.runStatement),
    getStatement: call('glue:GetStatement', (api) => api.getStatement),
    listStatements: call('glue:ListStatements', (api) => api.listStatements),
    cancelStatement: call('glue:CancelStatement', (api) => api.cancelStatement),
    getTags: call('glue:GetTags', (api) => api.getTags),
    tagResource: call('glue:TagResource', (api) => api.tagResource),
    untagResource: call('glue:UntagResource', (api) => api.untagResource),
    getConnection: call('glue:GetConnection', (api) => api.getConnection),
    listConnections: call('glue:GetConnections', (api) => api.listConnections),
    usageProfile: call('glue:GetUsageProfile', (api) => api.usageProfile),
    billedCost: call('ce:GetCostAndUsage', (api) => api.billedCost),
    costAllocationTags: call('ce:ListCostAllocationTags', (api) => api.costAllocationTags),
    setCostAllocationTags: call('ce:UpdateCostAllocationTagsStatus', (api) => api.setCostAllocationTags),
    getObject: call('s3:GetObject', (api) => api.getObject),
    describeSubnets: call('ec2:DescribeSubnets', (api) => api.describeSubnets),
    describeSecurityGroups: call('ec2:DescribeSecurityGroups', (api) => api.describeSecurityGroups),
    dashboardUrl: call('glue:GetDashboardUrl', (api) => api.dashboardUrl),
    systemLogsUrl: call('glue:GetSystemLogsForSession', (api) => api.systemLogsUrl),
  };
  return {
    api,
    renew: (renewed = current) => {
      current = renewed;
      loaded = undefined;
    },
  };
}
