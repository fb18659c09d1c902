import * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { Session } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import { ownershipOf, type Myself } from '../glue/ownership';
import type { SessionInventory } from '../glue/sessionInventory';
import { sessionState } from '../glue/sessionStatus';
import type { Target } from '../glue/target';
import type { QuietApis } from '../host/quietApis';
import type { CommandRegistrar } from '../host/registerCommand';
import { reportError } from '../host/reportError';
import { affects, readSettings } from '../host/settings';
import type { Targets } from '../host/targets';
import { commands } from '../manifest';
import type { Forgotten } from './forgotten';

/** Many changes in a moment make one update (milliseconds). */
const settleMs = 400;
/** Costs grow, and sessions idle, while nothing changes (milliseconds). */
const againMs = 60_000;
/** The daily check does not disturb a window that has just opened (milliseconds). */
const quietStartMs = 5 * 60_000;
const checkedKey = 'forgotten.checkedOn';
const checkEveryMs = 20 * 3_600_000;

/** The sessions of the notebooks of this window. */
export interface NotebookSource {
  readonly notebookSessions: () => readonly {
    readonly target: Target;
    readonly session: Session;
    readonly isOwned: boolean;
  }[];
  readonly onDidChangeSessions: vscode.Event<void>;
}

export interface OwnSessionsOptions {
  /** Calls nobody can be asked about: they are made when no one is looking. */
  readonly quietApis: QuietApis;
  readonly clock: Clock;
  readonly inventory: SessionInventory;
  readonly notebooks: NotebookSource;
  readonly targets: Targets;
  readonly myself: () => Myself;
  readonly registrar: CommandRegistrar;
  /** For all windows. */
  readonly memory: vscode.Memento;
  /** Folder that all windows share. */
  readonly folder: string;
  readonly stop: (sessions: readonly ListedSession[]) => Promise<void>;
  readonly log: vscode.LogOutputChannel;
}

/** Watches a person's own sessions; what there is to say of them is loaded with the first one. */
export class OwnSessions implements vscode.Disposable {
  private readonly disposables: readonly { dispose: () => unknown }[];
  private readonly openedAt: number;
  private forgotten: Promise<Forgotten> | undefined;
  private pending: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: OwnSessionsOptions) {
    const { inventory, notebooks, registrar, clock } = options;
    this.openedAt = clock.now();
    const soon = () => {
      this.pending ??= setTimeout(() => {
        this.pending = undefined;
        this.inBackground(this.update());
      }, settleMs);
    };
    const timer = setInterval(soon, againMs);
    registrar.register(commands.showMySessions, async () => (await this.load()).show());
    this.disposables = [
      inventory.onDidChange(soon),
      notebooks.onDidChangeSessions(soon),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (
          affects(change, 'warnDollars', 'warnIdleHours', 'stopRules', 'pricePerDpuHour', 'ownSessionsCost')
        )
          soon();
      }),
      new vscode.Disposable(() => {
        clearInterval(timer);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.pending);
    for (const disposable of this.disposables) disposable.dispose();
    void this.forgotten?.then((forgotten) => {
      forgotten.dispose();
    });
  }

  private async update(): Promise<void> {
    const isDue = this.isCheckDue();
    if (this.forgotten === undefined && !isDue && !this.hasAny()) return;
    const forgotten = await this.load();
    if (isDue) {
      await this.options.memory.update(checkedKey, this.options.clock.now());
      await forgotten.findMore();
    }
    await forgotten.update();
  }

  private hasAny(): boolean {
    const { inventory, notebooks, myself } = this.options;
    const me = myself();
    return (
      notebooks.notebookSessions().some(({ isOwned }) => isOwned) ||
      inventory
        .allSessions()
        .some((listed) => sessionState(listed.session.status).isLive && ownershipOf(listed, me) === 'mine')
    );
  }

  /** Once a day, when the person has added a place, wants it, and has had the window open for a while. */
  private isCheckDue(): boolean {
    const { clock, memory, targets } = this.options;
    const now = clock.now();
    return (
      now - this.openedAt > quietStartMs &&
      readSettings.dailyCheck() &&
      vscode.workspace.isTrusted &&
      targets.added().length > 0 &&
      now - memory.get(checkedKey, 0) > checkEveryMs
    );
  }

  private load(): Promise<Forgotten> {
    this.forgotten ??= import('./forgotten').then(({ Forgotten }) => new Forgotten(this.options));
    return this.forgotten;
  }

  private inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => {
      reportError(this.options.log, 'own sessions', error);
    });
  }
}
