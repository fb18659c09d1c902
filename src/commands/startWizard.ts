import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { approvalsOf } from '../glue/approval';
import { formatDollars } from '../glue/cost';
import { InvalidInputError } from '../glue/errors';
import { glueVersions } from '../glue/glueVersions';
import { noOutcomes } from '../glue/startOutcomes';
import { placeOf, placeText } from '../glue/guardrails/guardrails';
import { readPresets, toPresetSetting, withPreset, type Preset, type PresetProblem } from '../glue/preset';
import { roleChecks } from '../glue/targetSetting';
import { priceOf, wishChecks, wishSteps, type SessionWish, type WishStep } from '../glue/sessionWish';
import { suggestTags } from '../glue/tagSuggestions';
import { formatTagList, parseTagList } from '../glue/tags';
import { targetKey, type Target } from '../glue/target';
import { dpuOf, workerTypes } from '../glue/workerTypes';
import { approvalsForPreset, NotAllowedError } from '../host/approvals';
import { connectionItems, type ConnectionItem } from '../host/connectionPicker';
import { askSuggested, askText, pickMany, pickOne } from '../host/multiStep';
import { openRule } from '../host/openRule';
import { errorText } from '../host/reportError';
import { isAnswer, Jump, runSteps, type Step, type StepPlace, type StepResult } from '../host/runSteps';
import { readSettings, writePreset } from '../host/settings';
import { targetLabel } from '../host/targets';
import { translated } from '../host/translated';
import { configurationSection, settings } from '../manifest';
import type { CommandContext } from './commandContext';
import { brokenRules, stepOfRule } from './startRulesBroken';
import { askFirst, readOutcomes } from './startPlace';
import { StartRoles } from './startRoles';

type Asked = Promise<StepResult<SessionWish | Jump<SessionWish>>>;

/**
 * Asks step by step, with Back, until the person says Start.
 * @param begin the question to begin with, when the others have been answered: it leads to the review
 * @returns undefined when cancelled
 */
export async function askWish(
  context: CommandContext,
  wish: SessionWish,
  begin?: WishStep,
): Promise<SessionWish | undefined> {
  const roles = new StartRoles(context);
  const { presets, problems } = readPresets(await context.rules.of().presets());
  const hasWorkers = ({ more }: SessionWish) => more.maxCapacity === undefined;
  const steps: Readonly<Record<WishStep, Step<SessionWish>>> = {
    preset: {
      applies: () => presets.length > 0 || problems.length > 0,
      ask: (state, place) => askPreset(context, state, place, presets, problems),
    },
    target: { ask: (state, place) => askTarget(context, state, place) },
    iamRole: { ask: (state, place) => askRuntimeRole(context, roles, state, place) },
    connections: { ask: (state, place) => askConnections(context, state, place) },
    tags: { ask: (state, place) => askTags(context, state, place) },
    workerType: { applies: hasWorkers, ask: askWorkerType },
    numberOfWorkers: { applies: hasWorkers, ask: askNumberOfWorkers },
    glueVersion: { ask: askGlueVersion },
    idleTimeout: { ask: askIdleTimeout },
    review: { ask: (state, place) => review(context, state, place) },
  };
  return runSteps(
    wish,
    wishSteps.map((name) => steps[name]),
    begin === undefined ? 0 : wishSteps.indexOf(begin),
    begin !== undefined,
  );
}

interface PresetItem extends vscode.QuickPickItem {
  readonly preset?: Preset;
  readonly problem?: PresetProblem;
}

/** Shows a preset of the project in its file. */
async function openPreset({ rules }: CommandContext, name: string, source: string): Promise<void> {
  const file = (await rules.read()).find((guardrails) => guardrails.source === source);
  if (file !== undefined) await openRule(placeOf(file, `presets.${name}`));
}

