import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { withDefaults, withLayer } from '../glue/configurationLayers';
import { createSessionRequest } from '../glue/createSessionRequest';
import type { CreateSessionRequest, Session, Tags } from '../glue/glueApi';
import { sessionState } from '../glue/sessionStatus';
import { wishLike, withMore, type SessionWish, type WishStep } from '../glue/sessionWish';
import { startSession } from '../glue/startSession';
import type { Target } from '../glue/target';
import { wholeSession } from '../glue/wholeSession';
import { withProgress } from '../host/cancellation';
import { defaultConfiguration } from '../host/defaultConfiguration';
import { demandTrust } from '../host/trust';
import type { CommandContext } from './commandContext';
import { sayReady } from './sayReady';
import { oneSession, targetOfNode } from './sessionPicker';
import { letStartOrStop } from './startCancelled';
import { offerFixes } from './startFailed';
import { askWish } from './startWizard';
import { configurationOf } from './wishConfiguration';
import { translated } from '../host/translated';

/** Asks what the session shall be, shows what it costs, and starts it. */
export async function startSessionCommand(context: CommandContext, node: unknown): Promise<void> {
  demandTrust();
  await askAndStart(context, await defaultWish(context, targetOfNode(node)));
}

/** Starts a session that has all that another one has, once its price has been seen. */
export async function startAnotherCommand(context: CommandContext, node: unknown): Promise<void> {
  demandTrust();
  const seen = await oneSession(context, node, { title: vscode.l10n.t('Start Another Like') });
  if (seen === undefined) return;
  const listed = await withProgress(vscode.l10n.t('Reading the session'), (signal) =>
    wholeSession(seen, context.apis.of(seen.target), signal),
  );
  const tags =
    listed.tags ??
    (await withProgress(vscode.l10n.t('Reading the tags'), (signal) =>
      context.apis.of(listed.target).getTags(listed.arn, signal),
    ));
  await askAndStart(context, wishLike(listed, tags, await defaultWish(context, listed.target)), 'review');
}

async function askAndStart(context: CommandContext, wish: SessionWish, begin?: WishStep): Promise<void> {
  let current: SessionWish | undefined = await askWish(context, wish, begin);
  while (current !== undefined) {
    await remember(context, current);
    const changed: { readonly wish: SessionWish; readonly begin: WishStep } | undefined = await start(
      context,
      current,
    );
    current = changed && (await askWish(context, changed.wish, changed.begin));
  }
}

const lastKey = 'lastSessionWish';
const tagsKey = 'lastTags';

/** What was chosen last time, over what profile, settings and project say; the tags are those of this workspace. */
async function defaultWish(context: CommandContext, target: Target | undefined): Promise<SessionWish> {
  const standard = defaultConfiguration(target ?? context.targets.defaultTarget(), target !== undefined);
  const profileValues = await context.apis
    .of(standard.target.value)
    .profileValues()
    .catch((error: unknown) => {
      // A profile that can't be read is told where the target is chosen.
      context.log.info(`the profile says nothing of sessions: ${String(error)}`);
      return {};
    });
  const configured = withDefaults(
    withLayer(standard, profileValues, 'profile'),
    await context.rules.of().defaults(),
  );
  return {
    iamRole: configured.iamRole?.value ?? '',
    connections: configured.connections.value,
    workerType: configured.workerType.value,
    numberOfWorkers: configured.numberOfWorkers.value,
    glueVersion: configured.glueVersion.value,
    idleTimeout: configured.idleTimeout.value,
    ...context.memory.get<Partial<SessionWish>>(lastKey),
    tags: context.workspaceMemory.get<Tags>(tagsKey) ?? configured.tags.value,
    target: target ?? configured.target.value,
    more: {},
  };
}

async function remember(
  { memory, workspaceMemory }: CommandContext,
  { target: _, tags, more: __, ...wish }: SessionWish,
): Promise<void> {
  await memory.update(lastKey, wish);
  await workspaceMemory.update(tagsKey, tags);
}

/** Starts what was agreed to. @returns what to ask again, when it failed and the person wants to change something */
async function start(
  context: CommandContext,
  wish: SessionWish,
): Promise<{ readonly wish: SessionWish; readonly begin: WishStep } | undefined> {
  const { target } = wish;
  const api = context.apis.of(target);
  let request: CreateSessionRequest | undefined;
  let created: Session | undefined;
  let keeping: Promise<unknown> | undefined;
  let started: Session;
  try {
    const wanted = await withProgress(vscode.l10n.t('Preparing the session'), async (signal) =>
      withMore(
        createSessionRequest(configurationOf(wish), await api.callerIdentity(signal), randomUUID),
        wish.more,
      ),
    );
    request = wanted;
    context.targets.use(target);
    const session = await withProgress(vscode.l10n.t('Starting session {0}', wanted.id), (signal, report) =>
      startSession(api, wanted, {
        clock: context.clock,
        signal,
        permit: (asked) => context.rules.of().permit({ target, request: asked }, signal),
        onStatus: (seen) => {
          created = seen;
          // From its first breath: a window that ends while it starts must know later whose it is.
          keeping ??= context.started.keep(seen.id);
          report(translated(sessionState(seen.status).word));
          context.inventory.noteSession(target, seen, wanted.tags);
        },
      }),
    );
    await keeping;
    await context.starts.note(api, wanted, 'started');
    started = session;
  } catch (error) {
    await keeping;
    if (error instanceof vscode.CancellationError) {
      const isThere = request !== undefined && (await letStartOrStop(context, { wish, request }, created));
      if (isThere && request !== undefined) await context.started.keep(request.id);
      return undefined;
    }
    return offerFixes(context, error, wish, request);
  }
  // What fails from here on is not the start.
  await sayReady(context, target, started);
  return undefined;
}
