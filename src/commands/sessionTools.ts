import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { formatDollars, dollarsPerHour } from '../glue/cost';
import { createSessionRequest } from '../glue/createSessionRequest';
import { InvalidInputError } from '../glue/errors';
import type { CreateSessionRequest } from '../glue/glueApi';
import { groupSessions } from '../glue/grouping';
import { parseGroupBy } from '../glue/groupBy';
import { ownerOf, type ListedSession } from '../glue/listedSession';
import { ownershipOf } from '../glue/ownership';
import { parseFilter } from '../glue/sessionFilter';
import { sessionState } from '../glue/sessionStatus';
import { stopSessions } from '../glue/stopSessions';
import type { Target } from '../glue/target';
import type { SessionWish } from '../glue/sessionWish';
import { readToolInput, type StartInput } from '../glue/toolInput';
import { costRows, groupingText, plain, toolSession, toolSessionDetails, toolText } from '../glue/toolText';
import { defaultConfiguration } from '../host/defaultConfiguration';
import { errorText } from '../host/reportError';
import { readSettings } from '../host/settings';
import { targetLabel } from '../host/targets';
import { demandTrust } from '../host/trust';
import type { CommandContext } from './commandContext';
import { latest, preview } from './severalSessions';
import { confirmCost, startedRequest } from './agreedStart';
import { letStartOrStop } from './startCancelled';
import { confirmStop } from './stopSessions';
import type { ToolName } from './toolNames';
import { configurationOf } from './wishConfiguration';

/** So many ended sessions have their tags read for a question on costs: one call each. */
const mostTagReads = 200;

/** What a language model's tool does: reads, or acts once the person has agreed. */
export interface SessionTool {
  /** Said before it is run, and asked about where `asks` is there. Makes no call. @throws InvalidInputError */
  readonly prepare: (context: CommandContext, input: unknown) => vscode.PreparedToolInvocation;
  /** @throws InvalidInputError, NotTrustedError, AwsCallError */
  readonly invoke: (context: CommandContext, input: unknown, signal: AbortSignal) => Promise<unknown>;
}

const tools: Readonly<Record<ToolName, SessionTool>> = {
  glueSessions_list: {
    prepare: (_, input) => {
      readToolInput.list(input);
      return { invocationMessage: vscode.l10n.t('Reading the Glue sessions') };
    },
    invoke: list,
  },
  glueSessions_describe: {
    prepare: (_, input) => ({
      invocationMessage: vscode.l10n.t(
        'Reading the Glue session {0}',
        plain(readToolInput.describe(input), 80),
      ),
    }),
    invoke: describe,
  },
  glueSessions_cost: {
    prepare: (_, input) => {
      readToolInput.cost(input);
      return { invocationMessage: vscode.l10n.t('Reckoning the cost of Glue sessions') };
    },
    invoke: cost,
  },
  glueSessions_start: { prepare: prepareStart, invoke: start },
  glueSessions_stop: { prepare: prepareStop, invoke: stop },
};

/** @see SessionTool.prepare */
export function prepareTool(
  context: CommandContext,
  name: ToolName,
  input: unknown,
): vscode.PreparedToolInvocation {
  return tools[name].prepare(context, input);
}

