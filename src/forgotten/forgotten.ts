import * as vscode from 'vscode';
import { dollarsPerHour, formatDollars } from '../glue/cost';
import { AwsCallError, InvalidInputError } from '../glue/errors';
import type { GlueApi } from '../glue/glueApi';
import { findOwnSessions } from '../glue/findOwnSessions';
import { readStopRules, type ForgottenWarning, type ReadStopRule, type StopRule } from '../glue/forgotten';
import { ForgottenWatch } from '../glue/forgottenWatch';
import type { ListedSession } from '../glue/listedSession';
import { ownershipOf } from '../glue/ownership';
import { sessionArn } from '../glue/roleArn';
import { lookAnew } from '../glue/lookAnew';
import { sessionState } from '../glue/sessionStatus';
import type { Target } from '../glue/target';
import { errorText, reportError } from '../host/reportError';
import { formatDuration } from '../host/sessionFacts';
import { forgottenLimits, readSettings } from '../host/settings';
import { targetLabel } from '../host/targets';
import { commands } from '../manifest';
import type { OwnSessionsOptions } from './ownSessions';
import { SessionCostItem } from './sessionCostItem';
import { askSnooze } from './snooze';
import { WarningFiles } from './warningFiles';

/** A session that nobody has looked at for so long is asked about, before its cost goes on being shown (milliseconds). */
const staleMs = 30 * 60_000;

/** A person's own live sessions: what they cost, which seem forgotten, and what is done about it. */
export class Forgotten implements vscode.Disposable {
  private readonly item: SessionCostItem;
  private readonly memory: WarningFiles;
  private readonly watch: ForgottenWatch;
  /** Found by the daily check, where the view has not looked; by ARN. */
  private readonly found = new Map<string, ListedSession>();
  /** When a session was last seen as it is, by ARN. */
  private readonly seenAt = new Map<string, { readonly listed: ListedSession; readonly at: number }>();
  private badRules: string | undefined;

  constructor(private readonly options: OwnSessionsOptions) {
    const { clock, folder, inventory, log } = options;
    this.item = new SessionCostItem();
    this.memory = new WarningFiles(folder, () => clock.now());
    this.watch = new ForgottenWatch({
      clock,
      memory: this.memory,
      limits: forgottenLimits,
      rules: () => this.rules(),
      pricePerDpuHour: readSettings.ownPricePerDpuHour,
      myUserIds: () => inventory.userIds(),
      look: (listed) => this.look(listed),
      warn: (warning) => {
        this.warn(warning).catch((error: unknown) => {
          reportError(log, 'a warning', error);
        });
      },
      stop: (listed, rule) => this.stopByRule(listed, rule),
    });
    this.memory.tidy().catch((error: unknown) => {
      log.warn(`old warnings were not removed: ${String(error)}`);
    });
  }

  /** Shows what own sessions cost now, and looks after those that seem forgotten. */
  async update(): Promise<void> {
    const sessions = await this.sessions();
    this.item.show(sessions, this.options.clock.now());
    await this.watch.check(sessions);
  }

  /** The daily check: own sessions in the places that the person added, where reading them asks nobody for anything. */
  async findMore(): Promise<void> {
    const { clock, targets, quietApis, myself, log } = this.options;
    const quiet = new Map<Target, GlueApi>();
    const onUnread = (target: Target, error: unknown) => {
      log.info(`daily check: ${targetLabel(target)} was not read: ${String(error)}`);
    };
    for (const target of targets.added()) {
      try {
        const api = await quietApis.of(target);
        if (api !== undefined) quiet.set(target, api);
      } catch (error) {
        onUnread(target, error);
      }
    }
    const found = await findOwnSessions(quiet, {
      clock,
      isStartedHere: myself().isStartedHere,
      onUnread,
    });
    log.info(`daily check: ${String(found.length)} own sessions run in ${String(quiet.size)} places`);
    for (const listed of found) this.found.set(listed.arn, listed);
  }

