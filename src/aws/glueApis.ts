import { AwsCallError } from '../glue/errors';
import type { GlueApi, GlueApis } from '../glue/glueApi';
import { targetKey, type Target } from '../glue/target';
import { toCallError } from './callError';
import type { AccessOptions } from './glueService';
import type { Profile } from './profiles';

/** GlueApi for every target, and the profiles there are. Loads the AWS SDK at the first call, not before. */
export interface AwsAccess extends GlueApis {
  /** Those of the person's own AWS configuration. */
  listProfiles(): Promise<readonly Profile[]>;
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
    listProfiles: async () => (await import('./glueService')).listProfiles(),
  };
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
    loaded ??= import('./glueService').then(({ createTargetApi }) => createTargetApi(current, options));
    return loaded;
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
    region: call('sts:GetCallerIdentity', (api) => api.region),
    profileValues: call('sts:GetCallerIdentity', (api) => api.profileValues),
    credentialsExpireAt: call('sts:GetCallerIdentity', (api) => api.credentialsExpireAt),
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
    describeSubnets: call('ec2:DescribeSubnets', (api) => api.describeSubnets),
  };
  return {
    api,
    renew: (renewed = current) => {
      current = renewed;
      loaded = undefined;
    },
  };
}
