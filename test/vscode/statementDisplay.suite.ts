import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { systemClock } from '../../src/glue/clock';
import type { Session, Statement } from '../../src/glue/glueApi';
import { notebookTypes } from '../../src/manifest';
import { CellStatus } from '../../src/notebook/cellStatus';
import { isWorthANotice } from '../../src/notebook/longCellNotice';
import { outputsOf } from '../../src/notebook/outputs';
import { StatementDisplay } from '../../src/notebook/statementDisplay';
import { WholeTexts } from '../../src/notebook/wholeTexts';
import { textOf, until } from './notebooks';

const session: Session = {
  id: 's1',
  status: 'READY',
  defaultArguments: {},
  connections: [],
  workerType: 'G.1X',
  numberOfWorkers: 2,
};

function statement(state: string, progress: number, text?: string): Statement {
  const output = text === undefined ? {} : { output: { status: 'ok', textPlain: text, traceback: [] } };
  return { id: 0, state, progress, startedOn: 1000, ...output };
}

/** Runs a cell of a kernel made for the test, whose statement the test tells. */
async function withDisplay(
  tell: (display: StatementDisplay, cell: vscode.NotebookCell, status: CellStatus) => Promise<void>,
): Promise<vscode.NotebookCell> {
  const controller = vscode.notebooks.createNotebookController('display', notebookTypes.jupyter, 'Display');
  const data = new vscode.NotebookData([
    new vscode.NotebookCellData(vscode.NotebookCellKind.Code, '1', 'python'),
  ]);
  const notebook = await vscode.workspace.openNotebookDocument(notebookTypes.jupyter, data);
  const cell = notebook.cellAt(0);
  const status = new CellStatus(new WholeTexts());
  const ended = new Promise<void>((resolve, reject) => {
    controller.executeHandler = async () => {
      const execution = controller.createNotebookCellExecution(cell);
      execution.start(Date.now());
      const display = new StatementDisplay({
        cell,
        execution,
        cellStatus: status,
        clock: systemClock,
        started: systemClock.now(),
        session,
        target: { roles: [] },
      });
      await tell(display, cell, status).then(resolve, reject);
      display.dispose();
      execution.end(true, Date.now());
    };
  });
  await vscode.window.showNotebookDocument(notebook);
  await vscode.commands.executeCommand('notebook.selectKernel', {
    id: 'display',
    extension: 'glue-sessions.glue-sessions',
  });
  await vscode.commands.executeCommand('notebook.cell.execute', {
    ranges: [{ start: 0, end: 1 }],
    document: notebook.uri,
  });
  await ended;
  await until(() => cell.executionSummary?.success === true);
  controller.dispose();
  return cell;
}

function notesOf(status: CellStatus, cell: vscode.NotebookCell): readonly string[] {
  return status.provideCellStatusBarItems(cell).map(({ text }) => text);
}

describe('what a statement shows', () => {
  it('is a bar with seconds and words after a moment, and its cost at the end', async () => {
    let after: readonly string[] = [];
    await withDisplay(async (display, cell, status) => {
      display.show(statement('RUNNING', 0.6));
      assert.deepEqual(notesOf(status, cell), [], 'nothing flashes up');
      await until(() => notesOf(status, cell).length > 0);
      assert.match(notesOf(status, cell)[0] ?? '', /^▰▰▰▱▱ 60 % · \d s$/);
      const [item] = status.provideCellStatusBarItems(cell);
      assert.match(item?.accessibilityInformation?.label ?? '', /^60 percent done, running for \d s$/);
      display.show(statement('CANCELLING', 0.6));
      assert.match(notesOf(status, cell)[0] ?? '', /Cancelling/);
      const ended = { ...statement('AVAILABLE', 1, 'x\n'), completedOn: 3300 };
      await display.end(ended, await outputsOf(ended));
      display.dispose();
      after = notesOf(status, cell);
      status.clear(cell);
      assert.deepEqual(notesOf(status, cell), []);
    });
    assert.deepEqual(after, ['2.3 s · $0.0006']);
  });

  it('is its text as it comes, and at the end each output once', async () => {
    const cell = await withDisplay(async (display, shown) => {
      display.show(statement('RUNNING', 0, 'a\n'));
      await until(() => textOf(shown) === 'a\n');
      display.show(statement('RUNNING', 0, 'a\nb\n'));
      await until(() => textOf(shown) === 'a\nb\n');
      const ended = { ...statement('AVAILABLE', 1, 'a\nb\nc\n'), completedOn: 3300 };
      display.show(ended);
      await display.end(ended, await outputsOf(ended));
    });
    assert.equal(textOf(cell), 'a\nb\nc\n');
    assert.equal(cell.outputs.length, 1);
  });

  it('is beginning and end of a long text, and the way to the whole', async () => {
    const long = 'first line\n' + 'x'.repeat(99).concat('\n').repeat(100_000) + 'last line\n';
    const cell = await withDisplay(async (display, shown, status) => {
      const ended = { ...statement('AVAILABLE', 1, long), completedOn: 3300 };
      await display.end(ended, await outputsOf(ended));
      const note = status.provideCellStatusBarItems(shown).at(-1);
      assert.match(note?.text ?? '', /Show whole text \(10\.0 MB\)/);
      await status.wholeTexts.show(shown);
      const { document } = vscode.window.activeTextEditor ?? {};
      assert.equal(document?.getText(), long);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    });
    const text = textOf(cell);
    assert.match(text, /^first line\n[\s\S]*… 9\.9 MB are not shown here[\s\S]*last line\n$/);
    assert.ok(text.length < 200_000);
  });

  it('is told by a notification only when it was long and nobody looked', () => {
    assert.equal(isWorthANotice(61_000, 60, false), true);
    assert.equal(isWorthANotice(61_000, 60, true), false);
    assert.equal(isWorthANotice(59_000, 60, false), false);
    assert.equal(isWorthANotice(61_000, 0, false), false);
  });
});
