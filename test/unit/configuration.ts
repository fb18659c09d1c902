import type { SessionConfiguration } from '../../src/glue/sessionConfiguration';

/** A configuration with nothing but defaults. */
export function configuration(): SessionConfiguration {
  const standard = <T>(value: T) => ({ value, origin: 'default' as const });
  return {
    target: standard({ roles: [] }),
    sessionType: standard('glueetl' as const),
    glueVersion: standard('5.0'),
    workerType: standard('G.1X'),
    numberOfWorkers: standard(2),
    idleTimeout: standard(60),
    connections: standard([]),
    tags: standard({}),
    extraPyFiles: standard([]),
    extraJars: standard([]),
    additionalPythonModules: standard([]),
    extraArguments: standard({}),
  };
}
