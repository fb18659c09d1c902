import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { configurationSection, settings } from '../../src/manifest';
import { answering } from './answers';
import { until } from './notebooks';
import { glue, inView, startedSession, untilStatus } from './sessions';

const configuration = () => vscode.workspace.getConfiguration(configurationSection);
const { Global, Workspace } = vscode.ConfigurationTarget;

describe('forgotten sessions', () => {
  it('are warned of once, with a way to stop them; a workspace can have none stopped', async () => {
    const { userId } = await glue.callerIdentity();
    await startedSession('forgotten-mine', { owner: userId });
    await startedSession('forgotten-adas', { owner: 'AROAADA:ada' });
    // A minute is the least that is billed: $0.0147. A rule of the workspace is no rule.
    await configuration()
      .update(settings.stopRules, [{ dollars: 0.001 }], Workspace)
      .then(undefined, () => undefined);
    await answering(
      ({ text }) => (text.includes('forgotten-mine') ? 'Stop' : undefined),
      async (asked) => {
        await configuration().update(settings.warnDollars, 0.01, Global);
        await inView(async () => {
          await until(() => asked.some(({ text }) => text.includes('forgotten-mine')));
          await untilStatus('forgotten-mine', 'STOPPED');
        });
        const [warning, ...more] = asked.filter(({ text }) => text.includes('forgotten-mine'));
        assert.deepEqual(more, []);
        assert.ok(warning);
        assert.match(warning.text, /has cost \$0\.015, which is over your limit of \$0\.010/);
        assert.deepEqual(warning.buttons, ['Stop', 'Snooze…', 'Show']);
        assert.equal(warning.isModal, false);
        assert.ok(!asked.some(({ text }) => /forgotten-adas|by your rule/.test(text)));
      },
    );
    await configuration().update(settings.warnDollars, undefined, Global);
    assert.equal((await glue.getSession('forgotten-adas')).status, 'READY');
    await glue.stopSession('forgotten-adas');
  });
});
