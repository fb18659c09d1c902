import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/manifest';
import { callsOf, journal } from './journal';
import { allowed, openNotebook, runCell, runCells, runtimeRole, settings, textOf } from './notebooks';

/** A cell that can't be meant, and what is said of it. */
const refusals: readonly (readonly [name: string, cell: string, message: RegExp])[] = [
  ['a tag body that is a list', '%%tags\n["team"]', /tags.*(?:object|dict|pairs)/i],
  ['a tag body that is a number', '%%tags\n7', /tags/i],
  ['a nested tag body', '%%tags\n{"team": {"a": 1}}', /team/],
  ['a broken tag body', "%%tags\n{'team': ", /tags/i],
  [
    'more than 50 tags',
    `%%tags\n${JSON.stringify(Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${String(n)}`, 'v'])))}`,
    /50/,
  ],
  ['a tag key that is too long', `%%tags\n{"${'k'.repeat(129)}": "v"}`, /128/],
  ['a tag key of AWS', '%%tags\n{"aws:team": "v"}', /aws:/],
  ['a role ARN with a typo', '%%assume_role\narn:aws:iam::44445555666:role/X', /44445555666/],
  ['an unknown magic', '%idel_timeout 5', /idle_timeout/],
  ['a number that is none', '%number_of_workers many', /many/],
  ['a worker type that is none', '%worker_type G.9X', /G\.9X/],
  ['a runtime role that is none', '%iam_role arn:aws:iam::x:role/y', /arn:aws:iam::x:role\/y/],
];

describe('bad input', () => {
  for (const [name, source, message] of refusals) {
    it(`refuses ${name}, and nothing is sent`, async () => {
      const notebook = await openNotebook(source);
      const before = journal().length;
      assert.match(await runCell(notebook, 0), message);
      assert.equal(notebook.cellAt(0).executionSummary?.success, false);
      assert.equal(journal().length, before);
    });
  }

  it('runs a cell of comments alone without a session', async () => {
    const notebook = await openNotebook('# nothing here\n\n# nor here');
    const before = journal().length;
    assert.equal(await runCell(notebook, 0), '');
    assert.equal(notebook.cellAt(0).executionSummary?.success, true);
    assert.equal(journal().length, before);
  });

  it('refuses an unknown connection by name, with those there are, and starts nothing', async () => {
    const notebook = await openNotebook(allowed, settings.replace('session_vpc', 'sesion_vpc'), '1');
    const before = callsOf('glue:CreateSession').length;
    await runCells(notebook, 0, 3);
    assert.match(textOf(notebook.cellAt(2)), /no connection "sesion_vpc" in us-east-1.*session_vpc/);
    assert.equal(callsOf('glue:CreateSession').length, before);
  });

  it('says in which Region a connection of another Region is, and starts nothing', async () => {
    const notebook = await openNotebook(allowed, settings.replace('us-east-1', 'eu-west-2'), '1');
    const before = callsOf('glue:CreateSession').length;
    await runCells(notebook, 0, 3);
    assert.match(
      textOf(notebook.cellAt(2)),
      /"session_vpc" is in us-east-1, but the session would start in eu-west-2/,
    );
    assert.equal(callsOf('glue:CreateSession').length, before);
  });

  it('obeys the rules of the project before AWS is asked, and opens the one that is broken', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const file = vscode.Uri.joinPath(folder.uri, 'glue-guardrails.json');
    await vscode.workspace.fs.writeFile(
      file,
      Buffer.from('{\n  "requiredTags": {\n    "billing": ["*"]\n  }\n}'),
    );
    try {
      const notebook = await openNotebook(allowed, settings, '1');
      const before = callsOf('glue:CreateSession').length;
      await runCells(notebook, 0, 3);
      assert.match(textOf(notebook.cellAt(2)), /"billing" is missing.*glue-guardrails\.json:3/);
      assert.equal(callsOf('glue:CreateSession').length, before);
      await vscode.commands.executeCommand(commands.openGuardrails, {
        source: 'glue-guardrails.json',
        line: 3,
      });
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), file.toString());
      assert.equal(vscode.window.activeTextEditor.selection.start.line, 2);
      await vscode.commands.executeCommand(commands.exportGuardrails);
      assert.match(vscode.window.activeTextEditor.document.getText(), /"aws:RequestTag\/billing"/);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('says that nothing answers at an address, and how to go on', async () => {
    const notebook = await openNotebook(
      `%endpoint http://127.0.0.1:9`,
      `%iam_role ${runtimeRole}\n%region us-east-1`,
      '1',
    );
    await runCells(notebook, 0, 3);
    assert.match(textOf(notebook.cellAt(2)), /No answer came to .*Check the network/s);
  });

  it('says that AWS does not know wrong keys', async () => {
    const notebook = await openNotebook('%profile wrong-keys', `%iam_role ${runtimeRole}`, '1');
    await runCells(notebook, 0, 1);
    assert.match(textOf(notebook.cellAt(0)), /does not know the keys/);
  });

  it('says that a profile is not there, with those there are', async () => {
    const notebook = await openNotebook('%profile nobody', '1');
    await runCells(notebook, 0, 1);
    assert.match(textOf(notebook.cellAt(0)), /nobody/);
    assert.match(textOf(notebook.cellAt(0)), /isbloguser/);
  });
});
