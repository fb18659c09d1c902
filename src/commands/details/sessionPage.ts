import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { previewAction } from '../../glue/actionPreview';
import { checkPlace } from '../../glue/checkPlace';
import type { Clock } from '../../glue/clock';
import { InvalidInputError } from '../../glue/errors';
import type { CallerIdentity, GlueApi, GlueApis, Tags } from '../../glue/glueApi';
import { tagKeysOf } from '../../glue/grouping';
import { ownerOf, sessionKey, type ListedSession } from '../../glue/listedSession';
import { ownershipOf, type Myself } from '../../glue/ownership';
import type { PageAction } from '../../glue/pageMessage';
import { loading, partOf, type Part } from '../../glue/part';
import { patiently } from '../../glue/patience';
import type { SessionInventory } from '../../glue/sessionInventory';
import { readNetwork, type NetworkLink } from '../../glue/sessionNetwork';
import { sessionState } from '../../glue/sessionStatus';
import { personsCode, StatementPages } from '../../glue/statementPages';
import { applyTagEdit, isEmptyEdit, planTagChange } from '../../glue/tagChanges';
import { changeable, postedRows, readRows } from '../../glue/tagRows';
import { diffTags, formatTagList } from '../../glue/tags';
import { targetKey } from '../../glue/target';
import { Page } from '../../host/page';
import { errorText } from '../../host/reportError';
import { readSettings } from '../../host/settings';
import { targetLabel } from '../../host/targets';
import { commands, pages } from '../../manifest';
import { confirmOthers } from '../confirmAction';
import { copyCode, type CodeForm } from '../copyAsCode';
import type { Notice, PageFacts, TagDraft } from './pageContent';
import { renderSession } from './renderSession';
import { saveSystemLogs } from './systemLogs';

/** While the page is seen and the session lives, it is read again so often: while statements run, and else (milliseconds). */
const lookAgainMs = { working: 3000, idle: 15_000 };

/** What takes longer can be cancelled (milliseconds). */
const slowMs = 1000;

export interface PageSurroundings {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly inventory: SessionInventory;
  readonly myself: () => Myself;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
}

/** Where a page is shown. */
export interface PagePlace {
  /** One that VS Code restored, in place of a new one. */
  readonly panel?: vscode.WebviewPanel;
  /** The focus stays where it is, in the view. */
  readonly keepsFocus: boolean;
}

