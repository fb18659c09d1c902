import * as assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { commands, configurationSection, settings } from '../../src/manifest';
import { answering } from './answers';
import { callsOf } from './journal';
import { openNotebook, show, until } from './notebooks';
import { withPickers } from './pickers';
import { glue, startedSession } from './sessions';

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

  /** With targets of which one never answers, one has wrong keys, and one has this session. */
  const besideOthers = async (id: string, work: (sessionId: string) => Promise<void>) => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${String((silent.address() as AddressInfo).port)}`;
    const region = 'us-east-1';
    const targets = [
      { profile: 'isbloguser', region, endpoint },
      { profile: 'wrong-keys', region },
      { profile: 'session-creator', region },
    ];
    const { Global } = vscode.ConfigurationTarget;
    const { session } = await startedSession(id, {});
    await configuration().update(settings.targets, targets, Global);
    try {
      await work(session.id);
    } finally {
      await configuration().update(settings.targets, undefined, Global);
      silent.closeAllConnections();
      silent.close();
      await glue.stopSession(session.id);
    }
  };

  it('offer the sessions of a place at once though another hangs and a third fails, and name both', async () => {
    await show(await openNotebook('1'));
    await besideOthers('beside-the-silent', async (sessionId) => {
      const started = Date.now();
      let took = Infinity;
      await answering(
        ({ kind, buttons }) => {
          if (kind !== 'pick') return undefined;
          took = Math.min(took, Date.now() - started);
          return buttons.find((label) => label.endsWith(sessionId));
        },
        async (asked) => {
          await vscode.commands.executeCommand(commands.attachNotebook);
          const { buttons = [] } = asked.find(({ kind }) => kind === 'pick') ?? {};
          assert.ok(
            buttons.some((label) => label.includes('wrong-keys could not be read')),
            buttons.join(),
          );
          assert.ok(
            buttons.some((label) => /isbloguser.* has not answered yet/.test(label)),
            buttons.join(),
          );
          assert.ok(asked.some(({ text }) => text.includes(`is attached to the session ${sessionId}`)));
        },
      );
      assert.ok(took < 8000, `${String(took)} ms`);
    });
  });

  it('let several be ticked beside a place that hangs, and say what the list lacks', async () => {
    await besideOthers('ticked-beside-the-silent', async (sessionId) => {
      await withPickers(async ({ titled }) => {
        const started = Date.now();
        const done = vscode.commands.executeCommand(commands.stopSessions);
        const picker = await titled('Stop Sessions');
        assert.ok(Date.now() - started < 8000, `${String(Date.now() - started)} ms`);
        const labels = picker.items.map(({ label }) => label);
        assert.ok(
          labels.some((label) => label.endsWith(sessionId)),
          labels.join(),
        );
        assert.match(picker.title ?? '', /wrong-keys could not be read/);
        assert.match(picker.title ?? '', /isbloguser.* has not answered yet/);
        picker.hide();
        await done;
      });
      assert.equal((await glue.getSession(sessionId)).status, 'READY');
    });
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

  it('check the access of a target, link by link, and show it on a page', async () => {
    const [before, starts] = [callsOf('iam:GetRole').length, callsOf('glue:CreateSession').length];
    const target = { profile: 'session-creator', region: 'us-east-1', roles: [] };
    await vscode.commands.executeCommand(commands.checkAccess, { kind: 'target', target });
    assert.ok(callsOf('iam:GetRole').length > before);
    assert.equal(callsOf('glue:CreateSession').length, starts, 'nothing is started by it');
    const page = () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .find(({ label }) => label.startsWith('Access: ') && label.includes('session-creator'));
    // The window learns of a new tab a moment later.
    await until(() => page() !== undefined);
    const shown = page();
    assert.ok(shown?.input instanceof vscode.TabInputWebview);
    await vscode.window.tabGroups.close(shown);
  });
});
