import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ListedSession } from '../../src/glue/listedSession';
import { commands } from '../../src/manifest';
import { answering } from './answers';
import { callsOf } from './journal';
import { until } from './notebooks';
import { glue, inView, startedSession } from './sessions';

const rows = (sessions: readonly ListedSession[]) => sessions.map((listed) => ({ kind: 'session', listed }));

describe('several sessions', () => {
  let mine: ListedSession, adas: ListedSession, gone: ListedSession;

  before(async () => {
    const { userId } = await glue.callerIdentity();
    [mine, adas, gone] = await Promise.all([
      startedSession('several-mine', { owner: userId, team: 'analytics' }),
      startedSession('several-ada', { owner: 'AROAADA:ada', team: 'analytics', billing: 'x' }),
      startedSession('several-gone', { owner: userId }),
    ]);
  });

  it('get a tag after a preview and one more question for others, and have it taken back by Undo', () =>
    inView(async () => {
      const nodes = rows([mine, adas]);
      const tagsOf = () => Promise.all([mine, adas].map(({ arn }) => glue.getTags(arn)));
      const before = await tagsOf();
      await answering(
        ({ kind, buttons }) => (kind === 'input' ? 'team=marketing' : (buttons[0] ?? '')),
        async (asked) => {
          await vscode.commands.executeCommand(commands.editTags, nodes[0], nodes);
          await until(() => asked.some(({ text }) => text.includes('as they were')));
          const [input, preview, others, changed] = asked;
          assert.equal(input?.detail, 'team=analytics');
          assert.match(preview?.text ?? '', /Change the tags of 2 sessions\?/);
          assert.match(preview?.detail ?? '', /team: analytics → marketing in 2/);
          assert.match(preview?.detail ?? '', /Yours: 1\nOf ada: 1/);
          assert.match(others?.text ?? '', /1 of these 2 sessions are not yours/);
          assert.deepEqual([preview?.isModal, others?.isModal], [true, true]);
          assert.deepEqual(changed?.buttons, ['Undo']);
        },
      );
      assert.ok(callsOf('glue:TagResource').length >= 4, 'there and back');
      assert.deepEqual(await tagsOf(), before);
    }));

  it('are stopped after saying what and whose; a failure is named with its cause and tried again alone', () =>
    inView(async () => {
      await glue.stopSession(gone.session.id);
      await until(() => callsOf('glue:StopSession').length > 0);
      while ((await glue.getSession(gone.session.id)).status !== 'STOPPED') await new Promise(setImmediate);
      await glue.deleteSession(gone.session.id);
      const nodes = rows([mine, adas, gone]);
      const before = callsOf('glue:StopSession').length;
      await answering(
        ({ kind, text, buttons }) =>
          kind === 'error' && text.startsWith('Sessions')
            ? buttons[0]
            : kind === 'error'
              ? undefined
              : buttons[0],
        async (asked) => {
          await vscode.commands.executeCommand(commands.stopSessions, nodes[0], nodes);
          await until(() => asked.filter(({ kind }) => kind === 'error').length === 2);
          const [question, others, failure, second] = asked;
          assert.match(question?.text ?? '', /Stop 3 sessions\?/);
          assert.match(question?.detail ?? '', /saves \$2\.64 an hour/);
          assert.match(question?.detail ?? '', /several-mine\nseveral-ada\nseveral-gone/);
          assert.match(others?.detail ?? '', /Of ada: 1\n\nseveral-ada$/);
          assert.match(failure?.text ?? '', /2 stopped, 1 failed\. several-gone: .*Session not found/);
          assert.deepEqual(failure?.buttons, ['Retry the 1 That Failed']);
          assert.match(second?.text ?? '', /several-gone was not stopped: .*Session not found/);
        },
      );
      assert.equal(callsOf('glue:StopSession').length - before, 4);
      assert.equal((await glue.getSession(mine.session.id)).status, 'STOPPED');
      assert.equal((await glue.getSession(adas.session.id)).status, 'STOPPED');
    }));

  it('are left alone when the person does not agree to the second question', () =>
    inView(async () => {
      const running = await startedSession('several-kept', { owner: 'AROAADA:ada' });
      const before = callsOf('glue:StopSession').length;
      await answering(
        ({ text }) => (text.includes('not yours') ? undefined : 'Stop'),
        async (asked) => {
          await vscode.commands.executeCommand(commands.stopSession, ...rows([running]));
          assert.match(asked.at(-1)?.text ?? '', /several-kept is not yours/);
        },
      );
      assert.equal(callsOf('glue:StopSession').length, before);
      await glue.stopSession(running.session.id);
    }));

  it('are deleted only when they have ended', () =>
    inView(async () => {
      const nodes = rows([mine, adas]);
      await answering(
        ({ buttons }) => buttons[0],
        async (asked) => {
          await vscode.commands.executeCommand(commands.deleteSessions, nodes[0], nodes);
          await until(() => asked.some(({ text }) => text.includes('2 sessions are deleted')));
          assert.match(asked[0]?.text ?? '', /Delete 2 ended sessions\?/);
        },
      );
      await assert.rejects(glue.getSession(mine.session.id), { code: 'EntityNotFound' });
    }));
});
