import * as assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import { callsOf } from './journal';
import {
  allowed,
  creationRole,
  errorOf,
  mimesOf,
  notebookWithSession,
  openNotebook,
  runCell,
  runCells,
  runtimeRole,
  settings,
  startCells,
  textOf,
  until,
  untilEnded,
} from './notebooks';

describe('cells', () => {
  it('says who is asked, and starts nothing for magics alone', async () => {
    const before = callsOf('glue:CreateSession').length;
    const notebook = await openNotebook(allowed, settings, '%%tags\n{"team": "analytics"}');
    assert.match(
      await runCell(notebook, 0),
      /assumed-role\/GlueSessionCreationRole[\s\S]*444455556666 until /,
    );
    assert.match(await runCell(notebook, 1), /session_vpc/);
    assert.match(await runCell(notebook, 2), /Tags of the session: team=analytics/);
    assert.equal(callsOf('glue:CreateSession').length, before);
  });

  it('explains a denied start, with what can be done about it', async () => {
    const notebook = await openNotebook(allowed, `%iam_role ${runtimeRole}\n%region us-east-1`, '1 + 1');
    await runCells(notebook, 0, 3);
    const text = textOf(notebook.cellAt(2));
    assert.match(text, /glue:CreateSession/);
    assert.match(text, /identity-based policy/);
    assert.match(text, /named no connection/);
    assert.equal(errorOf(notebook.cellAt(2))?.name, 'AccessDenied');
  });

  it('runs code in one session, shows text, tracebacks, SQL and images, and counts', async () => {
    const notebook = await notebookWithSession(
      'x = 20\nprint("out")\nx + 1',
      'def f():\n    return 1 / 0\n\nf()',
      'x * 2',
      'import base64\nprint("a\\x1b[31mred")',
    );
    const before = callsOf('glue:CreateSession').length;
    const first = await runCell(notebook, 2);
    assert.match(first, /out\n21\n/);
    assert.equal(callsOf('glue:CreateSession').length, before + 1);
    await runCell(notebook, 3);
    const error = errorOf(notebook.cellAt(3));
    assert.equal(error?.name, 'ZeroDivisionError');
    assert.match(error.message, /division by zero/);
    const stack = stripVTControlCharacters(error.stack ?? '');
    assert.notEqual(stack, error.stack, 'in colour');
    assert.match(stack, /line 4, in <module>[\s\S]*line 2, in f/);
    assert.doesNotMatch(stack, /execution\.py|session\.py/);
    assert.match(await runCell(notebook, 4), /40/);
    assert.equal(notebook.cellAt(4).executionSummary?.executionOrder, 3);
    assert.ok((await runCell(notebook, 5)).includes('\u001b[31mred'));
    assert.equal(callsOf('glue:CreateSession').length, before + 1, 'one session for all');
    assert.ok(mimesOf(notebook.cellAt(2)).some((mime) => mime.includes('stdout') || mime === 'text/plain'));
  });

  it('runs code over 68,000 characters as one execution, with lines and display as ever', async () => {
    const long = `text = '${'é'.repeat(150_000)}'`;
    const notebook = await notebookWithSession('1', `${long}\nlen(text)`, `${long}\n\n1 / 0`, '2');
    await runCell(notebook, 2);
    const before = callsOf('glue:RunStatement').length;
    assert.equal(await runCell(notebook, 3), '150000\n');
    assert.equal(callsOf('glue:RunStatement').length, before + 4, 'three parts, and what runs them');
    await runCell(notebook, 4);
    const stack = stripVTControlCharacters(errorOf(notebook.cellAt(4))?.stack ?? '');
    assert.match(stack, /line 3, in <module>\n\s+1 \/ 0/);
    await runCell(notebook, 5);
    const orders = [2, 3, 4, 5].map((index) => notebook.cellAt(index).executionSummary?.executionOrder);
    assert.deepEqual(orders, [1, 2, 3, 4]);
  });

  it('stops the cells after one that failed', async () => {
    const notebook = await notebookWithSession('raise ValueError("no")', 'print("never")');
    const before = callsOf('glue:RunStatement').length;
    const failed = untilEnded(notebook.cellAt(2));
    startCells(notebook, 2, 4);
    await failed;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(notebook.cellAt(2).executionSummary?.success, false);
    assert.equal(notebook.cellAt(3).outputs.length, 0);
    assert.equal(callsOf('glue:RunStatement').length, before + 1);
  });

  it('interrupts at the service, drops what waits, and leaves the session usable', async () => {
    const notebook = await notebookWithSession(
      'print("ready")',
      'import time\nwhile True: time.sleep(0.05)',
      'print("queued")',
      'print("after")',
    );
    await runCell(notebook, 2);
    const interrupted = untilEnded(notebook.cellAt(3));
    const before = callsOf('glue:RunStatement').length;
    const cancels = callsOf('glue:CancelStatement').length;
    startCells(notebook, 3, 5);
    await until(() => callsOf('glue:RunStatement').length === before + 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await vscode.commands.executeCommand('notebook.cancelExecution', { document: notebook.uri });
    await interrupted;
    assert.equal(callsOf('glue:CancelStatement').length, cancels + 1);
    assert.equal(errorOf(notebook.cellAt(3))?.name, 'Interrupted');
    assert.equal(notebook.cellAt(4).outputs.length, 0, 'the queued cell did not run');
    assert.match(await runCell(notebook, 5), /after/);
  });

  it('runs in the notebook’s order when cells are run at once', async () => {
    const notebook = await notebookWithSession('seen = []', 'seen.append(1)', 'seen.append(2)', 'seen');
    const ended = untilEnded(notebook.cellAt(5));
    for (let index = 2; index < 6; index++) startCells(notebook, index, index + 1);
    await ended;
    assert.match(textOf(notebook.cellAt(5)), /\[1, 2\]/);
  });

  it('tells in %status the session, its tags, its network and its cost', async () => {
    const notebook = await notebookWithSession('1', '%status', '%list_sessions', '%stop_session');
    await runCell(notebook, 2);
    const status = await runCell(notebook, 3);
    for (const part of [/READY|ready/, /session_vpc/, /vpc-0b10c5e5510000001/, /\$\d/, /owner/]) {
      assert.match(status, part);
    }
    assert.match(await runCell(notebook, 4), /G\.1X/);
    assert.match(await runCell(notebook, 5), /is stopped: it costs nothing more/);
  });

  it('starts a fresh session after %new_session, without what the old one knew', async () => {
    const notebook = await notebookWithSession('kept = 1', '%new_session', 'kept');
    await runCell(notebook, 2);
    const stops = callsOf('glue:StopSession').length;
    await runCell(notebook, 3);
    assert.equal(callsOf('glue:StopSession').length, stops + 1);
    await runCell(notebook, 4);
    assert.equal(errorOf(notebook.cellAt(4))?.name, 'NameError');
  });

  it('attaches to a session by its id, and does not stop it', async () => {
    const first = await notebookWithSession('shared = 42', '%status');
    await runCell(first, 2);
    const id = /[\w-]*-?[0-9a-f]{8}-[0-9a-f-]{27}/.exec(await runCell(first, 3))?.[0];
    assert.ok(id);
    const second = await openNotebook(allowed, `%region us-east-1\n%session_id ${id}`, 'shared');
    await runCells(second, 0, 3);
    assert.match(textOf(second.cellAt(2)), /42/);
  });

  it('runs a role and ARN form that only the official kernel took', async () => {
    const notebook = await openNotebook(
      `%%assume_role\n{ '${creationRole}' }`,
      `# settings\n%iam_role AWSGlueServiceRole-blog\n%region us-east-1\n\n# network\n%connections session_vpc\n%worker_type G.1X # --> worker type\n%number_of_workers 2\nprint(6 * 7)`,
    );
    await runCells(notebook, 0, 2);
    assert.match(textOf(notebook.cellAt(1)), /42/);
  });
});