  /** Lists own sessions with what they cost; leads to their details, or stops them. */
  async show(): Promise<void> {
    const sessions = await this.sessions();
    if (sessions.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No session of yours is known to run.'));
      return;
    }
    const now = this.options.clock.now();
    const stop = { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: vscode.l10n.t('Stop…') };
    const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { listed: ListedSession }>();
    picker.title = vscode.l10n.t('My Sessions');
    picker.placeholder = this.item.summary(sessions, now);
    picker.matchOnDetail = true;
    picker.items = sessions.map((listed) => ({
      listed,
      label: `$(${sessionState(listed.session.status).icon.replace('~spin', '')}) ${listed.session.id}`,
      description: this.item.costText(listed, now),
      detail: targetLabel(listed.target),
      buttons: [stop],
    }));
    const run = (command: string, listed: ListedSession) => {
      picker.hide();
      vscode.commands.executeCommand(command, { kind: 'session', listed }).then(() => {
        this.lookAgainAt(listed);
      }, undefined);
    };
    picker.onDidAccept(() => {
      const [picked] = picker.selectedItems;
      if (picked !== undefined) run(commands.showDetails, picked.listed);
    });
    picker.onDidTriggerItemButton(({ item }) => {
      run(commands.stopSession, item.listed);
    });
    picker.onDidHide(() => {
      picker.dispose();
    });
    picker.show();
  }

  dispose(): void {
    this.item.dispose();
  }

  /** Own live sessions, from wherever they are known: the view, notebooks, the daily check. */
  private async sessions(): Promise<readonly ListedSession[]> {
    const { inventory, notebooks, myself, clock, log } = this.options;
    const me = myself();
    const listed = inventory.allSessions();
    // By ARN: a notebook may reach the session by another way than the view does.
    const own = new Map(
      listed.filter((one) => ownershipOf(one, me) === 'mine').map((one) => [one.arn, one] as const),
    );
    for (const { target, session, isOwned } of notebooks.notebookSessions()) {
      if (!isOwned) continue;
      try {
        const arn = await this.arnOf({ target, session });
        if (!listed.some((one) => one.arn === arn)) own.set(arn, { target, session, arn });
      } catch (error) {
        log.debug(`a notebook's session is not counted: ${String(error)}`);
      }
    }
    for (const [arn, one] of this.found) {
      // Whoever else knows it knows it better.
      if (own.has(arn)) this.found.delete(arn);
      else own.set(arn, one);
    }
    const live: ListedSession[] = [];
    for (const one of own.values()) {
      const latest = await this.keptUpToDate(one, clock.now());
      if (latest !== undefined && sessionState(latest.session.status).isLive) live.push(latest);
      else this.found.delete(one.arn);
    }
    return live;
  }

  /** One that nobody has looked at for long is looked at, so that the cost of an ended one does not go on growing. */
  private async keptUpToDate(listed: ListedSession, now: number): Promise<ListedSession | undefined> {
    const { arn } = listed;
    const seen = this.seenAt.get(arn);
    const isNews = seen?.listed.session !== listed.session && !this.found.has(arn);
    if (seen === undefined || isNews) {
      this.seenAt.set(arn, { listed, at: now });
      return listed;
    }
    if (now - seen.at < staleMs) return this.found.has(arn) ? seen.listed : listed;
    const looked = (await this.look(listed)) ?? seen.listed;
    this.seenAt.set(arn, { listed: looked, at: now });
    return looked;
  }

  private async arnOf({ target, session }: Pick<ListedSession, 'target' | 'session'>): Promise<string> {
    const api = await this.options.quietApis.of(target);
    if (api === undefined) throw new Error('its keys are not to be had without asking');
    const [{ account }, region] = await Promise.all([api.callerIdentity(), api.region()]);
    return sessionArn(region, account, session.id);
  }

  /** From the service, asking nobody for a code; undefined when that is not to be had now. */
  private async look(listed: ListedSession): Promise<ListedSession | undefined> {
    const { quietApis, inventory, clock, log } = this.options;
    const { target, session } = listed;
    try {
      const api = await quietApis.of(target);
      if (api === undefined) return undefined;
      const now = await lookAnew(api, listed, {
        clock,
        // A rule may choose by them what it stops.
        wantsTags: this.rules().length > 0,
        onUnread: ({ message }) => {
          log.info(`the tags of ${session.id} were not read: ${message}`);
        },
      });
      inventory.noteSession(target, now.session);
      return now;
    } catch (error) {
      // Deleted, or left behind by a profile that leads to another account now: it must not go on being reckoned.
      if (error instanceof AwsCallError && error.code === 'EntityNotFound')
        return { ...listed, session: { ...session, status: 'STOPPED' } };
      log.info(`${session.id} was not looked at: ${String(error)}`);
      return undefined;
    }
  }

