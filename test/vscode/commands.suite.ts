import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands, configurationSection, settings } from '../../src/manifest';
import { callsOf } from './journal';
import { until } from './notebooks';

const configuration = () => vscode.workspace.getConfiguration(configurationSection);

describe('commands', () => {
  it('never start anything by themselves', async () => {
    const before = callsOf('glue:CreateSession').length;
    await vscode.commands.executeCommand(commands.refresh);
    assert.equal(callsOf('glue:CreateSession').length, before);
  });

  it('list the sessions of a target that was added, and forget it again', async () => {
    const before = callsOf('glue:ListSessions').length;
    await configuration().update(
      settings.targets,
      [{ profile: 'session-creator', region: 'us-east-1' }],
      vscode.ConfigurationTarget.Global,
    );
    await vscode.commands.executeCommand('glueSessions.sessions.focus');
    await vscode.commands.executeCommand(commands.refresh);
    await until(() => callsOf('glue:ListSessions').length > before);
    await configuration().update(settings.targets, undefined, vscode.ConfigurationTarget.Global);
  });

  it('take a target out of every place it is written in', async () => {
    const kept = { profile: 'isbloguser', region: 'us-east-1' };
    const gone = { profile: 'session-creator', region: 'us-east-1' };
    const { Global, Workspace } = vscode.ConfigurationTarget;
    for (const place of [Global, Workspace]) {
      await configuration().update(settings.targets, [kept, gone], place);
    }
    await vscode.commands.executeCommand(commands.removeTarget, {
      kind: 'target',
      target: { ...gone, roles: [] },
    });
    const { globalValue, workspaceValue } = configuration().inspect(settings.targets) ?? {};
    assert.deepEqual([globalValue, workspaceValue], [[kept], [kept]]);
    for (const place of [Global, Workspace]) await configuration().update(settings.targets, undefined, place);
  });

  it('open the sample as a notebook of this kernel, unsaved', async () => {
    await vscode.commands.executeCommand(commands.openSample);
    const notebook = vscode.window.activeNotebookEditor?.notebook;
    assert.equal(notebook?.isUntitled, true);
    assert.match(
      notebook
        .getCells()
        .map((cell) => cell.document.getText())
        .join('\n'),
      /%%assume_role/,
    );
  });

  it('copy the id of the session that a row stands for', async () => {
    const session = { id: 'row-session', status: 'READY' };
    const listed = { target: { roles: [] }, session, arn: 'arn:aws:glue:us-east-1:444455556666:session/row' };
    await vscode.commands.executeCommand(commands.copyId, { kind: 'session', listed });
    assert.equal(await vscode.env.clipboard.readText(), 'row-session');
    await vscode.commands.executeCommand(commands.copyArn, { kind: 'session', listed });
    assert.equal(await vscode.env.clipboard.readText(), listed.arn);
  });
});
