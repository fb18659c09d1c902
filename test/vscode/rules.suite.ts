import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createAwsAccess } from '../../src/aws/glueApis';
import type { Tags } from '../../src/glue/glueApi';
import type { ListedSession } from '../../src/glue/listedSession';
import { commands, configurationSection, settings } from '../../src/manifest';
import { answering } from './answers';
import { journal } from './journal';
import { openNotebook, runCells, runtimeRole, textOf, until, untilEnded } from './notebooks';
import { glue, inView, startedSession } from './sessions';

const configuration = () => vscode.workspace.getConfiguration(configurationSection);
const { Global } = vscode.ConfigurationTarget;

/** A place where every session must carry the tag `billing`, and four sessions of others do. */
const tagged = { profile: 'tagged-sessions', region: 'eu-west-2' };
const there = createAwsAccess({
  roleSessionName: () => undefined,
  mfaCode: () => Promise.reject(new Error('no MFA here')),
}).of({ ...tagged, roles: [] });
const place = (role: string) => `%profile ${tagged.profile}\n%region ${tagged.region}\n%iam_role ${role}`;
const withTag = '%%tags\n{"billing": "ledger"}';

describe('a denial in a notebook', () => {
  before(async () => {
    await configuration().update(settings.targets, [tagged], Global);
    await vscode.commands.executeCommand('glueSessions.sessions.focus');
    await vscode.commands.executeCommand(commands.refresh);
    // What is offered comes from what others have there.
    await until(() => callsThere().some((operation) => /GetResources|GetTags/.test(operation)));
  });
  after(async () => {
    await configuration().update(settings.targets, undefined, Global);
    for (const { id } of await mine()) await there.stopSession(id);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('of a tag leads to a session with the tag that was chosen', async () => {
    const notebook = await openNotebook(place(runtimeRole), '6 * 7');
    await runCells(notebook, 0, 2);
    assert.match(textOf(notebook.cellAt(1)), /explicit deny/);
    const { index } = await chosen(commands.chooseTag, notebook.cellAt(1));
    assert.equal(index, 2, 'the tags are written into a cell above');
    assert.equal(notebook.cellAt(1).document.getText(), '%%tags\n{"billing": "ledger"}');
    assert.match(textOf(notebook.cellAt(2)), /^42$/m);
    const [session] = await mine();
    assert.ok(session);
    const tags = await there.getTags(arnOf(session.id));
    assert.equal(tags.billing, 'ledger');
  });

  it('of a role leads to a session that runs as the role that was chosen', async () => {
    const before = (await mine()).map(({ id }) => id);
    const notebook = await openNotebook(place('arn:aws:iam::444455556666:role/Nobodys'), withTag, '6 * 7');
    await runCells(notebook, 0, 3);
    assert.match(textOf(notebook.cellAt(2)), /iam:PassRole/);
    await chosen(commands.chooseRole, notebook.cellAt(2));
    assert.match(notebook.cellAt(0).document.getText(), new RegExp(`%iam_role ${runtimeRole}$`));
    assert.match(textOf(notebook.cellAt(2)), /^42$/m);
    const session = (await mine()).find(({ id }) => !before.includes(id));
    assert.equal(session?.role, runtimeRole);
  });
});

/** Runs a command that asks with a list, takes its first row, and waits until the cell has run again. */
async function chosen(command: string, cell: vscode.NotebookCell): Promise<vscode.NotebookCell> {
  const ended = untilEnded(cell);
  const asking = vscode.commands.executeCommand(command, cell);
  let isOver = false;
  void asking.then(() => (isOver = true));
  await until(() => {
    // Nothing happens before the list is there.
    if (!isOver) void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return isOver;
  });
  await ended;
  return cell;
}

function callsThere(): readonly string[] {
  return journal()
    .filter(({ caller }) => caller?.includes('/TaggedSessionsRole/') === true)
    .map(({ operation }) => operation ?? '');
}

const arnOf = (id: string) => `arn:aws:glue:${tagged.region}:444455556666:session/${id}`;

/** Sessions that live there and are not the others'. */
async function mine() {
  const { sessions } = await there.listSessions({});
  return sessions.filter(({ id, status }) => !id.startsWith('others-') && status === 'READY');
}

describe('Check Tags', () => {
  const tagsOf = new Map<string, Tags>([
    ['check-a', { team: 'analytics', billing: 'data' }],
    ['check-b', { team: 'analytics', billing: 'data' }],
    ['check-key', { Team: 'analytics', billing: 'data' }],
    ['check-value', { team: 'Analytics ', billing: 'data' }],
    ['check-missing', { team: 'analytics' }],
  ]);
  let sessions: readonly ListedSession[];

  before(async () => {
    const { userId } = await glue.callerIdentity();
    sessions = await Promise.all(
      [...tagsOf].map(([id, tags]) => startedSession(id, { owner: userId, ...tags })),
    );
    await configuration().update(settings.requiredTags, { team: [], billing: [] }, Global);
  });
  after(async () => {
    await configuration().update(settings.requiredTags, undefined, Global);
    for (const { session } of sessions) await glue.stopSession(session.id);
  });

  it('mends in bulk what it found, after showing every change, and takes it back', () =>
    inView(async () => {
      const nodes = sessions.map((listed) => ({ kind: 'session', listed }));
      const current = () => Promise.all(sessions.map(({ arn }) => glue.getTags(arn)));
      const before = await current();
      let mended: readonly Tags[] = [];
      await answering(
        ({ kind, text, buttons }) => {
          if (kind === 'pick') return text.startsWith('Missing') ? 'data' : '';
          if (text.startsWith('Tags changed')) return undefined;
          return buttons[0];
        },
        async (asked) => {
          await vscode.commands.executeCommand(commands.checkTags, nodes[0], nodes);
          await until(() => asked.some(({ text }) => text.startsWith('Tags changed')));
          mended = await current();
          const [groups, preview] = asked;
          assert.ok(groups && preview);
          assert.deepEqual(groups.buttons, [
            'Key: "Team" → "team"',
            'Value of team: "Analytics " → "analytics"',
            'Missing: billing',
          ]);
          assert.match(preview.text, /Change the tags of 2 sessions\?/);
          assert.equal(preview.isModal, true);
          assert.match(preview.detail, /team: \(none\) → analytics in 1/);
          assert.match(preview.detail, /team: Analytics {2}→ analytics in 1/);
        },
      );
      const others = mended.map(({ owner: _, ...tags }) => tags);
      assert.deepEqual(others.slice(0, 4), Array(4).fill({ team: 'analytics', billing: 'data' }));
      assert.deepEqual(others[4], { team: 'analytics' }, 'what was not ticked is left as it is');
      assert.notDeepEqual(mended, before);
    }));

  it('asks for what only a person can say', () =>
    inView(async () => {
      const [one] = sessions.filter(({ session }) => session.id === 'check-missing');
      assert.ok(one);
      const nodes = sessions.map((listed) => ({ kind: 'session', listed }));
      await answering(
        ({ kind, text, buttons }) => {
          if (kind !== 'pick') return buttons[0];
          return text.startsWith('Missing') ? 'data' : 'all';
        },
        async (asked) => {
          await vscode.commands.executeCommand(commands.checkTags, nodes[0], nodes);
          await until(() => asked.some(({ text }) => /^Tags (changed|as they were)/.test(text)));
          assert.deepEqual(asked[0]?.buttons, ['Missing: billing']);
          assert.equal(asked[1]?.text, 'Missing: billing');
          assert.deepEqual(asked[1].buttons.slice(0, 1), ['data']);
          assert.match(asked[2]?.detail ?? '', /billing: \(none\) → data in 1/);
          // The first button of the message is Undo.
          await until(() => asked.some(({ text }) => text.includes('as they were')));
        },
      );
      assert.equal((await glue.getTags(one.arn)).billing, undefined);
    }));
});
