import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { commands } from '../../src/manifest';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../faults/faultyProxy';
import { callsOf } from './journal';
import { allowed, errorOf, openNotebook, runCell, runCells, settings, textOf, untilEnded } from './notebooks';

/** Faults that show at once; those that take a time-out are tried without VS Code (test/faults). */
const quick: readonly Fault[] = [
  'answerLost',
  'internalErrorAfter',
  'half',
  'malformed',
  'throttled',
  'expiredToken',
];

describe('cells whose calls meet a fault', () => {
  const allowedEndpoints = 'glueSessions.notebook.allowedEndpoints';
  let proxy: FaultyProxy;
  let formerly: unknown;
  const faulty = new Map<string, Fault>();

  before(async () => {
    proxy = await startFaultyProxy(localGlue(), ({ operation }) => {
      const fault = faulty.get(operation);
      faulty.delete(operation);
      return fault;
    });
    const configuration = vscode.workspace.getConfiguration();
    formerly = configuration.get(allowedEndpoints);
    await configuration.update(allowedEndpoints, [proxy.url], vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    const configuration = vscode.workspace.getConfiguration();
    await configuration.update(allowedEndpoints, formerly, vscode.ConfigurationTarget.Global);
    await proxy.stop();
  });

  it('run once and show their own output', async () => {
    const code = (n: number) => `seen = globals().get('seen', []) + [${String(n)}]\nseen`;
    const notebook = await openNotebook(
      `%endpoint ${proxy.url}`,
      allowed,
      settings,
      ...quick.map((_, n) => code(n)),
    );
    await runCells(notebook, 0, 3);
    for (const [n, fault] of quick.entries()) {
      faulty.set('RunStatement', fault);
      faulty.set('GetStatement', fault);
      const expected = `[${quick
        .slice(0, n + 1)
        .map((_, index) => index)
        .join(', ')}]`;
      assert.ok((await runCell(notebook, 3 + n)).endsWith(`${expected}\n`), fault);
      assert.equal(faulty.size, 0, 'both calls met the fault');
    }
  });

  it('say that the outcome is unknown where it can not be told, and find the output when asked', async () => {
    const notebook = await openNotebook(`%endpoint ${proxy.url}`, allowed, settings, '1', `'found'`);
    await runCells(notebook, 0, 4);
    faulty.set('RunStatement', 'answerLost');
    faulty.set('ListStatements', 'denied');
    const cell = notebook.cellAt(4);
    const sent = callsOf('glue:RunStatement').length;
    await runCell(notebook, 4);
    assert.equal(errorOf(cell)?.name, 'OutcomeUnknownError');
    assert.match(textOf(cell), /not known whether it ran: look for its output, and send it again only if/);
    const ended = untilEnded(cell);
    await vscode.commands.executeCommand(commands.lookAgain, cell);
    await ended;
    assert.equal(textOf(cell), `'found'\n`);
    assert.equal(callsOf('glue:RunStatement').length, sent + 1, 'sent once');
  });
});

/** Address of the Local Glue that this suite runs against. */
function localGlue(): string {
  const text = readFileSync(process.env.AWS_CONFIG_FILE ?? '', 'utf8');
  return /^endpoint_url\s*=\s*(\S+)/m.exec(text)?.[1] ?? '';
}
