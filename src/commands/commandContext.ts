import type * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import type { Myself } from '../glue/ownership';
import type { SessionInventory } from '../glue/sessionInventory';
import type { Approvals } from '../host/approvals';
import type { LocalGlue } from '../host/localGlue';
import type { NotebookAttachment } from '../host/notebookAttachment';
import type { ProfileSource } from '../host/profileSource';
import type { StartMemory } from '../host/startMemory';
import type { StartedSessions } from '../host/startedSessions';
import type { ProjectRules } from '../host/projectRules';
import type { Targets } from '../host/targets';
import type { SessionDetails } from './sessionDetails';

/** What commands work with. */
export interface CommandContext {
  readonly apis: GlueApis;
  /** For what may come from anyone and chooses who calls. */
  readonly approvals: Approvals;
  /** What starts have met. */
  readonly starts: StartMemory;
  readonly clock: Clock;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  /** Rules of the project, for what is about to be started. */
  readonly rules: ProjectRules;
  readonly localGlue: LocalGlue;
  readonly profiles: ProfileSource;
  readonly attachment: NotebookAttachment;
  readonly details: SessionDetails;
  readonly memory: vscode.Memento;
  readonly workspaceMemory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  /** What links to this extension begin with, such as `vscode://publisher.name`. */
  readonly linkBase: string;
  readonly started: StartedSessions;
  /** Sessions of rows selected in the view; a group stands for its own. */
  readonly selectedSessions: () => readonly ListedSession[];
  /** The words that the view is filtered by. */
  readonly viewFilter: () => string;
  /** Whoever acts in this window: tells whose a session is. */
  readonly myself: () => Myself;
}
