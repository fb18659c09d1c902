import * as assert from 'node:assert/strict';
import type { GlueApis, Session } from '../../src/glue/glueApi';
import { defaultConfiguration } from '../../src/host/defaultConfiguration';
import { NotebookSession } from '../../src/notebook/notebookSession';
import { sessionTable } from '../../src/notebook/sessionTable';
import { statusText } from '../../src/notebook/statusText';
import { apiWith, callError, permit, quickClock, session } from '../unit/scriptedApi';

const { signal } = new AbortController();

describe('%list_sessions', () => {
  it('shows every page, live sessions first, and waits out a throttle', async () => {
    const asked: unknown[] = [];
    const page = (from: number, status: string): Session[] =>
      Array.from({ length: 3 }, (_, index) => session({ id: `s${String(from + index)}`, status }));
    let isThrottled = true;
    const api = apiWith({
      listSessions: ({ nextToken }) => {
        asked.push(nextToken);
        if (nextToken === undefined)
          return Promise.resolve({ sessions: page(0, 'STOPPED'), nextToken: 'two' });
        if (isThrottled) {
          isThrottled = false;
          return Promise.reject(callError('Throttling'));
        }
        return Promise.resolve(
          nextToken === 'two'
            ? { sessions: page(3, 'TIMEOUT'), nextToken: 'three' }
            : { sessions: page(6, 'READY') },
        );
      },
    });
    const lines = (await sessionTable(api, signal)).split('\n');
    assert.deepEqual(asked, [undefined, 'two', 'two', 'three']);
    assert.deepEqual(
      lines.slice(1).map((line) => line.split(/\s+/)[0]),
      ['s6', 's7', 's8', 's0', 's1', 's2', 's3', 's4', 's5'],
    );
  });
});

describe('%status', () => {
  it('holds of a session of which the service names no workers, no capacity and no times', async () => {
    const bare: Session = { id: 'bare', status: 'READY', defaultArguments: {}, connections: [] };
    const api = apiWith({
      callerIdentity: () =>
        Promise.resolve({ account: '444455556666', arn: 'arn:aws:iam::444455556666:user/ada', userId: 'A' }),
      region: () => Promise.resolve('us-east-1'),
      profileValues: () => Promise.resolve({}),
      credentialsExpireAt: () => Promise.resolve(undefined),
      getSession: () => Promise.resolve(bare),
      getTags: () => Promise.resolve({}),
    });
    const apis: GlueApis = { of: () => api, forget: () => undefined, useKeys: () => undefined };
    const configuration = defaultConfiguration({ profile: 'any', roles: [] });
    const notebook = new NotebookSession(
      apis,
      quickClock(),
      configuration,
      { permit, defaults: () => Promise.resolve({}), presets: () => Promise.resolve([]) },
      () => undefined,
    );
    await notebook.attach({ profile: 'any', roles: [] }, 'bare', false);
    const text = await statusText(notebook, signal);
    assert.match(text, /bare/);
    assert.match(text, /arn:aws:glue:us-east-1:444455556666:session\/bare/);
    assert.doesNotMatch(text, /undefined|NaN/);
  });
});
