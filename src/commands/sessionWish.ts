import * as vscode from 'vscode';
import { formatDollars } from '../glue/cost';
import { InvalidInputError } from '../glue/errors';
import type { Tags } from '../glue/glueApi';
import { glueVersions } from '../glue/glueVersions';
import { parseRoleArn } from '../glue/roleArn';
import type { SessionConfiguration } from '../glue/sessionConfiguration';
import { formatTagList, parseTagList } from '../glue/tags';
import { targetKey, type Target } from '../glue/target';
import { dpuOf, workerTypes } from '../glue/workerTypes';
import { withProgress } from '../host/cancellation';
import { connectionItems } from '../host/connectionPicker';
import { defaultConfiguration } from '../host/defaultConfiguration';
import { askText, back, isAnswer, pickMany, pickOne, runSteps, type StepResult } from '../host/multiStep';
import { readSettings } from '../host/settings';
import { targetLabel } from '../host/targets';
import type { CommandContext } from './commandContext';

/** What a person wants of a session. */
export interface SessionWish {
  readonly target: Target;
  readonly iamRole: string;
  readonly connections: readonly string[];
  readonly tags: Tags;
  readonly workerType: string;
  readonly numberOfWorkers: number;
  readonly glueVersion: string;
  /** Minutes. */
  readonly idleTimeout: number;
}

const memoryKey = 'lastSessionWish';
const totalSteps = 8;

/** Asks step by step, with Back, beginning with what was chosen last time. @returns undefined when cancelled */
export async function askSessionWish(
  context: CommandContext,
  target: Target | undefined,
): Promise<SessionWish | undefined> {
  const configured = defaultConfiguration(target ?? context.targets.defaultTarget(), target !== undefined);
  const defaults: SessionWish = {
    iamRole: configured.iamRole?.value ?? '',
    connections: configured.connections.value,
    tags: configured.tags.value,
    workerType: configured.workerType.value,
    numberOfWorkers: configured.numberOfWorkers.value,
    glueVersion: configured.glueVersion.value,
    idleTimeout: configured.idleTimeout.value,
    ...context.memory.get<Partial<SessionWish>>(memoryKey),
    target: target ?? configured.target.value,
  };
  const wish = await runSteps(defaults, [
    (state) => askTarget(context, state),
    askRuntimeRole,
    (state) => askConnections(context, state),
    askTags,
    askWorkerType,
    askNumberOfWorkers,
    askGlueVersion,
    askIdleTimeout,
  ]);
  if (wish === undefined) return undefined;
  await remember(context, wish);
  return wish;
}

/** Asks for other connections alone: the rest stays as it was wished. @returns undefined when cancelled */
export async function askOtherConnections(
  context: CommandContext,
  wish: SessionWish,
): Promise<SessionWish | undefined> {
  const changed = await runSteps(wish, [
    (state) => askConnections(context, state, { step: 1, totalSteps: 1 }),
  ]);
  if (changed !== undefined) await remember(context, changed);
  return changed;
}

async function remember({ memory }: CommandContext, { target: _, ...wish }: SessionWish): Promise<void> {
  await memory.update(memoryKey, wish);
}

/** The wish as a configuration, on top of the settings. */
export function configurationOf(wish: SessionWish): SessionConfiguration {
  const chosen = <T>(value: T) => ({ value, origin: 'setting' as const });
  return {
    ...defaultConfiguration(wish.target, true),
    iamRole: chosen(wish.iamRole),
    connections: chosen(wish.connections),
    tags: chosen(wish.tags),
    workerType: chosen(wish.workerType),
    numberOfWorkers: chosen(wish.numberOfWorkers),
    glueVersion: chosen(wish.glueVersion),
    idleTimeout: chosen(wish.idleTimeout),
    problems: {},
  };
}

interface TargetItem extends vscode.QuickPickItem {
  readonly target?: Target;
}

async function askTarget(context: CommandContext, state: SessionWish): Promise<StepResult<SessionWish>> {
  const profiles = await context.profiles.listProfiles().catch((error: unknown) => {
    context.log.warn(`profiles are not offered: ${String(error)}`);
    return [];
  });
  const known = [state.target, ...context.targets.all()];
  const candidates: Target[] = [...known, ...profiles.map(({ name }) => ({ profile: name, roles: [] }))];
  const unique = [...new Map(candidates.map((target) => [targetKey(target), target])).values()];
  const items: TargetItem[] = unique.map((target) => ({
    target,
    label: `$(${target.roles.length > 0 ? 'key' : 'account'}) ${targetLabel(target)}`,
    description: [target.region, target.endpoint].filter((part) => part !== undefined).join(' · '),
  }));
  const assume: TargetItem = {
    label: vscode.l10n.t('$(add) Assume another role…'),
    description: vscode.l10n.t('from {0}', targetLabel(state.target)),
  };
  const picked = await pickOne<TargetItem>({
    ...step(1, vscode.l10n.t('Who starts the session')),
    items: [...items, assume],
    placeholder: vscode.l10n.t('Profile or assumed role'),
  });
  if (picked === undefined || picked === back) return picked;
  if (picked.target !== undefined) return { ...state, target: picked.target };
  const role = await askText({
    ...step(1, vscode.l10n.t('Role to assume')),
    prompt: vscode.l10n.t('ARN of the session creation role: arn:aws:iam::ACCOUNT:role/NAME'),
    value: '',
    validate: (text) => problem(() => parseRoleArn(text)),
  });
  if (role === undefined || role === back) return role;
  return {
    ...state,
    target: { ...state.target, roles: [...state.target.roles, { roleArn: parseRoleArn(role).arn }] },
  };
}

