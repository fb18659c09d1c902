import type { SessionConfiguration } from '../glue/sessionConfiguration';
import type { SessionWish } from '../glue/sessionWish';
import { defaultConfiguration } from '../host/defaultConfiguration';

/** The wish as a configuration, on top of the settings. */
export function configurationOf({ target, more, ...wish }: SessionWish): SessionConfiguration {
  const chosen = <T>(value: T) => ({ value, origin: 'magic' as const });
  return {
    ...defaultConfiguration(target, true),
    iamRole: chosen(wish.iamRole),
    connections: chosen(wish.connections),
    tags: chosen(wish.tags),
    workerType: chosen(wish.workerType),
    numberOfWorkers: chosen(wish.numberOfWorkers),
    glueVersion: chosen(wish.glueVersion),
    idleTimeout: chosen(wish.idleTimeout),
    ...(more.arguments !== undefined && { extraArguments: chosen(more.arguments) }),
    ...(more.sessionType !== undefined && { sessionType: chosen(more.sessionType) }),
    ...(more.maxCapacity !== undefined && { maxCapacity: chosen(more.maxCapacity) }),
    ...(more.securityConfiguration !== undefined && {
      securityConfiguration: chosen(more.securityConfiguration),
    }),
    problems: {},
  };
}
