import type { Configured, SessionConfiguration } from '../glue/sessionConfiguration';
import type { Target } from '../glue/target';
import { readSettings } from './settings';

/**
 * What a session is like before any magic: environment over settings, as the official kernel has environment over
 * profile. Names of the variables: glue.md, "The official kernel's notebook language".
 */
export function defaultConfiguration(
  target: Target,
  environment: NodeJS.ProcessEnv = process.env,
): SessionConfiguration {
  const choose = <T>(variable: string | undefined, setting: T, read: (text: string) => T): Configured<T> =>
    variable === undefined || variable === ''
      ? { value: setting, origin: 'setting' }
      : { value: read(variable), origin: 'environment' };
  const same = (text: string) => text;
  const iamRole = environment.glue_iam_role ?? environment.glue_role_arn;
  const roleSetting = readSettings.iamRole();
  const prefix = environment.session_id_prefix;
  const region = environment.region;
  return {
    target: choose(target.region === undefined ? region : undefined, target, (text) => ({
      ...target,
      region: text,
    })),
    ...((iamRole ?? roleSetting) !== undefined && { iamRole: choose(iamRole, roleSetting ?? '', same) }),
    ...(prefix !== undefined && { sessionIdPrefix: { value: prefix, origin: 'environment' as const } }),
    sessionType: choose(environment.glue_job_type, 'glueetl' as const, (text) =>
      text.includes('streaming') ? 'gluestreaming' : 'glueetl',
    ),
    glueVersion: choose(environment.glue_version, readSettings.glueVersion(), same),
    workerType: { value: readSettings.workerType(), origin: 'setting' },
    numberOfWorkers: { value: readSettings.numberOfWorkers(), origin: 'setting' },
    idleTimeout: { value: readSettings.idleTimeout(), origin: 'setting' },
    connections: { value: readSettings.connections(), origin: 'setting' },
    tags: { value: readSettings.tags(), origin: 'setting' },
    extraPyFiles: { value: [], origin: 'default' },
    extraJars: { value: [], origin: 'default' },
    additionalPythonModules: { value: [], origin: 'default' },
    ...(environment.spark_conf !== undefined && {
      sparkConf: { value: environment.spark_conf, origin: 'environment' as const },
    }),
    extraArguments: { value: {}, origin: 'default' },
  };
}