async function askRuntimeRole(state: SessionWish): Promise<StepResult<SessionWish>> {
  const iamRole = await askText({
    ...step(2, vscode.l10n.t('Runtime role')),
    prompt: vscode.l10n.t('What the session runs as: ARN, or the name of a role in the same account'),
    value: state.iamRole,
    validate: (text) =>
      /^[\w+=,.@-]{1,64}$/.test(text.trim()) ? undefined : problem(() => parseRoleArn(text)),
  });
  return take(iamRole, (text) => ({ ...state, iamRole: text.trim() }));
}

async function askConnections(
  context: CommandContext,
  state: SessionWish,
  place = { step: 3, totalSteps },
): Promise<StepResult<SessionWish>> {
  const items = await withProgress(vscode.l10n.t('Reading the connections'), (signal) =>
    connectionItems(context.apis.of(state.target), context.log, signal),
  );
  const picked = await pickMany({
    ...step(3, vscode.l10n.t('Connections')),
    ...place,
    items,
    selected: items.filter(({ label }) => state.connections.includes(label)),
    placeholder: vscode.l10n.t('The session runs in the network of the first one; none: no VPC of yours'),
  });
  return take(picked, (chosen) => ({ ...state, connections: chosen.map(({ label }) => label) }));
}

async function askTags(state: SessionWish): Promise<StepResult<SessionWish>> {
  const text = await askText({
    ...step(4, vscode.l10n.t('Tags')),
    prompt: vscode.l10n.t('key=value, key=value (for example team=analytics, billing=data-platform)'),
    value: formatTagList(state.tags),
    validate: (value) => problem(() => parseTagList(value)),
  });
  return take(text, (value) => ({ ...state, tags: parseTagList(value) }));
}

async function askWorkerType(state: SessionWish): Promise<StepResult<SessionWish>> {
  const price = readSettings.pricePerDpuHour();
  const items = workerTypes.map(({ name, dpu }) => ({
    label: name,
    description: vscode.l10n.t('{0} DPU, {1} an hour each', dpu, formatDollars(dpu * price)),
  }));
  const picked = await pickOne({
    ...step(5, vscode.l10n.t('Worker type')),
    items,
    selected: items.filter(({ label }) => label === state.workerType),
    placeholder: vscode.l10n.t('Size of each worker'),
  });
  return take(picked, ({ label }) => ({ ...state, workerType: label }));
}

async function askNumberOfWorkers(state: SessionWish): Promise<StepResult<SessionWish>> {
  const each = (dpuOf(state.workerType, 1) ?? 0) * readSettings.pricePerDpuHour();
  const text = await askText({
    ...step(6, vscode.l10n.t('Number of workers')),
    prompt: vscode.l10n.t('2 or more; each {0} costs {1} an hour', state.workerType, formatDollars(each)),
    value: String(state.numberOfWorkers),
    validate: (value) =>
      /^(?:[2-9]|[1-9]\d{1,3})$/.test(value.trim())
        ? undefined
        : vscode.l10n.t('"{0}" is not a number of workers: a session has 2 or more.', value),
  });
  return take(text, (value) => ({ ...state, numberOfWorkers: Number(value) }));
}

async function askGlueVersion(state: SessionWish): Promise<StepResult<SessionWish>> {
  const items = glueVersions.map(({ name, spark, python }) => ({
    label: name,
    description: vscode.l10n.t('Spark {0}, Python {1}', spark, python),
  }));
  const picked = await pickOne({
    ...step(7, vscode.l10n.t('Glue version')),
    items,
    selected: items.filter(({ label }) => label === state.glueVersion),
    placeholder: vscode.l10n.t('Glue version'),
  });
  return take(picked, ({ label }) => ({ ...state, glueVersion: label }));
}

async function askIdleTimeout(state: SessionWish): Promise<StepResult<SessionWish>> {
  const text = await askText({
    ...step(8, vscode.l10n.t('Idle timeout')),
    prompt: vscode.l10n.t('Minutes without work after which the session ends by itself'),
    value: String(state.idleTimeout),
    validate: (value) =>
      /^[1-9]\d{0,4}$/.test(value.trim())
        ? undefined
        : vscode.l10n.t('"{0}" is not a whole number of minutes.', value),
  });
  return take(text, (value) => ({ ...state, idleTimeout: Number(value) }));
}

function step(number: number, what: string) {
  return { title: vscode.l10n.t('Start a Glue session: {0}', what), step: number, totalSteps };
}

function take<T, S>(result: StepResult<T>, change: (value: T) => S): StepResult<S> {
  return isAnswer(result) ? change(result) : result;
}

/** What a reader says is wrong with a text. */
function problem(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
    throw error;
  }
}
