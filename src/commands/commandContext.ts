import type * as vscode from 'vscode';
import type { Clock } from '../glue/clock';
import type { GlueApis } from '../glue/glueApi';
import type { ListedSession } from '../glue/listedSession';
import type { SessionInventory } from '../glue/sessionInventory';
import type { LocalGlue } from '../host/localGlue';
import type { NotebookAttachment } from '../host/notebookAttachment';
import type { ProfileSource } from '../host/profileSource';
import type { Targets } from '../host/targets';
import type { SessionDetails } from './sessionDetails';

/** What commands work with. */
export interface CommandContext {
  readonly apis: GlueApis;
  readonly clock: Clock;
  readonly inventory: SessionInventory;
  readonly targets: Targets;
  readonly localGlue: LocalGlue;
  readonly profiles: ProfileSource;
  readonly attachment: NotebookAttachment;
  readonly details: SessionDetails;
  readonly memory: vscode.Memento;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  /** Sessions of rows selected in the view. */
  readonly selectedSessions: () => readonly ListedSession[];
}
