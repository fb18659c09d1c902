import * as vscode from 'vscode';
import type { SessionInventory } from '../glue/sessionInventory';
import type { CommandRegistrar } from '../host/registerCommand';
import type { StartMemory } from '../host/startMemory';
import { commands } from '../manifest';
import type { DeniedCell } from './deniedCell';
import type { EndedSession } from './cellErrors';
import type { NotebookSessions } from './notebookSessions';
import { sayNoNotebook } from './sayNoNotebook';
import type { SessionActions } from './sessionActions';
import type { SignIn } from './signIn';
import type { WholeTexts } from './wholeTexts';

export interface CellActionsOptions {
  readonly sessions: NotebookSessions;
  readonly sessionActions: () => Promise<SessionActions>;
  readonly signIn: SignIn;
  readonly wholeTexts: WholeTexts;
  readonly inventory: SessionInventory;
  readonly starts: StartMemory;
  readonly lookAgain: (cell: vscode.NotebookCell) => Promise<void>;
  readonly log: vscode.LogOutputChannel;
}

/** What the buttons below a cell do. */
export class CellActions {
  private readonly denied = new WeakMap<vscode.NotebookCell, DeniedCell>();
  private readonly ended = new WeakMap<vscode.NotebookCell, EndedSession>();

  constructor(private readonly options: CellActionsOptions) {}

  register(registrar: CommandRegistrar): void {
    const on = (id: string, run: (cell: vscode.NotebookCell) => Promise<unknown>) => {
      registrar.register(id, (argument) => {
        const cell = cellOf(argument);
        return cell === undefined ? sayNoNotebook() : run(cell);
      });
    };
    on(commands.chooseConnection, (cell) => this.chooseConnection(cell));
    on(commands.chooseTag, (cell) => this.chooseTag(cell));
    on(commands.chooseRole, (cell) => this.chooseRole(cell));
    on(commands.copyDenial, (cell) => this.copyDenial(cell));
    on(commands.lookAgain, this.options.lookAgain);
    on(commands.runAgain, (cell) => run([cell]));
    on(commands.continueStatement, (cell) => this.options.signIn.continue(cell));
    on(commands.showWholeText, (cell) => this.options.wholeTexts.show(cell));
    on(commands.startEqualSession, (cell) => this.startEqual(cell));
  }

  noteDenied(denied: DeniedCell): void {
    this.denied.set(denied.cell, denied);
  }

  noteEnded(cell: vscode.NotebookCell, ended: EndedSession): void {
    this.ended.set(cell, ended);
  }

  private async chooseConnection(cell: vscode.NotebookCell): Promise<void> {
    const session = this.options.sessions.get(cell.notebook);
    if (session === undefined) return sayNoNotebook();
    const { inventory, starts, log } = this.options;
    const known = inventory.snapshot(session.target).sessions;
    const { chooseConnection } = await import('./deniedCell');
    await run(await chooseConnection(cell, session, known, starts, log));
  }

  private async chooseTag(cell: vscode.NotebookCell): Promise<void> {
    const denied = this.denied.get(cell);
    if (denied !== undefined) await run(await (await import('./deniedCell')).chooseTag(denied));
  }

  private async chooseRole(cell: vscode.NotebookCell): Promise<void> {
    const denied = this.denied.get(cell);
    if (denied !== undefined) await run(await (await import('./deniedCell')).chooseRole(denied));
  }

  private async copyDenial(cell: vscode.NotebookCell): Promise<void> {
    const denied = this.denied.get(cell);
    if (denied === undefined) return;
    await vscode.env.clipboard.writeText(denied.details);
    vscode.window.setStatusBarMessage(vscode.l10n.t('The details are on the clipboard.'), 4000);
  }

  private async startEqual(cell: vscode.NotebookCell): Promise<void> {
    const session = this.options.sessions.get(cell.notebook);
    const ended = this.ended.get(cell);
    if (session === undefined || ended === undefined) return sayNoNotebook();
    await (await this.options.sessionActions()).startEqual(session, ended);
  }
}

/** @param cells undefined: nothing was chosen */
async function run(cells: readonly vscode.NotebookCell[] | undefined): Promise<void> {
  if (cells === undefined) return;
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: cells.map(({ index }) => ({ start: index, end: index + 1 })),
    document: cells[0]?.notebook.uri,
  });
}

/** The cell a command was run on: handed over by a button, else the selected one. */
function cellOf(argument: unknown): vscode.NotebookCell | undefined {
  const editor = vscode.window.activeNotebookEditor;
  const isCell =
    typeof argument === 'object' && argument !== null && 'notebook' in argument && 'document' in argument;
  if (isCell) return argument as vscode.NotebookCell;
  return editor?.notebook.getCells()[editor.selection.start];
}
