import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { commands } from '../../src/manifest';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../faults/faultyProxy';
import { answering } from './answers';
import { callsOf } from './journal';
import {
  allowed,
  creationRole,
  errorOf,
  openNotebook,
  runCell,
  runCells,
  settings,
  startCells,
  textOf,
  until,
  untilEnded,
} from './notebooks';

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

/** What a person does about keys that end while a statement runs. */
describe('a cell that waits for keys', () => {
  const [configFile, credentialsFile] = [
    process.env.AWS_CONFIG_FILE ?? '',
    process.env.AWS_SHARED_CREDENTIALS_FILE ?? '',
  ];
  const allowedSettings = ['glueSessions.notebook.allowedEndpoints', 'glueSessions.notebook.allowedProfiles'];
  const formerly = new Map<string, unknown>();
  let proxy: FaultyProxy;
  /** The next look at a statement is told that its keys have ended. */
  let isEnding = false;
  let config: string, credentials: string;

  before(async () => {
    proxy = await startFaultyProxy(localGlue(), ({ operation }) => {
      if (!isEnding || operation !== 'GetStatement') return undefined;
      isEnding = false;
      return 'expiredToken';
    });
    const configuration = vscode.workspace.getConfiguration();
    for (const name of allowedSettings) {
      const before = configuration.inspect<string[]>(name)?.globalValue ?? [];
      formerly.set(name, before);
      const own = name.endsWith('Endpoints') ? [proxy.url] : ['coded', 'renewed'];
      await configuration.update(name, [...before, ...own], vscode.ConfigurationTarget.Global);
    }
    [config, credentials] = [readFileSync(configFile, 'utf8'), readFileSync(credentialsFile, 'utf8')];
    const place = `region = us-east-1\nendpoint_url = ${proxy.url}\n`;
    const coded = `role_arn = ${creationRole}\nsource_profile = isbloguser\nmfa_serial = arn:aws:iam::111122223333:mfa/ISBlogUser\n`;
    const keys = /^\[isbloguser\]\n((?:\w+ *=.*\n)+)/m.exec(credentials)?.[1] ?? '';
    assert.notEqual(keys, '');
    writeFileSync(configFile, `${config}\n[profile coded]\n${coded}${place}\n[profile renewed]\n${place}`);
    giveKeys(keys);
  });
  after(async () => {
    writeFileSync(configFile, config);
    writeFileSync(credentialsFile, credentials);
    const configuration = vscode.workspace.getConfiguration();
    for (const [name, value] of formerly)
      await configuration.update(name, value, vscode.ConfigurationTarget.Global);
    await proxy.stop();
  });
  const giveKeys = (keys: string) => {
    writeFileSync(credentialsFile, `${credentials}\n[renewed]\n${keys}`);
  };
  const sent = () => proxy.calls.filter(({ operation }) => operation === 'RunStatement').length;
  const slow = 'import time\ntime.sleep(1)\nprint("wai" + "ted")';

  it('asks again for the code of an MFA device that was not given, and goes on', async () => {
    let code: string | undefined;
    await answering(
      ({ kind }) => (kind === 'input' ? code : undefined),
      async (asked) => {
        const codes = () => asked.filter(({ kind, text }) => kind === 'input' && text === 'MFA code').length;
        const notebook = await openNotebook('%profile coded', settings, 'print("warm")', slow);
        // Escape before anything was sent: the button below the cell runs it again.
        const first = notebook.cellAt(0);
        assert.match(await runCell(notebook, 0), /code of the MFA device was asked for, and none was given/);
        code = '123456';
        const called = untilEnded(first);
        await vscode.commands.executeCommand(commands.runAgain, first);
        await called;
        await runCells(notebook, 1, 3);
        assert.match(textOf(notebook.cellAt(2)), /^warm$/m);
        // Escape while its statement runs: it waits, and the button asks again.
        code = undefined;
        const [before, runs] = [codes(), sent()];
        const cell = notebook.cellAt(3);
        const ended = untilEnded(cell);
        isEnding = true;
        startCells(notebook, 3, 4);
        await until(() => codes() > before);
        code = '654321';
        await again(2, ended, () => vscode.commands.executeCommand(commands.continueStatement, cell));
        assert.match(textOf(cell), /^waited$/m);
        assert.equal(sent(), runs + 1, 'sent once');
      },
    );
  });

  it('goes on by itself once the AWS configuration has keys that hold', async () => {
    const notebook = await openNotebook('%profile renewed', allowed, settings, 'print("warm")', slow);
    await runCells(notebook, 0, 4);
    assert.match(textOf(notebook.cellAt(3)), /^warm$/m);
    const keys = readFileSync(credentialsFile, 'utf8').split('[renewed]\n')[1] ?? '';
    giveKeys('aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wrong\n');
    const identified = () => proxy.calls.filter(({ operation }) => operation === 'STS').length;
    const [before, runs] = [identified(), sent()];
    const cell = notebook.cellAt(4);
    const ended = untilEnded(cell);
    isEnding = true;
    startCells(notebook, 4, 5);
    await until(() => identified() >= before + 2);
    let count = 0;
    await again(5, ended, () => {
      giveKeys(`${keys}written = ${String(count++)}\n`);
    });
    assert.match(textOf(cell), /^waited$/m);
    assert.equal(sent(), runs + 1, 'sent once');
  });
});

/** Does something every so many seconds until that has come. */
async function again(seconds: number, ended: Promise<void>, act: () => unknown): Promise<void> {
  void act();
  const acting = setInterval(act, seconds * 1000);
  await ended.finally(() => {
    clearInterval(acting);
  });
}

/** Address of the Local Glue that this suite runs against. */
function localGlue(): string {
  const text = readFileSync(process.env.AWS_CONFIG_FILE ?? '', 'utf8');
  return /^endpoint_url\s*=\s*(\S+)/m.exec(text)?.[1] ?? '';
}
