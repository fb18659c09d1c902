import { isStronger } from './configurationLayers';
import { InvalidInputError } from './errors';
import { sentence, type Sentence } from './sentence';
import type { CallerIdentity, CreateSessionRequest } from './glueApi';
import { glueVersions } from './glueVersions';
import { resolveRoleArn } from './roleArn';
import type { SessionConfiguration } from './sessionConfiguration';
import { validateTags } from './tags';
import { workerTypes } from './workerTypes';

/**
 * Turns a configuration into the request the official kernel would send (glue.md, "The official kernel's notebook
 * language"): `--enable-glue-datacatalog` always, the caller's user id as tag `owner` unless one is given.
 * @param randomId makes the part of the session's id behind the prefix
 * @throws InvalidInputError for everything the service would refuse, before anything is sent
 */
export function createSessionRequest(
  configuration: SessionConfiguration,
  caller: CallerIdentity,
  randomId: () => string,
): CreateSessionRequest {
  refuseProblems(configuration);
  const role = configuration.iamRole?.value;
  if (role === undefined) {
    throw new InvalidInputError(
      sentence(
        'No runtime role is set. Say which role the session runs as: %iam_role arn:aws:iam::ACCOUNT:role/NAME',
      ),
    );
  }
  const roleArn = resolveRoleArn(role, caller.account, caller.arn.split(':')[1]);
  const roleAccount = roleArn.split(':')[4];
  if (roleAccount !== caller.account) {
    throw new InvalidInputError(
      sentence(
        'The runtime role {0} is in account {1}, but the session starts in account {2}: a role can be passed within one account only. Choose a role of {2}, or assume a role in {1} (%%assume_role in a notebook).',
        roleArn,
        roleAccount ?? '?',
        caller.account,
      ),
      roleArn,
    );
  }
  const tags = { owner: caller.userId, ...configuration.tags.value };
  validateTags(tags);
  checkChoice(sentence('Glue version'), configuration.glueVersion.value, glueVersions);
  const id = configuration.sessionId?.value ?? idOf(configuration.sessionIdPrefix?.value, randomId);
  if (id.length > 255)
    throw new InvalidInputError(
      sentence('The session id "{0}…" has {1} characters; 255 are allowed.', id.slice(0, 40), id.length),
      id,
    );
  const maxCapacity = chosenCapacity(configuration);
  return {
    id,
    role: roleArn,
    command: { name: configuration.sessionType.value, pythonVersion: '3' },
    defaultArguments: defaultArguments(configuration),
    connections: configuration.connections.value,
    ...(maxCapacity === undefined ? workers(configuration) : { maxCapacity }),
    idleTimeout: positive(sentence('idle timeout'), configuration.idleTimeout.value),
    ...(configuration.timeout !== undefined && {
      timeout: positive(sentence('timeout'), configuration.timeout.value),
    }),
    ...(configuration.securityConfiguration !== undefined && {
      securityConfiguration: configuration.securityConfiguration.value,
    }),
    glueVersion: configuration.glueVersion.value,
    tags,
    requestOrigin: 'GlueSessionsForVSCode',
  };
}

/** What environment or profile say and can't be meant, unless a magic has said something else. */
function refuseProblems(configuration: SessionConfiguration): void {
  for (const [key, problem] of Object.entries(configuration.problems ?? {})) {
    const present = configuration[key as keyof SessionConfiguration];
    const isSaid = typeof present === 'object' && 'origin' in present && present.origin === 'magic';
    if (!isSaid) throw new InvalidInputError(problem);
  }
}

/** The capacity in DPU, unless workers were asked for from a stronger place. */
function chosenCapacity(configuration: SessionConfiguration): number | undefined {
  const { maxCapacity, workerType, numberOfWorkers } = configuration;
  if (maxCapacity === undefined) return undefined;
  const isOverruled = [workerType, numberOfWorkers].some(({ origin }) =>
    isStronger(origin, maxCapacity.origin),
  );
  return isOverruled ? undefined : maxCapacity.value;
}

function idOf(prefix: string | undefined, randomId: () => string): string {
  return prefix === undefined || prefix === '' ? randomId() : `${prefix}-${randomId()}`;
}

function workers(configuration: SessionConfiguration) {
  const workerType = configuration.workerType.value;
  const numberOfWorkers = configuration.numberOfWorkers.value;
  checkChoice(sentence('worker type'), workerType, workerTypes);
  if (!Number.isInteger(numberOfWorkers) || numberOfWorkers < 2) {
    throw new InvalidInputError(
      sentence('A session has two workers at least; {0} were asked for.', numberOfWorkers),
    );
  }
  return { workerType, numberOfWorkers };
}

function defaultArguments(configuration: SessionConfiguration): Record<string, string> {
  const lists = {
    '--extra-py-files': configuration.extraPyFiles.value,
    '--extra-jars': configuration.extraJars.value,
    '--additional-python-modules': configuration.additionalPythonModules.value,
  };
  const all: Record<string, string> = {
    '--enable-glue-datacatalog': 'true',
    ...Object.fromEntries(
      Object.entries(lists)
        .filter(([, items]) => items.length > 0)
        .map(([key, items]) => [key, items.join(',')]),
    ),
    ...(configuration.sparkConf !== undefined && { '--conf': configuration.sparkConf.value }),
    ...configuration.extraArguments.value,
  };
  const entries = Object.entries(all);
  if (entries.length > 75)
    throw new InvalidInputError(
      sentence('{0} arguments are more than the 75 a session can have.', entries.length),
    );
  for (const [key, value] of entries) {
    if (key.length > 128)
      throw new InvalidInputError(
        sentence('The argument {0}… has more than 128 characters.', key.slice(0, 40)),
        key,
      );
    if (value.length > 4096)
      throw new InvalidInputError(
        sentence('The value of {0} has {1} characters; 4,096 are allowed.', key, value.length),
        value,
      );
  }
  return all;
}

function checkChoice(what: Sentence, value: string, choices: readonly { readonly name: string }[]): void {
  if (choices.some(({ name }) => name === value)) return;
  throw new InvalidInputError(
    sentence(
      '"{0}" is not a {1}. Expected one of {2}.',
      value,
      what,
      choices.map(({ name }) => name).join(', '),
    ),
    value,
  );
}

function positive(what: Sentence, minutes: number): number {
  if (Number.isInteger(minutes) && minutes >= 1) return minutes;
  throw new InvalidInputError(
    sentence('The {0} must be a whole number of minutes, one at least; {1} was given.', what, minutes),
  );
}