  /** What was done to it may have ended it. */
  private lookAgainAt({ arn }: ListedSession): void {
    const seen = this.seenAt.get(arn);
    if (seen !== undefined) this.seenAt.set(arn, { ...seen, at: -Infinity });
  }

  private async stopNow(listed: ListedSession): Promise<void> {
    await this.options.stop([listed]);
    this.lookAgainAt(listed);
  }

  private rules(): readonly ReadStopRule[] {
    const written = readSettings.stopRules();
    try {
      this.badRules = undefined;
      return readStopRules(written);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      if (this.badRules !== error.message) {
        void vscode.window.showWarningMessage(
          vscode.l10n.t(
            'No session is stopped by a rule: {0} (setting glueSessions.stopRules)',
            errorText(error),
          ),
        );
      }
      this.badRules = error.message;
      return [];
    }
  }

  private async warn(warning: ForgottenWarning): Promise<void> {
    const { listed } = warning;
    const stop = vscode.l10n.t('Stop');
    const snooze = vscode.l10n.t('Snooze…');
    const show = vscode.l10n.t('Show');
    const answer = await vscode.window.showWarningMessage(warningText(warning), stop, snooze, show);
    if (answer === stop) await this.stopNow(listed);
    if (answer === show)
      await vscode.commands.executeCommand(commands.showDetails, { kind: 'session', listed });
    if (answer !== snooze) return;
    const until = await askSnooze(this.options.clock.now());
    if (until === undefined) return;
    await this.memory.snooze(listed.arn, until);
    this.watch.resume(listed.arn);
  }

  private async stopByRule(listed: ListedSession, rule: StopRule): Promise<void> {
    const { log } = this.options;
    const id = listed.session.id;
    log.warn(`${id} is stopped by the rule ${JSON.stringify(rule)}`);
    const show = vscode.l10n.t('Show Rules');
    void vscode.window
      .showInformationMessage(
        vscode.l10n.t('Your session {0} is being stopped by your rule: {1}.', id, ruleText(rule)),
        show,
      )
      .then((answer) => {
        if (answer === show)
          void vscode.commands.executeCommand('workbench.action.openSettings', 'glueSessions.stopRules');
      });
    await this.stopNow(listed);
  }
}

function warningText({ listed, stage, cause, dollars, idleMs }: ForgottenWarning): string {
  const { session } = listed;
  const hourly = formatDollars(dollarsPerHour(session, readSettings.pricePerDpuHour()) ?? 0);
  if (cause === 'idle') {
    return vscode.l10n.t(
      'Your session {0} has done nothing for {1} and costs {2} an hour ({3} so far). Is it still needed?',
      session.id,
      formatDuration(idleMs ?? 0),
      hourly,
      formatDollars(dollars),
    );
  }
  return stage === 'before'
    ? vscode.l10n.t(
        'Your session {0} has cost {1} so far and goes on at {2} an hour; your limit is {3}.',
        session.id,
        formatDollars(dollars),
        hourly,
        formatDollars(readSettings.warnDollars()),
      )
    : vscode.l10n.t(
        'Your session {0} has cost {1}, which is over your limit of {2}, and goes on at {3} an hour.',
        session.id,
        formatDollars(dollars),
        formatDollars(readSettings.warnDollars()),
        hourly,
      );
}

function ruleText({ idleHours, dollars, ageHours, filter }: StopRule): string {
  const parts = [
    idleHours === undefined ? undefined : vscode.l10n.t('idle for {0} h', idleHours),
    dollars === undefined ? undefined : vscode.l10n.t('{0} spent', formatDollars(dollars)),
    ageHours === undefined ? undefined : vscode.l10n.t('{0} h old', ageHours),
    filter === undefined || filter === '' ? undefined : filter,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
