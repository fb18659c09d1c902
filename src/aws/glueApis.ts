import type { GlueApi, GlueApis } from '../glue/glueApi';
import { targetKey, type AwsConfigurationFiles, type Target } from '../glue/target';
import type { CredentialOptions } from './credentials';
import type { Profile } from './profiles';

/** GlueApi for every target, and the profiles there are. Loads the AWS SDK at the first call, not before. */
export interface AwsAccess extends GlueApis {
  listProfiles(files?: AwsConfigurationFiles): Promise<readonly Profile[]>;
}

/** Equal targets share clients, and so credentials. */
export function createAwsAccess(options: CredentialOptions): AwsAccess {
  const apis = new Map<string, GlueApi>();
  return {
    of: (target) => {
      const key = targetKey(target);
      const api = apis.get(key) ?? lazily(target, options);
      apis.set(key, api);
      return api;
    },
    forget: (target) => {
      apis.delete(targetKey(target));
    },
    listProfiles: async (files) => (await import('./glueService')).listProfiles(files),
  };
}

function lazily(target: Target, options: CredentialOptions): GlueApi {
  let loaded: Promise<GlueApi> | undefined;
  const api = async () => {
    // The SDK's advice on Node versions is for its users, not for those of an editor.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
    loaded ??= import('./glueService').then(({ createTargetApi }) => createTargetApi(target, options));
    return loaded;
  };
  return {
    callerIdentity: async (...args) => (await api()).callerIdentity(...args),
    region: async () => (await api()).region(),
    credentialsExpireAt: async (...args) => (await api()).credentialsExpireAt(...args),
    createSession: async (...args) => (await api()).createSession(...args),
    getSession: async (...args) => (await api()).getSession(...args),
    listSessions: async (...args) => (await api()).listSessions(...args),
    stopSession: async (...args) => (await api()).stopSession(...args),
    deleteSession: async (...args) => (await api()).deleteSession(...args),
    runStatement: async (...args) => (await api()).runStatement(...args),
    getStatement: async (...args) => (await api()).getStatement(...args),
    listStatements: async (...args) => (await api()).listStatements(...args),
    cancelStatement: async (...args) => (await api()).cancelStatement(...args),
    getTags: async (...args) => (await api()).getTags(...args),
    tagResource: async (...args) => (await api()).tagResource(...args),
    untagResource: async (...args) => (await api()).untagResource(...args),
    getConnection: async (...args) => (await api()).getConnection(...args),
    listConnections: async (...args) => (await api()).listConnections(...args),
    describeSubnets: async (...args) => (await api()).describeSubnets(...args),
  };
}
