import { joinTags, withLayer } from '../glue/configurationLayers';
import type { Configured, SessionConfiguration } from '../glue/sessionConfiguration';
import type { Target } from '../glue/target';
import { readSettings, settingOrigin } from './settings';

/**
 * What a session is like before any magic: environment over settings, as the official kernel has environment over
 * profile. The profile comes in between once it can be read: see NotebookSession.
 * @param target the variable `region` decides over its Region, unless it has been chosen by the person
 */
export function defaultConfiguration(
  target: Target,
  isChosen = false,
  environment: NodeJS.ProcessEnv = process.env,
): SessionConfiguration {
  const from = <T>(name: Parameters<typeof settingOrigin>[0], value: T): Configured<T> => ({
    value,
    origin: settingOrigin(name),
  });
  const standard = <T>(value: T): Configured<T> => ({ value, origin: 'default' });
  const iamRole = readSettings.iamRole();
  const region = isChosen ? undefined : (environment.region ?? environment.glue_region);
  const settings: SessionConfiguration = {
    target: standard(target),
    ...(target.region !== undefined && { regionOrigin: 'setting' as const }),
    ...(iamRole !== undefined && { iamRole: from('iamRole', iamRole) }),
    sessionType: standard('glueetl' as const),
    glueVersion: from('glueVersion', readSettings.glueVersion()),
    workerType: from('workerType', readSettings.workerType()),
    numberOfWorkers: from('numberOfWorkers', readSettings.numberOfWorkers()),
    idleTimeout: from('idleTimeout', readSettings.idleTimeout()),
    connections: from('connections', readSettings.connections()),
    tags: standard({}),
    extraPyFiles: standard([]),
    extraJars: standard([]),
    additionalPythonModules: standard([]),
    extraArguments: standard({}),
    ...(region !== undefined &&
      region !== '' && {
        target: { value: { ...target, region: region.toLowerCase() }, origin: 'environment' as const },
        regionOrigin: 'environment' as const,
      }),
  };
  const tags = readSettings.tags();
  const tagged = Object.keys(tags).length === 0 ? settings : joinTags(settings, tags, settingOrigin('tags'));
  return withLayer(tagged, environment, 'environment');
}