/** Runs a tool; its answer is text for the model. @throws Error in words for the model */
export async function invokeTool(
  context: CommandContext,
  name: ToolName,
  input: unknown,
  signal: AbortSignal,
): Promise<string> {
  try {
    return toolText(await tools[name].invoke(context, input, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    context.log.warn(`${name}: ${errorText(error)}`);
    throw new Error(plain(errorText(error), 1000), { cause: error });
  }
}

async function list(context: CommandContext, input: unknown): Promise<object> {
  const { filter, groupBy, includeEnded, limit } = readToolInput.list(input);
  const passes = parseFilter(filter);
  const keys = groupBy === undefined ? undefined : parseGroupBy(groupBy);
  await context.inventory.refresh();
  const now = context.clock.now();
  const surroundings = { now, myUserIds: context.myself().userIds };
  const sessions = context.inventory
    .allSessions()
    .filter((listed) => includeEnded || sessionState(listed.session.status).isLive)
    .filter((listed) => passes(listed, surroundings));
  const price = readSettings.pricePerDpuHour();
  const told = (all: readonly ListedSession[]) =>
    all.slice(0, limit).map((listed) => shortOf(context, listed));
  return {
    count: sessions.length,
    ...(sessions.length > limit && { leftOut: sessions.length - limit }),
    ...unreadPlaces(context),
    ...(keys === undefined
      ? { sessions: told(sessions) }
      : {
          groups: groupSessions(sessions, keys.slice(0, 1), price, now).map((group) => ({
            group: group.value ?? null,
            count: group.sessions.length,
            live: group.live,
            dollarsPerHour: group.dollarsPerHour,
            dollarsSoFar: group.dollarsSoFar,
            sessions: group.sessions
              .slice(0, Math.max(1, Math.floor(limit / 5)))
              .map(({ session }) => session.id),
          })),
        }),
  };
}

async function describe(context: CommandContext, input: unknown): Promise<object> {
  const named = readToolInput.describe(input);
  const [listed] = await find(context, [named]);
  if (listed === undefined)
    throw new InvalidInputError(vscode.l10n.t('There is no session {0}.', named), named);
  await context.inventory.readActivityOf(listed.target, [listed]);
  const [now = listed] = latest(context, [listed]);
  return { ...shortOf(context, now), ...toolSessionDetails(now) };
}

async function cost(context: CommandContext, input: unknown): Promise<object> {
  const { filter, by, days } = readToolInput.cost(input);
  const passes = parseFilter(filter);
  const grouping = groupingText(by);
  const { inventory, clock } = context;
  await inventory.refresh();
  const now = clock.now();
  const since = now - days * 24 * 3_600_000;
  const recent = () => inventory.allSessions().filter(({ session }) => (session.createdOn ?? 0) >= since);
  const unread = recent().filter(({ tags }) => tags === undefined);
  await inventory.readTagsOfAll(unread.slice(0, mostTagReads));
  const surroundings = { now, myUserIds: context.myself().userIds };
  const sessions = recent().filter((listed) => passes(listed, surroundings));
  return {
    by: grouping,
    createdSince: new Date(since).toISOString(),
    rows: costRows(sessions, by, readSettings.pricePerDpuHour(), now).slice(0, 100),
    note: 'Reckoned from the sessions that the service still lists and the price in the settings; the bill is in Cost Explorer.',
    ...(unread.length > mostTagReads && { sessionsWithoutTheirTags: unread.length - mostTagReads }),
    ...unreadPlaces(context),
  };
}

function prepareStart(context: CommandContext, input: unknown): vscode.PreparedToolInvocation {
  const wish = wishOf(context, readToolInput.start(input));
  const hourly = dollarsPerHour(wish, readSettings.pricePerDpuHour());
  return {
    invocationMessage: vscode.l10n.t('Starting a Glue session'),
    confirmationMessages: {
      title: vscode.l10n.t('Start a Glue session?'),
      message: vscode.l10n.t(
        '{0} × {1} at {2}, for {3} an hour until it is stopped or idle for {4} minutes.',
        plain(wish.workerType, 20),
        wish.numberOfWorkers,
        plain(targetLabel(wish.target), 80),
        formatDollars(hourly ?? 0),
        wish.idleTimeout,
      ),
    },
  };
}

async function start(context: CommandContext, input: unknown, signal: AbortSignal): Promise<object> {
  demandTrust();
  const wish = wishOf(context, readToolInput.start(input));
  const { target } = wish;
  const api = context.apis.of(target);
  const caller = await api.callerIdentity(signal);
  const request: CreateSessionRequest = createSessionRequest(configurationOf(wish), caller, randomUUID);
  await context.rules.of().permit({ target, request }, signal);
  // The tool's own question can be switched off; this one can't.
  const agreed = await confirmCost(request, target, vscode.l10n.t('A language model asks for this.'));
  if (!agreed) return { started: false, reason: 'The person did not agree. Nothing was started.' };
  signal.throwIfAborted();
  context.targets.use(target);
  const session = await startedRequest(context, target, request, signal).catch(async (error: unknown) => {
    // The model, or the person in its chat, has given up waiting: the session may be on its way, and costs.
    if (signal.aborted && (await letStartOrStop(context, { wish, request }, undefined)))
      await context.started.keep(request.id);
    throw error;
  });
  return { started: true, id: session.id, state: sessionState(session.status).label };
}

function prepareStop(context: CommandContext, input: unknown): vscode.PreparedToolInvocation {
  const named = readToolInput.stop(input);
  const known = context.inventory
    .allSessions()
    .filter((listed) => named.some((name) => isNamed(listed, name)));
  const { dollarsPerHour: hourly, notMine } = preview(context, 'stop', known);
  return {
    invocationMessage: vscode.l10n.t('Stopping {0} Glue sessions', named.length),
    confirmationMessages: {
      title: vscode.l10n.t('Stop {0} Glue sessions?', named.length),
      message: vscode.l10n.t(
        '{0}. They cost {1} an hour together; {2} of them are not yours. What is in their memory is lost.',
        plain(named.slice(0, 10).join(', '), 400),
        formatDollars(hourly),
        notMine.length,
      ),
    },
  };
}

async function stop(context: CommandContext, input: unknown, signal: AbortSignal): Promise<object> {
  const named = readToolInput.stop(input);
  const sessions = await find(context, named);
  const agreed = await confirmStop(context, sessions, vscode.l10n.t('A language model asks for this.'));
  if (agreed === undefined)
    return {
      stopped: [],
      reason: 'The person did not agree, or none of them can be stopped. Nothing was stopped.',
    };
  const outcome = await stopSessions(agreed, {
    clock: context.clock,
    apiOf: ({ target }) => context.apis.of(target),
    signal,
    onStatus: ({ target }, session) => {
      context.inventory.noteSession(target, session);
    },
  });
  const ids = (all: readonly ListedSession[]) => all.map(({ session }) => session.id);
  return {
    stopped: ids(outcome.done),
    failed: outcome.failed.map(({ item, error }) => ({ id: item.session.id, cause: errorText(error) })),
    stillStopping: ids(outcome.underway),
    notTold: ids(outcome.untouched),
  };
}

/** The sessions of these ids or ARNs. @throws InvalidInputError for one that is not there, or is there twice */
async function find(context: CommandContext, named: readonly string[]): Promise<readonly ListedSession[]> {
  await context.inventory.refresh();
  const all = context.inventory.allSessions();
  const found = named.map((name) => {
    const [first, ...more] = all.filter((listed) => isNamed(listed, name));
    if (first === undefined)
      throw new InvalidInputError(
        vscode.l10n.t('There is no session "{0}" in the places of the view.', plain(name, 80)),
        name,
      );
    if (more.length === 0) return first;
    const arns = [first, ...more].map(({ arn }) => arn).join(', ');
    throw new InvalidInputError(
      vscode.l10n.t('Several sessions have the id "{0}": say which by ARN: {1}', plain(name, 80), arns),
      name,
    );
  });
  await context.inventory.readTagsOfAll(found.filter(({ tags }) => tags === undefined));
  return latest(context, found);
}

function isNamed({ session, arn }: ListedSession, name: string): boolean {
  return session.id === name || arn === name;
}

/** What is not said is as the settings have it. @throws InvalidInputError for a place that nobody has added */
function wishOf(context: CommandContext, input: StartInput): SessionWish {
  const target = placeOf(context, input.target);
  const configured = defaultConfiguration(target, true);
  return {
    target,
    iamRole: input.iamRole ?? configured.iamRole?.value ?? '',
    connections: input.connections ?? configured.connections.value,
    tags: { ...configured.tags.value, ...input.tags },
    workerType: input.workerType ?? configured.workerType.value,
    numberOfWorkers: input.numberOfWorkers ?? configured.numberOfWorkers.value,
    glueVersion: input.glueVersion ?? configured.glueVersion.value,
    idleTimeout: input.idleTimeout ?? configured.idleTimeout.value,
    more: {},
  };
}

/** Only places that the person has added or used: a model can't choose whom to call as. */
function placeOf({ targets }: CommandContext, name: string | undefined): Target {
  if (name === undefined) return targets.defaultTarget();
  const all = targets.all();
  const found = all.filter((target) => targetLabel(target) === name || target.profile === name);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const names = all.map(targetLabel).join(', ') || '–';
  throw new InvalidInputError(
    found.length > 1
      ? vscode.l10n.t('Several places are called "{0}". Known are: {1}.', plain(name, 80), names)
      : vscode.l10n.t('There is no place "{0}". Known are: {1}.', plain(name, 80), names),
    name,
  );
}

function shortOf(context: CommandContext, listed: ListedSession): object {
  const short = toolSession(listed, readSettings.pricePerDpuHour(), context.clock.now(), (one) => {
    const ownership = ownershipOf(one, context.myself());
    return ownership === 'mine'
      ? 'the person who asks'
      : ownership === 'unknown'
        ? 'unknown'
        : (ownerOf(one) ?? '');
  });
  return { ...short, place: targetLabel(listed.target) };
}

/** Places that could not be read: what is told is not all there is. */
function unreadPlaces({ inventory }: CommandContext): object {
  const failed = inventory.targets
    .map((target) => inventory.snapshot(target))
    .filter(({ state }) => state === 'failed');
  if (failed.length === 0) return {};
  return {
    notRead: failed.map(({ target, error }) => ({ place: targetLabel(target), cause: errorText(error) })),
  };
}