/** The page of one session, kept up to date while a person sees it. */
export class SessionPage implements vscode.Disposable {
  private readonly page: Page;
  private readonly api: GlueApi;
  private readonly ending = new AbortController();
  private readonly subscriptions: { dispose: () => unknown }[];
  private listed: ListedSession;
  private identity: CallerIdentity | undefined;
  private tags: Part<Tags> = loading;
  private draft: TagDraft | undefined;
  private formNumber = 0;
  private saved: Notice | undefined;
  private network: Part<readonly NetworkLink[]> = loading;
  private statements: Part<StatementPages> = loading;
  private asked: Notice | undefined;
  /** While all is read anew, because the page was opened or a person asked. */
  private reading: AbortController | undefined;
  private isSlow = false;
  private trouble: unknown;
  private pending: ReturnType<typeof setTimeout> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly surroundings: PageSurroundings,
    listed: ListedSession,
    { panel, keepsFocus }: PagePlace,
  ) {
    this.listed = listed;
    const { apis, extensionUri, inventory, log } = surroundings;
    this.api = apis.of(listed.target);
    if (listed.tags !== undefined) this.tags = { state: 'ready', value: listed.tags };
    this.page = new Page(
      {
        type: pages.session,
        title: listed.session.id,
        extensionUri,
        log,
        state: { target: targetKey(listed.target), id: listed.session.id, arn: listed.arn },
        render: () => renderSession(this.facts()),
        onAction: (action) => this.act(action),
        keepsFocus,
      },
      panel,
    );
    this.subscriptions = [
      this.page,
      inventory.onDidChange(() => {
        this.follow();
      }),
      this.page.onDidChangeVisibility(() => {
        if (this.page.isVisible) this.lookAgain();
      }),
      vscode.workspace.onDidChangeConfiguration(() => {
        this.show();
      }),
      new vscode.Disposable(() => {
        this.ending.abort(new vscode.CancellationError());
        clearTimeout(this.pending);
        clearTimeout(this.timer);
      }),
    ];
    this.page.onDidDispose(() => {
      this.dispose();
    });
    void this.readAll();
  }

  get onDidDispose(): vscode.Event<void> {
    return this.page.onDidDispose;
  }

  reveal(keepsFocus: boolean): void {
    this.page.reveal(keepsFocus);
  }

  dispose(): void {
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose();
  }

  private facts(): PageFacts {
    const { listed, identity, tags, draft, formNumber, saved, network, statements, asked, trouble, isSlow } =
      this;
    const { clock, inventory } = this.surroundings;
    return {
      ...{ listed, identity, tags, draft, formNumber, saved, network, statements, asked, trouble, isSlow },
      targetName: targetLabel(listed.target),
      tagKeys: tagKeysOf(inventory.allSessions()),
      pricePerDpuHour: readSettings.pricePerDpuHour(),
      now: clock.now(),
    };
  }

  /** Reads each part by itself and shows it when it is there; what was being read before is not waited for any more. */
  private async readAll(): Promise<void> {
    this.reading?.abort(new vscode.CancellationError());
    const reading = new AbortController();
    this.reading = reading;
    const slow = setTimeout(() => {
      this.isSlow = true;
      this.show();
    }, slowMs);
    this.show();
    try {
      await this.readParts(
        AbortSignal.any([this.ending.signal, reading.signal]),
        () => this.reading === reading,
      );
    } finally {
      clearTimeout(slow);
      if (this.reading === reading) {
        this.reading = undefined;
        this.isSlow = false;
        this.show();
        if (!reading.signal.aborted) this.plan();
      }
    }
  }

  /** @param isWanted whether nobody has begun to read anew meanwhile */
  private async readParts(signal: AbortSignal, isWanted: () => boolean): Promise<void> {
    const take = async <T>(reading: Promise<T>, keep: (read: Part<T>) => void) => {
      const read = await partOf(reading);
      if (!isWanted() || signal.aborted) return;
      keep(read);
      this.show();
    };
    if (await this.readSession(signal)) {
      const { session, arn } = this.listed;
      const statements = new StatementPages(this.api, session.id, this.surroundings.clock);
      await Promise.all([
        take(
          this.patient(() => this.api.getTags(arn, signal), signal),
          (tags) => {
            this.tags = tags;
            if (tags.state === 'ready') this.note(tags.value);
          },
        ),
        take(readNetwork(this.api, session.connections, signal), (network) => {
          this.network = network;
        }),
        take(statements.more(signal), (read) => {
          this.statements = read.state === 'ready' ? { state: 'ready', value: statements } : read;
        }),
      ]);
    }
    if (!isWanted()) return;
    this.failWaiting(
      signal.aborted
        ? new Error(vscode.l10n.t('This was not read: you cancelled it. "Refresh" reads it again.'))
        : this.trouble,
    );
  }

  /** What has not come fails with what it waited for. */
  private failWaiting(error: unknown): void {
    const failed = { state: 'failed', error } as const;
    if (this.tags.state === 'loading') this.tags = failed;
    if (this.network.state === 'loading') this.network = failed;
    if (this.statements.state === 'loading') this.statements = failed;
    this.show();
  }

  /** Reads the session again. @returns false when it is not to be had, or the place leads to another account now */
  private async readSession(signal: AbortSignal): Promise<boolean> {
    try {
      this.identity = await this.api.callerIdentity(signal);
      await checkPlace(this.api, this.listed.arn, signal);
      const session = await this.patient(() => this.api.getSession(this.listed.session.id, signal), signal);
      this.listed = { ...this.listed, session };
      this.trouble = undefined;
      this.note();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.trouble = error;
      return false;
    } finally {
      this.show();
    }
  }

  private patient<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return patiently(read, {
      clock: this.surroundings.clock,
      signal,
      onlyThrottles: true,
    });
  }

  private note(tags?: Tags): void {
    this.surroundings.inventory.noteSession(this.listed.target, this.listed.session, tags);
  }

  /** Takes over what others have learned of the session. */
  private follow(): void {
    const key = sessionKey(this.listed);
    const latest = this.surroundings.inventory
      .snapshot(this.listed.target)
      .sessions.find((other) => sessionKey(other) === key);
    if (latest === undefined || latest === this.listed) return;
    this.listed = latest;
    // The inventory takes tags that may not be read for none.
    if (latest.tags !== undefined && this.tags.state !== 'failed') {
      const isAsSaved = this.tags.state === 'ready' && isDeepStrictEqual(this.tags.value, latest.tags);
      if (!isAsSaved) this.saved = undefined;
      this.tags = { state: 'ready', value: latest.tags };
    }
    this.show();
    this.plan();
  }

  /** Many changes in a moment make one update. */
  private show(): void {
    if (this.ending.signal.aborted) return;
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.page.update();
    }, 50);
  }

  private plan(): void {
    clearTimeout(this.timer);
    const { isLive } = sessionState(this.listed.session.status);
    if (!isLive || this.ending.signal.aborted || this.statements.state === 'loading') return;
    const isWorking = this.statements.state === 'ready' && this.statements.value.isAnyUnderway;
    this.timer = setTimeout(
      () => {
        if (this.page.isVisible) this.lookAgain();
      },
      isWorking ? lookAgainMs.working : lookAgainMs.idle,
    );
  }

  private lookAgain(): void {
    clearTimeout(this.timer);
    void this.readChanges().finally(() => {
      this.plan();
    });
  }

  private async readChanges(): Promise<void> {
    if (this.statements.state === 'loading' || !(await this.readSession(this.ending.signal))) return;
    await this.readStatements((statements) => statements.refresh(this.ending.signal));
  }

  /** A failure takes the place of the statements until the next look succeeds. */
  private async readStatements(read: (statements: StatementPages) => Promise<void>): Promise<void> {
    const statements =
      this.statements.state === 'ready'
        ? this.statements.value
        : new StatementPages(this.api, this.listed.session.id, this.surroundings.clock);
    const result = await partOf(read(statements));
    this.statements = result.state === 'ready' ? { state: 'ready', value: statements } : result;
    this.show();
  }

  private async act({ action, value, fields }: PageAction): Promise<unknown> {
    const node = { kind: 'session', listed: this.listed };
    switch (action) {
      case 'refresh':
        return this.readAll();
      case 'cancelReading':
        this.reading?.abort(new vscode.CancellationError());
        return undefined;
      case 'stop':
        return vscode.commands.executeCommand(commands.stopSession, node);
      case 'openNotebook':
        return vscode.commands.executeCommand(commands.openNotebook, node);
      case 'copyId':
        return vscode.commands.executeCommand(commands.copyId, node);
      case 'copyArn':
        return vscode.commands.executeCommand(commands.copyArn, node);
      case 'copyCode':
        return copyCode(this.surroundings, this.listed, value as CodeForm);
      case 'saveTags':
        return this.saveTags(fields);
      case 'removeTag':
        this.keepDraft(
          postedRows(fields).filter(({ id }) => id !== value),
          new Map(),
        );
        this.show();
        return undefined;
      case 'resetTags':
        this.beginForm();
        this.saved = undefined;
        this.show();
        return undefined;
      case 'moreStatements':
        return this.readStatements((statements) => statements.more(this.ending.signal));
      case 'cancelStatement':
        return this.cancelStatement(Number(value));
      case 'openCode':
        return this.openCode(Number(value));
      case 'sparkUi':
        return vscode.commands.executeCommand(commands.openSparkUi, node);
      case 'systemLogs':
        return this.saveSystemLogs();
      default:
        return undefined;
    }
  }

  private async saveTags(fields: PageAction['fields']): Promise<void> {
    const rows = postedRows(fields);
    const read = readRows(rows);
    this.saved = undefined;
    if (read.problems !== undefined) {
      this.keepDraft(rows, read.problems);
      this.saved = { text: vscode.l10n.t('Nothing was saved: see the marked rows.'), isProblem: true };
      this.show();
      return;
    }
    const { arn } = this.listed;
    const before = this.tags.state === 'ready' ? this.tags.value : {};
    const { begunOn } = this.keepDraft(rows, new Map());
    // What others have changed since the rows were begun stays.
    const change = planTagChange(before, diffTags(changeable(begunOn), read.tags));
    if (!isEmptyEdit(change.edit) && !(await this.mayTag())) return;
    try {
      if (change.problem !== undefined) throw new InvalidInputError(change.problem);
      await applyTagEdit(this.api, arn, change, {
        clock: this.surroundings.clock,
        signal: this.ending.signal,
        onApplied: () => undefined,
      });
      this.tags = { state: 'ready', value: change.after };
      this.beginForm();
      this.saved = {
        text: vscode.l10n.t('Saved: {0}', formatTagList(change.after) || vscode.l10n.t('no tags')),
        isProblem: false,
      };
      this.note(change.after);
    } catch (error) {
      // One of the two calls may have been carried out.
      const now = await partOf(this.api.getTags(arn, this.ending.signal));
      if (now.state === 'ready') this.tags = now;
      this.saved = {
        text: vscode.l10n.t(
          'Not saved: {0} The session has now: {1}',
          errorText(error),
          now.state === 'ready' ? formatTagList(now.value) || vscode.l10n.t('no tags') : '?',
        ),
        isProblem: true,
      };
    }
    this.show();
  }

  /** Somebody else's session is asked about once more. */
  private async mayTag(): Promise<boolean> {
    const known = this.tags.state === 'ready' ? { ...this.listed, tags: this.tags.value } : this.listed;
    const preview = previewAction('tag', [known], this.surroundings.myself(), readSettings.pricePerDpuHour());
    return (await confirmOthers(preview, { verb: vscode.l10n.t('Change') })) !== undefined;
  }

  private keepDraft(rows: TagDraft['rows'], problems: TagDraft['problems']): TagDraft {
    const begunOn = this.draft?.begunOn ?? (this.tags.state === 'ready' ? this.tags.value : {});
    return (this.draft = { rows, problems, begunOn });
  }

  private beginForm(): void {
    this.draft = undefined;
    this.formNumber += 1;
  }

  private async cancelStatement(id: number): Promise<void> {
    if (!Number.isInteger(id)) return;
    const cancel = vscode.l10n.t('Cancel Statement');
    const { listed } = this;
    const isMine = ownershipOf(listed, this.surroundings.myself()) === 'mine';
    const owner = ownerOf(listed) ?? vscode.l10n.t('unknown');
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Cancel statement {0} of {1}?', id, this.listed.session.id),
      {
        modal: true,
        detail: [
          ...(isMine ? [] : [vscode.l10n.t('The session is not yours: its owner is {0}.', owner)]),
          vscode.l10n.t('What it has done so far is lost, if it has not written it.'),
        ].join('\n'),
      },
      cancel,
    );
    if (answer !== cancel) return;
    await checkPlace(this.api, this.listed.arn, this.ending.signal);
    await this.api.cancelStatement(this.listed.session.id, id, this.ending.signal);
    await this.readStatements((statements) => statements.refresh(this.ending.signal));
    this.plan();
  }

  private async openCode(id: number): Promise<void> {
    if (this.statements.state !== 'ready') return;
    const { code } = this.statements.value.statements.find((statement) => statement.id === id) ?? {};
    if (code === undefined) return;
    const language =
      this.listed.session.defaultArguments['--session-language'] === 'scala' ? 'scala' : 'python';
    const document = await vscode.workspace.openTextDocument({ content: personsCode(code), language });
    await vscode.window.showTextDocument(document, { preview: true });
  }

  private async saveSystemLogs(): Promise<void> {
    this.asked = undefined;
    this.show();
    this.asked = await saveSystemLogs(this.api, this.listed.session.id, this.ending.signal);
    this.show();
  }
}