async function askPreset(
  context: CommandContext,
  state: SessionWish,
  place: StepPlace,
  presets: readonly Preset[],
  problems: readonly PresetProblem[],
): Asked {
  const picked = await pickOne<PresetItem>({
    ...step(place, vscode.l10n.t('begin with')),
    items: [
      ...presets.map((preset) => ({
        preset,
        label: `$(${preset.source === undefined ? 'bookmark' : 'law'}) ${preset.name}`,
        description: [
          preset.description,
          preset.source,
          ...(preset.source !== undefined || isOwnPreset(preset)
            ? []
            : [vscode.l10n.t('from the workspace')]),
        ]
          .filter(Boolean)
          .join(' · '),
        detail: presetText(preset),
      })),
      { label: vscode.l10n.t('$(history) As last time, or as the settings say') },
      ...problems.map((problem) => ({
        label: vscode.l10n.t('$(warning) A preset can’t be read'),
        detail: typeof problem.text === 'string' ? problem.text : translated(problem.text),
        problem,
      })),
    ],
    placeholder: vscode.l10n.t('Preset; what it doesn’t say is asked for'),
  });
  if (!isAnswer(picked)) return picked;
  if (picked.problem?.source !== undefined) {
    await openPreset(context, picked.problem.name, picked.problem.source);
    return undefined;
  }
  if (picked.problem !== undefined) {
    const id = `@id:${configurationSection}.${settings.presets}`;
    await vscode.commands.executeCommand('workbench.action.openSettings', id);
    return undefined;
  }
  if (picked.preset === undefined) return state;
  if (!(await isPresetAllowed(context, picked.preset)))
    return askPreset(context, state, place, presets, problems);
  const changed = withPreset(state, picked.preset);
  const missing =
    picked.preset.target === undefined ? 'target' : changed.iamRole === '' ? 'iamRole' : 'review';
  return new Jump(wishSteps.indexOf(missing), changed);
}

/** Whether the person wrote all of it: what comes with a workspace may change a preset of theirs, too. */
function isOwnPreset({ name, source }: Preset): boolean {
  return (
    source === undefined && isDeepStrictEqual(readSettings.ownPresets()[name], readSettings.presets()[name])
  );
}

/** Somebody else's preset says who calls and where to only once the person agrees, as somebody else's notebook does. */
async function isPresetAllowed({ approvals }: CommandContext, preset: Preset): Promise<boolean> {
  const { name, target } = preset;
  if (target === undefined || isOwnPreset(preset)) return true;
  try {
    for (const approval of approvalsOf(target))
      await approvals.demand(approvalsForPreset(name), approval, target);
    return true;
  } catch (error) {
    if (error instanceof NotAllowedError) return false;
    throw error;
  }
}

