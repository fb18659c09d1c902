import * as assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { commands, configurationSection, settings as settingNames } from '../../src/manifest';
import { callsOf } from './journal';
import {
  allowed,
  errorOf,
  glueMetadata,
  notebookWithSession,
  openNotebook,
  runCell,
  runCells,
  settings,
  startCells,
  textOf,
  until,
  untilEnded,
} from './notebooks';
import { inView } from './sessions';

interface SavedNotebook {
  cells: { id: string; source: string; outputs: unknown[] }[];
}

const fileOf = (name: string) => path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', name);

/** A notebook on disk whose cells have ids, opened, with a session that runs; code cells begin at 2. */
async function notebookOnDisk(name: string, ...sources: readonly string[]): Promise<vscode.NotebookDocument> {
  const notebook = {
    cells: [allowed, settings, 'print("warm")', ...sources].map((source, index) => ({
      cell_type: 'code',
      id: `cell-${String(index)}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: glueMetadata,
    nbformat: 4,
    nbformat_minor: 5,
  };
  await writeFile(fileOf(name), JSON.stringify(notebook));
  const opened = await open(name);
  await runCells(opened, 0, 3);
  return opened;
}

/** As a person does: openNotebookDocument would keep the document when its tab is closed. */
async function open(name: string): Promise<vscode.NotebookDocument> {
  const uri = vscode.Uri.file(fileOf(name));
  await vscode.commands.executeCommand('vscode.open', uri);
  const find = () =>
    vscode.window.visibleNotebookEditors.find(({ notebook }) => notebook.uri.toString() === uri.toString());
  await until(() => find() !== undefined);
  return find()!.notebook;
}

/** Closes the tab of the notebook in front, saved. */
async function close(notebook: vscode.NotebookDocument): Promise<void> {
  await vscode.window.showNotebookDocument(notebook);
  if (!notebook.isUntitled) await notebook.save();
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  if (!notebook.isUntitled) await until(() => notebook.isClosed);
}

async function edit(name: string, change: (notebook: SavedNotebook) => void): Promise<void> {
  const notebook = JSON.parse(await readFile(fileOf(name), 'utf8')) as SavedNotebook;
  change(notebook);
  await writeFile(fileOf(name), JSON.stringify(notebook));
}

/** Starts a cell and waits until the service has its statement. */
async function send(notebook: vscode.NotebookDocument, index: number): Promise<void> {
  const before = callsOf('glue:RunStatement').length;
  startCells(notebook, index, index + 1);
  await until(() => callsOf('glue:RunStatement').length === before + 1);
}

/** Takes the offer to show what is recovered, as soon as it is there; gives the text that is shown. */
async function recoveredText(): Promise<string> {
  const shown = () =>
    vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'glue-recovered');
  for (let turn = 0; shown() === undefined; turn++) {
    if (turn > 200) throw new Error('nothing recovered was offered');
    await vscode.commands.executeCommand('notifications.focusFirstToast');
    await vscode.commands.executeCommand('notification.acceptPrimaryAction');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return shown()!.document.getText();
}

/** Lets what is {@link held} come to its end. However long a window takes to close, it is not over before. */
const letGoFile = path.join(tmpdir(), `glue-sessions-let-go-${randomUUID()}`);
const held = [
  'import os, time',
  `while not os.path.exists(${JSON.stringify(letGoFile)}): time.sleep(0.1)`,
  'print("be" + "gone")',
].join('\n');
const letGo = () => writeFile(letGoFile, '');

describe('nothing is lost', () => {
  afterEach(() => rm(letGoFile, { force: true }));

  it('when a notebook is closed while a cell runs: its output comes when it is opened again', async () => {
    const notebook = await notebookOnDisk('closed.ipynb', held);
    await send(notebook, 3);
    const before = callsOf('glue:RunStatement').length;
    await close(notebook);
    await letGo();
    const again = await open('closed.ipynb');
    await until(() => textOf(again.cellAt(3)).includes('begone'));
    assert.equal(again.cellAt(3).executionSummary?.success, true);
    assert.equal(callsOf('glue:RunStatement').length, before, 'it was not sent again');
  });

  it('when the cell is edited meanwhile: its output says that it is of an earlier version', async () => {
    const notebook = await notebookOnDisk('edited.ipynb', held, 'print("other")');
    await send(notebook, 3);
    await close(notebook);
    await edit('edited.ipynb', ({ cells }) => {
      cells.splice(0, 1);
      cells[2]!.source = 'print("edited")';
    });
    await letGo();
    const again = await open('edited.ipynb');
    await until(() => textOf(again.cellAt(2)).includes('begone'));
    assert.match(textOf(again.cellAt(2)), /earlier version[\s\S]*begone/);
    assert.equal(again.cellAt(3).outputs.length, 0);
  });

  it('when the cell is deleted meanwhile: its output goes to no other cell', async () => {
    const notebook = await notebookOnDisk('deleted.ipynb', held, held);
    await send(notebook, 3);
    await close(notebook);
    await edit('deleted.ipynb', ({ cells }) => cells.splice(3, 1));
    await letGo();
    const looks = callsOf('glue:ListStatements').length;
    const again = await open('deleted.ipynb');
    await until(() => callsOf('glue:ListStatements').length > looks);
    const text = await recoveredText();
    assert.equal(again.cellAt(3).outputs.length, 0);
    assert.match(text, /deleted\.ipynb, session [\w-]+, statement \d+/);
    assert.match(text, /^> import os, time$/m, 'the code that gave it');
    assert.match(text, /^begone$/m);
    assert.doesNotMatch(text, /glue-sessions:|__glue/, 'nothing of ours');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('when a cell that can’t be interrupted is given back: a later look gets its output', async () => {
    const stubborn = [
      'import time',
      'end = time.time() + 6',
      'while time.time() < end:',
      '    try:',
      '        time.sleep(0.1)',
      '    except KeyboardInterrupt:',
      '        pass',
      'print("fin" + "ished")',
    ].join('\n');
    const notebook = await notebookWithSession('print("warm")', stubborn);
    await runCell(notebook, 2);
    const cell = notebook.cellAt(3);
    const ended = untilEnded(cell);
    await send(notebook, 3);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await vscode.commands.executeCommand('notebook.cancelExecution', { document: notebook.uri });
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(cell.executionSummary?.timing?.endTime, undefined, 'the first interrupt waits for the end');
    await vscode.commands.executeCommand('notebook.cancelExecution', { document: notebook.uri });
    await ended;
    assert.match(textOf(cell), /may still run/);
    const before = callsOf('glue:RunStatement').length;
    await vscode.commands.executeCommand(commands.lookAgain, cell);
    await until(() => /finished|cancelled/.test(textOf(cell)));
    assert.equal(callsOf('glue:RunStatement').length, before);
  });
});

describe('a session that ended', () => {
  it('is told with its reason while a cell waits, and one action starts an equal one', async () => {
    const notebook = await notebookOnDisk('ended.ipynb', 'kept = 1', held, 'print("k" + "ept")', '%status');
    await runCell(notebook, 3);
    const first = sessionIn(textOf(notebook.cellAt(2)));
    const other = await openNotebook(allowed, `%region us-east-1\n%session_id ${first}`, '%stop_session');
    await runCells(other, 0, 2);
    await vscode.window.showNotebookDocument(notebook);
    const ended = untilEnded(notebook.cellAt(4));
    await send(notebook, 4);
    await runCell(other, 2);
    await ended;
    const error = errorOf(notebook.cellAt(4));
    assert.equal(error?.name, 'SessionEndedError');
    assert.match(error.message, new RegExp(`${first} was stopped.*variables.*lost`));
    const creates = callsOf('glue:CreateSession').length;
    await vscode.commands.executeCommand(commands.startEqualSession, notebook.cellAt(4));
    assert.equal(callsOf('glue:CreateSession').length, creates + 1);
    assert.match(await runCell(notebook, 5), /kept/);
    const status = await runCell(notebook, 6);
    assert.doesNotMatch(status, new RegExp(first));
    assert.match(status, /session_vpc/);
    assert.equal(callsOf('glue:CreateSession').length, creates + 1);
  });
});

describe('a session that several notebooks share', () => {
  const onClose = (value: string | undefined) =>
    vscode.workspace
      .getConfiguration(configurationSection)
      .update(settingNames.sessionsOnClose, value, vscode.ConfigurationTarget.Global);
  before(() => onClose('stop'));
  after(() => onClose('keep'));

  it('lives until the last of them is closed', async () => {
    const first = await notebookOnDisk('first.ipynb', 'shared = 41');
    await runCell(first, 3);
    const id = sessionIn(textOf(first.cellAt(2)));
    const second = await openNotebook(allowed, `%region us-east-1\n%session_id ${id}`, 'shared + 1');
    await runCells(second, 0, 3);
    assert.match(textOf(second.cellAt(2)), /42/);
    const stops = callsOf('glue:StopSession').length;
    await close(first);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.equal(callsOf('glue:StopSession').length, stops, 'the other one still uses it');
    await close(second);
    await until(() => callsOf('glue:StopSession').length > stops);
  });

  it('is attached to from a row of the view and from a picker, left alone when those notebooks are closed, and by one that detached', async () => {
    const detached = await notebookOnDisk('detached.ipynb');
    await vscode.commands.executeCommand(commands.detachNotebook);
    const first = await notebookOnDisk('owner.ipynb', 'shared = 41');
    await runCell(first, 3);
    const id = sessionIn(textOf(first.cellAt(2)));
    const second = await openNotebook('shared + 1');
    const target = { profile: 'session-creator', roles: [] };
    const listed = { target, session: { id, status: 'READY', defaultArguments: {}, connections: [] } };
    await vscode.commands.executeCommand(commands.attachNotebook, { kind: 'session', listed });
    assert.match(await runCell(second, 0), /42/);
    const third = await openNotebook('shared + 2');
    await inView(() => choosing(id, () => vscode.commands.executeCommand(commands.attachNotebook)));
    assert.match(await runCell(third, 0), /43/);
    const stops = callsOf('glue:StopSession').length;
    for (const notebook of [third, second, detached]) await close(notebook);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.equal(callsOf('glue:StopSession').length, stops);
    await close(first);
    await until(() => callsOf('glue:StopSession').length > stops);
  });

  it('stays with a notebook that is renamed', async () => {
    const notebook = await notebookOnDisk('before.ipynb', 'kept = 41', 'kept + 1');
    await runCell(notebook, 3);
    await notebook.save();
    const stops = callsOf('glue:StopSession').length;
    const edits = new vscode.WorkspaceEdit();
    edits.renameFile(vscode.Uri.file(fileOf('before.ipynb')), vscode.Uri.file(fileOf('after.ipynb')));
    assert.equal(await vscode.workspace.applyEdit(edits), true);
    const renamed = await open('after.ipynb');
    await new Promise((resolve) => setTimeout(resolve, 3500));
    assert.match(await runCell(renamed, 4), /42/);
    assert.equal(callsOf('glue:StopSession').length, stops);
    await close(renamed);
    await until(() => callsOf('glue:StopSession').length > stops);
  });

  it('stays with a notebook that is renamed outside VS Code', async () => {
    const notebook = await notebookOnDisk('inside.ipynb', 'kept = 41', 'kept + 1');
    await runCell(notebook, 3);
    await notebook.save();
    const starts = callsOf('glue:CreateSession').length;
    // A checkout brings others along, which say something else.
    const other = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };
    await writeFile(fileOf('other.ipynb'), JSON.stringify(other));
    await rename(fileOf('inside.ipynb'), fileOf('outside.ipynb'));
    // Two seconds lie between what happens to a folder and what is taken for it.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const renamed = await open('outside.ipynb');
    assert.match(await runCell(renamed, 4), /42/);
    assert.equal(callsOf('glue:CreateSession').length, starts);
  });
});

/** Chooses the item of a list that names this, as soon as one is shown. */
async function choosing(text: string, work: () => Thenable<unknown>): Promise<void> {
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = window.showQuickPick;
  const shown: string[] = [];
  window.showQuickPick = async (
    given: readonly vscode.QuickPickItem[] | PromiseLike<readonly vscode.QuickPickItem[]>,
  ) => {
    const items = await given;
    shown.push(...items.map(({ label }) => label));
    return items.find(({ label }) => label.includes(text));
  };
  try {
    await work();
    assert.ok(
      shown.some((label) => label.includes(text)),
      shown.join(),
    );
  } finally {
    window.showQuickPick = before;
  }
}

function sessionIn(text: string): string {
  const id = /[\w-]*[0-9a-f]{8}-[0-9a-f-]{27}/.exec(text)?.[0];
  assert.ok(id, text);
  return id;
}
