import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { commands, configurationSection, settings as settingNames } from '../../src/manifest';
import { startFaultyProxy, type FaultyProxy } from '../faults/faultyProxy';
import { answering, type Asked } from './answers';
import { callsOf } from './journal';
import { allowed, openNotebook, runCells, runtimeRole, until } from './notebooks';
import { withPickers } from './pickers';
import { glue, untilStatus } from './sessions';

const configuration = () => vscode.workspace.getConfiguration(configurationSection);
const { Global, Workspace } = vscode.ConfigurationTarget;

describe('the start wizard', () => {
  it('offers the roles that IAM lists and that trust Glue', () =>
    withPickers(async ({ pick, titled }) => {
      const done = vscode.commands.executeCommand(commands.startSession);
      await pick('Who starts the session', ' isbloguser');
      const roles = await titled('Runtime role');
      const listed = roles.items.find(({ label }) => label.endsWith('AWSGlueServiceRole-notebooks'));
      assert.equal(listed?.description, 'trusts Glue');
      roles.hide();
      await done;
    }));

  it('knows what was denied in a notebook', async () => {
    const notebook = await openNotebook(allowed, `%iam_role ${runtimeRole}\n%region us-east-1`, '1 + 1');
    await runCells(notebook, 0, 3);
    await withPickers(async ({ answer, pick, titled }) => {
      const done = vscode.commands.executeCommand(commands.startSession);
      await pick('Who starts the session', ' session-creator');
      await answer('Runtime role', runtimeRole);
      const connections = await titled('Connections');
      assert.equal(connections.placeholder, 'A session without a connection was denied here: choose one');
      connections.hide();
      await done;
    });
  });

  it('asks before a preset of the workspace says where calls go, not before one of the person', async () => {
    const endpoint = 'https://glue.example.com/glue.us-east-1.amazonaws.com';
    const preset = {
      profile: 'session-creator',
      endpoint,
      iamRole: runtimeRole,
      arguments: { '--extra-py-files': 's3://theirs/x.py' },
    };
    const reviewed = async (answers: (string | undefined)[]): Promise<readonly Asked[]> => {
      let all: readonly Asked[] = [];
      await answering(
        () => answers.shift(),
        (asked) =>
          withPickers(async ({ pick, titled }) => {
            const done = vscode.commands.executeCommand(commands.startSession);
            await pick('begin with', 'theirs');
            if (answers.length > 0) {
              await until(() => asked.length === 1);
              await pick('begin with', 'theirs');
            }
            const review = await titled('review');
            const said = review.items
              .map(({ label, description }) => `${label}: ${description ?? ''}`)
              .join('\n');
            assert.match(said, /Who starts it: session-creator at https:\/\/glue\.example\.com$/m);
            assert.match(said, /Arguments: --extra-py-files=s3:\/\/theirs\/x\.py$/m);
            review.hide();
            await done;
            all = asked;
          }),
      );
      return all;
    };
    try {
      await configuration().update(settingNames.presets, { theirs: preset }, Workspace);
      const asked = await reviewed([undefined, 'Allow']);
      assert.deepEqual(
        asked.map(({ text, isModal }) => [text, isModal]),
        Array(2).fill([`Allow the preset "theirs" to send your calls to ${endpoint}?`, true]),
      );
      assert.deepEqual(await reviewed([]), [], 'the answer is remembered');
      await configuration().update(settingNames.presets, undefined, Workspace);
      const own = { ...preset, endpoint: 'https://glue.example.com/mine' };
      await configuration().update(settingNames.presets, { theirs: own }, Global);
      assert.deepEqual(await reviewed([]), []);
    } finally {
      await configuration().update(settingNames.presets, undefined, Workspace);
      await configuration().update(settingNames.presets, undefined, Global);
    }
  });
});

describe('a start that is cancelled', () => {
  let proxy: FaultyProxy;
  before(async () => {
    const text = readFileSync(process.env.AWS_CONFIG_FILE ?? '', 'utf8');
    const service = /^endpoint_url\s*=\s*(\S+)/m.exec(text)?.[1] ?? '';
    // Carried out, and not answered before the person gives up.
    proxy = await startFaultyProxy(service, ({ operation }) =>
      operation === 'CreateSession' ? 'slow' : undefined,
    );
    const target = { profile: 'session-creator', region: 'us-east-1', endpoint: proxy.url };
    await configuration().update(settingNames.targets, [target], Global);
  });
  after(async () => {
    await configuration().update(settingNames.targets, undefined, Global);
    await proxy.stop();
  });

  /** Cancels a start on its way, and answers what becomes of the session. @returns its id */
  async function cancelled(way: string, then: (id: string, asked: readonly Asked[]) => Promise<void>) {
    const input = {
      target: `session-creator at ${proxy.url}`,
      iamRole: runtimeRole,
      connections: ['session_vpc'],
    };
    const isQuestion = ({ text }: Asked) => text.endsWith('Stop it, or let it start?');
    await answering(
      (asked) => (isQuestion(asked) ? way : asked.isModal ? asked.buttons[0] : undefined),
      async (asked) => {
        const before = callsOf('glue:CreateSession').length;
        const cancelling = new vscode.CancellationTokenSource();
        const start = vscode.lm.invokeTool(
          'glueSessions_start',
          { input, toolInvocationToken: undefined },
          cancelling.token,
        );
        const ended = assert.rejects(Promise.resolve(start));
        await until(() => callsOf('glue:CreateSession').length > before);
        cancelling.cancel();
        await until(() => asked.some(isQuestion));
        const question = asked.find(isQuestion)!;
        assert.match(question.text, /will cost \$0\.88 an hour/);
        assert.deepEqual(question.buttons, ['Stop It', 'Let It Start']);
        await then(/^Session (\S+) is being/.exec(question.text)?.[1] ?? '', asked);
        await ended;
      },
    );
  }

  it('is stopped when the person says so', () =>
    cancelled('Stop It', async (id) => {
      await untilStatus(id, 'STOPPED');
    }));

  it('goes on when the person says so, and says when it is ready', () =>
    cancelled('Let It Start', async (id, asked) => {
      await untilStatus(id, 'READY');
      await until(() => asked.some(({ text }) => text.includes(`${id} is ready`)));
      await glue.stopSession(id);
    }));
});