function argumentsText(given: Readonly<Record<string, string>>): string {
  return Object.entries(given)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

function presetText({ target, wish }: Preset): string {
  const parts = [
    target && targetLabel(target),
    wish.iamRole?.split('/').at(-1),
    wish.connections?.join(', '),
    wish.tags && formatTagList(wish.tags),
    wish.workerType && `${wish.workerType} × ${String(wish.numberOfWorkers ?? '…')}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

interface TargetItem extends vscode.QuickPickItem {
  readonly target?: Target;
}

async function askTarget(context: CommandContext, state: SessionWish, place: StepPlace): Asked {
  const assume: TargetItem = {
    label: vscode.l10n.t('$(add) Assume another role…'),
    description: vscode.l10n.t('from {0}', targetLabel(state.target)),
  };
  const picked = await pickOne<TargetItem>({
    ...step(place, vscode.l10n.t('Who starts the session')),
    items: async () => [...(await targetItems(context, state)), assume],
    selected: (items) =>
      items.filter(({ target }) => target !== undefined && targetKey(target) === targetKey(state.target)),
    placeholder: vscode.l10n.t('Profile or assumed role'),
  });
  if (!isAnswer(picked)) return picked;
  if (picked.target !== undefined) return { ...state, target: picked.target };
  const role = await askText({
    ...step({ ...place, step: place.step + 1 }, vscode.l10n.t('Role to assume')),
    prompt: vscode.l10n.t('ARN of the session creation role: arn:aws:iam::ACCOUNT:role/NAME'),
    value: '',
    validate: (text) => problem(() => roleChecks.roleArn(text)),
  });
  if (role === undefined) return undefined;
  if (!isAnswer(role)) return askTarget(context, state, place);
  const roles = [...state.target.roles, { roleArn: roleChecks.roleArn(role) }];
  return { ...state, target: { ...state.target, roles } };
}

async function targetItems(context: CommandContext, state: SessionWish): Promise<readonly TargetItem[]> {
  const { inventory } = context;
  const profiles = await context.profiles.listProfiles().catch((error: unknown) => {
    context.log.warn(`profiles are not offered: ${String(error)}`);
    return [];
  });
  const known = [state.target, ...context.targets.all()];
  const candidates: Target[] = [...known, ...profiles.map(({ name }) => ({ profile: name, roles: [] }))];
  const unique = [...new Map(candidates.map((target) => [targetKey(target), target])).values()];
  return unique.map((target) => ({
    target,
    label: `$(${target.roles.length > 0 ? 'key' : 'account'}) ${targetLabel(target)}`,
    // Of two that read alike, one has another Region, address or configuration.
    description: [
      inventory.snapshot(target).identity?.account,
      target.region,
      target.endpoint,
      target.files?.configFile,
    ]
      .filter((part) => part !== undefined)
      .join(' · '),
  }));
}

/** The role of the last start, unless it is in another account than this one's sessions: it can't be passed there. */
function roleOfPlace({ inventory }: CommandContext, { target, iamRole }: SessionWish): string {
  const account = inventory.snapshot(target).identity?.account;
  const ofRole = iamRole.startsWith('arn:') ? iamRole.split(':')[4] : undefined;
  return account !== undefined && ofRole !== undefined && ofRole !== account ? '' : iamRole;
}

async function askRuntimeRole(
  context: CommandContext,
  roles: StartRoles,
  state: SessionWish,
  place: StepPlace,
): Asked {
  const { target } = state;
  const value = roleOfPlace(context, state);
  const text = await askSuggested({
    ...step(place, vscode.l10n.t('Runtime role')),
    placeholder: vscode.l10n.t('What the session runs as: ARN, or the name of a role in the same account'),
    value,
    isWhole: true,
    validate: (typed) => problem(() => wishChecks.iamRole(typed)),
    suggest: (typed) => roles.suggest(target, typed === value ? undefined : typed),
    more: (update, signal) => roles.read(target, update, signal),
  });
  return isAnswer(text) ? { ...state, iamRole: wishChecks.iamRole(text) } : text;
}

async function askConnections(context: CommandContext, state: SessionWish, place: StepPlace): Asked {
  const { apis, inventory, log } = context;
  const { sessions } = inventory.snapshot(state.target);
  let outcomes = noOutcomes;
  let unlisted: string | undefined;
  await askFirst(context, state.target);
  const named = (name: string, detail: string): ConnectionItem => ({
    label: name,
    detail,
    connection: { name, securityGroupIds: [] },
  });
  const picked = await pickMany<ConnectionItem>({
    ...step(place, vscode.l10n.t('Connections')),
    items: async (signal) => {
      outcomes = await readOutcomes(context, state.target, signal);
      try {
        return await connectionItems(apis.of(state.target), log, signal, sessions, outcomes);
      } catch (error) {
        if (signal.aborted) return [];
        // Whoever may not list them can still name those that are in use.
        unlisted = errorText(error);
        log.warn(`connections are not listed: ${unlisted}`);
        const used = sessions.flatMap(({ session }) => session.connections);
        return [...new Set([...state.connections, ...used])].map((name) => named(name, errorText(error)));
      }
    },
    selected: (items) => items.filter(({ label }) => state.connections.includes(label)),
    placeholder: () =>
      unlisted !== undefined
        ? vscode.l10n.t('The connections can’t be listed: {0}', unlisted)
        : outcomes.connections[''] === 'denied'
          ? vscode.l10n.t('A session without a connection was denied here: choose one')
          : vscode.l10n.t('The session runs in the network of the first one; none: no VPC of yours'),
  });
  return isAnswer(picked) ? { ...state, connections: picked.map(({ label }) => label) } : picked;
}

async function askTags(context: CommandContext, state: SessionWish, place: StepPlace): Asked {
  const inUse = context.inventory
    .snapshot(state.target)
    .sessions.flatMap(({ tags }) => (tags === undefined ? [] : [tags]));
  let wanted: readonly string[] = [];
  const text = await askSuggested({
    ...step(place, vscode.l10n.t('Tags')),
    placeholder: vscode.l10n.t('key=value, key=value (for example team=analytics, billing=data-platform)'),
    value: formatTagList(state.tags),
    isWhole: false,
    validate: (typed) => problem(() => parseTagList(typed)),
    suggest: (typed) =>
      suggestTags(typed, inUse, wanted).map(({ key, value, uses, text: whole }) => ({
        label: `$(tag) ${key}=${value}`,
        description: [
          ...(uses === 1 ? [vscode.l10n.t('a session has it')] : []),
          ...(uses > 1 ? [vscode.l10n.t('{0} sessions have it', uses)] : []),
          ...(wanted.includes(key) ? [vscode.l10n.t('probably wanted here: a start was denied')] : []),
        ].join(' · '),
        text: whole,
      })),
    more: async (update, signal) => {
      wanted = Object.keys((await readOutcomes(context, state.target, signal)).tags);
      update();
    },
  });
  return isAnswer(text) ? { ...state, tags: parseTagList(text) } : text;
}

async function askWorkerType(state: SessionWish, place: StepPlace): Asked {
  const price = readSettings.pricePerDpuHour();
  const picked = await pickOne({
    ...step(place, vscode.l10n.t('Worker type')),
    items: workerTypes.map(({ name, dpu }) => ({
      label: name,
      description: vscode.l10n.t('{0} DPU, {1} an hour each', dpu, formatDollars(dpu * price)),
    })),
    selected: (items) => items.filter(({ label }) => label === state.workerType),
    placeholder: vscode.l10n.t('Size of each worker'),
  });
  return isAnswer(picked) ? { ...state, workerType: picked.label } : picked;
}

async function askNumberOfWorkers(state: SessionWish, place: StepPlace): Asked {
  const each = (dpuOf(state.workerType, 1) ?? 0) * readSettings.pricePerDpuHour();
  const text = await askText({
    ...step(place, vscode.l10n.t('Number of workers')),
    prompt: vscode.l10n.t('2 or more; each {0} costs {1} an hour', state.workerType, formatDollars(each)),
    value: String(state.numberOfWorkers),
    validate: (value) => problem(() => wishChecks.numberOfWorkers(value)),
  });
  return isAnswer(text) ? { ...state, numberOfWorkers: wishChecks.numberOfWorkers(text) } : text;
}

async function askGlueVersion(state: SessionWish, place: StepPlace): Asked {
  const picked = await pickOne({
    ...step(place, vscode.l10n.t('Glue version')),
    items: glueVersions.map(({ name, spark, python }) => ({
      label: name,
      description: vscode.l10n.t('Spark {0}, Python {1}', spark, python),
    })),
    selected: (items) => items.filter(({ label }) => label === state.glueVersion),
    placeholder: vscode.l10n.t('Glue version'),
  });
  return isAnswer(picked) ? { ...state, glueVersion: picked.label } : picked;
}

async function askIdleTimeout(state: SessionWish, place: StepPlace): Asked {
  const price = readSettings.pricePerDpuHour();
  const text = await askText({
    ...step(place, vscode.l10n.t('Idle timeout')),
    prompt: vscode.l10n.t(
      'Minutes without work after which the session ends by itself; an hour costs {0}',
      formatDollars(priceOf(state, price)?.hourly ?? 0),
    ),
    value: String(state.idleTimeout),
    validate: (value) => problem(() => wishChecks.idleTimeout(value)),
  });
  return isAnswer(text) ? { ...state, idleTimeout: wishChecks.idleTimeout(text) } : text;
}

interface ReviewItem extends vscode.QuickPickItem {
  readonly act: WishStep | 'start' | 'keep';
}

/** All answers with the price: starts, or leads back to one of them. */
async function review(context: CommandContext, state: SessionWish, place: StepPlace): Asked {
  const price = priceOf(state, readSettings.pricePerDpuHour());
  if (price === undefined)
    throw new InvalidInputError(vscode.l10n.t('The worker type {0} is not known.', state.workerType));
  const row = (act: WishStep, name: string, value: string): ReviewItem => ({
    act,
    label: name,
    description: value === '' ? vscode.l10n.t('none') : value,
  });
  const { more } = state;
  const picked = await pickOne<ReviewItem>({
    ...step(place, vscode.l10n.t('review')),
    items: async () => [
      ...(await brokenRules(context, state)).map(({ rule, message, place: where }) => ({
        act: stepOfRule(rule),
        label: `$(law) ${translated(message)}`,
        description: translated(placeText(where)),
      })),
      {
        act: 'start' as const,
        label: vscode.l10n.t('$(play) Start for {0} an hour', formatDollars(price.hourly)),
        detail: vscode.l10n.t(
          'Left alone it ends after {0} minutes, for {1} at most by then.',
          state.idleTimeout,
          formatDollars(price.perIdleOut),
        ),
      },
      row(
        'target',
        vscode.l10n.t('Who starts it'),
        [targetLabel(state.target), state.target.region].filter(Boolean).join(' · '),
      ),
      row('iamRole', vscode.l10n.t('Runs as'), state.iamRole),
      row('connections', vscode.l10n.t('Connections'), state.connections.join(', ')),
      row('tags', vscode.l10n.t('Tags'), formatTagList(state.tags)),
      ...(more.maxCapacity === undefined
        ? [
            row('workerType', vscode.l10n.t('Worker type'), state.workerType),
            row('numberOfWorkers', vscode.l10n.t('Workers'), String(state.numberOfWorkers)),
          ]
        : []),
      row('glueVersion', vscode.l10n.t('Glue version'), state.glueVersion),
      row('idleTimeout', vscode.l10n.t('Idle timeout'), vscode.l10n.t('{0} minutes', state.idleTimeout)),
      // Of a preset or of another session: seen before it starts, and not asked for here.
      ...(more.arguments === undefined
        ? []
        : [row('review', vscode.l10n.t('Arguments'), argumentsText(more.arguments))]),
      { act: 'keep' as const, label: vscode.l10n.t('$(bookmark) Keep as a preset…') },
    ],
    placeholder: vscode.l10n.t('Enter starts it; choose an answer to change it'),
  });
  if (!isAnswer(picked)) return picked;
  if (picked.act === 'start') return state;
  if (picked.act !== 'keep') return new Jump(wishSteps.indexOf(picked.act), state);
  await keepAsPreset(state, place);
  return new Jump(wishSteps.indexOf('review'), state);
}

async function keepAsPreset(state: SessionWish, place: StepPlace): Promise<void> {
  const name = await askText({
    ...step(place, vscode.l10n.t('keep as a preset')),
    prompt: vscode.l10n.t('Name of the preset; it is kept in your user settings'),
    value: '',
    validate: (text) => (text.trim() === '' ? vscode.l10n.t('A preset has a name.') : undefined),
  });
  if (isAnswer(name)) await writePreset(name.trim(), toPresetSetting(state));
}

function step(place: StepPlace, what: string) {
  return { ...place, title: vscode.l10n.t('Start a Glue session: {0}', what) };
}

/** What a reader says is wrong with a text. */
function problem(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInputError) return errorText(error);
    throw error;
  }
}
