import * as assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { PageFacts } from '../../src/commands/details/pageContent';
import { renderSession } from '../../src/commands/details/renderSession';
import { saveSystemLogs } from '../../src/commands/details/systemLogs';
import { AwsCallError } from '../../src/glue/errors';
import type { GlueApi, Statement } from '../../src/glue/glueApi';
import { htmlText } from '../../src/glue/html';
import { loading } from '../../src/glue/part';
import { StatementPages } from '../../src/glue/statementPages';
import { rowsOf } from '../../src/glue/tagRows';
import { commands } from '../../src/manifest';
import { answering } from './answers';
import { until } from './notebooks';

const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'`;
const clock = { now: () => 3_600_000, sleep: () => Promise.resolve() };

/** Statements as a service tells them that has this one page. */
async function statements(...all: Partial<Statement>[]): Promise<StatementPages> {
  const page = {
    statements: all.map((one, id) => ({ id, state: 'AVAILABLE', progress: 1, ...one })),
    nextToken: 'more',
  };
  const api = { listStatements: () => Promise.resolve(page) } as Partial<GlueApi>;
  const pages = new StatementPages(api as GlueApi, 's', clock);
  await pages.more();
  return pages;
}

function facts(change: Partial<PageFacts> = {}): PageFacts {
  const session = {
    id: 's1',
    status: 'READY',
    createdOn: 0,
    defaultArguments: {},
    connections: ['session_vpc'],
    workerType: 'G.1X',
    numberOfWorkers: 2,
    idleTimeout: 60,
  };
  const arn = 'arn:aws:glue:us-east-1:444455556666:session/s1';
  return {
    listed: { target: { roles: [] }, session, arn },
    targetName: 'login',
    identity: undefined,
    tags: loading,
    draft: undefined,
    formNumber: 0,
    saved: undefined,
    tagKeys: [],
    network: loading,
    statements: loading,
    asked: undefined,
    isSlow: false,
    trouble: undefined,
    pricePerDpuHour: 0.44,
    now: clock.now(),
    ...change,
  };
}

describe('the page of a session', () => {
  it('shows every text of a service as text', async () => {
    const session = {
      id: hostile,
      status: hostile,
      description: hostile,
      errorMessage: hostile,
      role: hostile,
      glueVersion: hostile,
      securityConfiguration: hostile,
      usageProfile: hostile,
      command: { name: hostile, pythonVersion: hostile },
      defaultArguments: { [hostile]: hostile, '--continuous-log-logGroup': hostile },
      connections: [hostile],
    };
    const arn = 'arn:aws:glue:us-east-1:444455556666:session/s1';
    const tags = { [hostile]: hostile, owner: `AROAEXAMPLE:${hostile}` };
    const connection = {
      name: hostile,
      type: hostile,
      description: hostile,
      subnetId: hostile,
      securityGroupIds: [hostile],
    };
    const read = await statements(
      { state: 'RUNNING', code: hostile, progress: 0.5 },
      {
        code: hostile,
        output: { status: 'error', errorName: hostile, errorValue: hostile, traceback: [hostile] },
      },
      { state: hostile },
    );
    const text = htmlText(
      renderSession(
        facts({
          listed: { target: { roles: [] }, session, arn, tags },
          tags: { state: 'ready', value: tags },
          draft: { rows: rowsOf(tags), problems: new Map([['0', hostile]]), begunOn: tags },
          saved: { text: hostile, isProblem: true },
          asked: { text: hostile, isProblem: true },
          tagKeys: [hostile],
          trouble: new Error(hostile),
          network: {
            state: 'ready',
            value: [
              {
                name: hostile,
                connection: { state: 'ready', value: connection },
                subnet: { state: 'ready', value: { id: hostile, vpcId: hostile, cidrBlock: hostile } },
                securityGroups: {
                  state: 'ready',
                  value: [{ id: hostile, vpcId: hostile, name: hostile, description: hostile }],
                },
              },
            ],
          },
          statements: { state: 'ready', value: read },
        }),
      ),
    );
    assert.ok(text.split('&lt;script&gt;').length > 20);
    for (const broken of ['<script', '<img']) assert.ok(!text.includes(broken), broken);
    assert.equal(/\son\w+="/.test(text), false);
  });

  it('says what permission a part lacks, and shows the others', async () => {
    const refused = (action: string) => ({
      state: 'failed' as const,
      error: new AwsCallError(
        'AccessDenied',
        `User: arn:aws:iam::1:user/a is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`,
        action,
        'notExecuted',
        undefined,
      ),
    });
    const connection = { name: 'session_vpc', subnetId: 'subnet-1', securityGroupIds: ['sg-1'] };
    const text = htmlText(
      renderSession(
        facts({
          tags: refused('glue:GetTags'),
          network: {
            state: 'ready',
            value: [
              {
                name: 'session_vpc',
                connection: { state: 'ready', value: connection },
                subnet: refused('ec2:DescribeSubnets'),
                securityGroups: refused('ec2:DescribeSecurityGroups'),
              },
            ],
          },
          statements: { state: 'ready', value: await statements({ code: '1 + 1' }) },
        }),
      ),
    );
    for (const action of ['glue:GetTags', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups']) {
      assert.ok(text.includes(`Not allowed to look: this takes ${action}.`), action);
    }
    for (const shown of ['sg-1', 'subnet-1', '1 + 1', '$0.88']) assert.ok(text.includes(shown), shown);
  });

  it('shows a page of thousands of statements in a moment', async () => {
    const many = Array.from({ length: 1000 }, () => ({ code: 'x = 1\n'.repeat(11_000) }));
    const read = await statements(...many);
    const started = Date.now();
    const text = htmlText(renderSession(facts({ statements: { state: 'ready', value: read } })));
    assert.ok(Date.now() - started < 1000);
    assert.ok(text.length < 8_000_000);
    assert.match(text, /Show More Statements/);
    assert.match(text, /Open All 66000 Characters/);
  });

  it('opens once for a session, in a tab of its own', async () => {
    const listed = facts().listed;
    const node = {
      kind: 'session',
      listed: { ...listed, target: { profile: 'session-creator', roles: [] } },
    };
    const open = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(
          ({ input }) =>
            input instanceof vscode.TabInputWebview && input.viewType.includes('glueSessions.session'),
        );
    for (let time = 0; time < 2; time++) await vscode.commands.executeCommand(commands.showDetails, node);
    await until(() => open().length === 1);
    await vscode.window.tabGroups.close(open());
    await until(() => open().length === 0);
  });

  it('saves the system logs where the person says, whole or not at all', async () => {
    const log = 'INFO started\n'.repeat(200_000);
    const server = createServer((asked, answer) => {
      if (asked.url?.startsWith('/logs/') !== true) return void answer.writeHead(403).end('expired');
      answer.writeHead(200, { 'content-length': log.length });
      if (asked.url.startsWith('/logs/whole')) return void answer.end(log);
      answer.write(log.slice(0, 1000), () => answer.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const folder = await mkdtemp(path.join(tmpdir(), 'glue-sessions-saved-'));
    const to = path.join(folder, 's1.log.gz');
    const window = vscode.window as unknown as Record<string, unknown>;
    const { showSaveDialog } = window;
    let offered = '';
    window.showSaveDialog = ({ defaultUri }: vscode.SaveDialogOptions) => {
      offered = path.basename(defaultUri?.path ?? '');
      return Promise.resolve(vscode.Uri.file(to));
    };
    const save = (url: string | undefined) => {
      const api = { systemLogsUrl: () => Promise.resolve(url) } as Partial<GlueApi>;
      return saveSystemLogs(api as GlueApi, 's1', new AbortController().signal);
    };
    try {
      await answering(
        () => undefined,
        async () => {
          const broken = await save(`${base}/logs/half.tar.gz?key=secret`);
          assert.equal(broken?.isProblem, true);
          assert.deepEqual(await readdir(folder), []);
          const saved = await save(`${base}/logs/whole.tar.gz?key=secret`);
          assert.deepEqual(saved, { text: `The system logs are in ${to}.`, isProblem: false });
          assert.equal(await readFile(to, 'utf8'), log);
          assert.equal(offered, 's1-system.tar.gz');
          for (const [address, reason] of [
            [`${base}/gone?key=secret`, /The server answered 403/],
            ['http://example.com/x', /is not a web address/],
            [undefined, /the service has none/],
          ] as const) {
            const failed = await save(address);
            assert.match(failed?.text ?? '', reason);
            assert.doesNotMatch(failed?.text ?? '', /secret/);
          }
        },
      );
    } finally {
      window.showSaveDialog = showSaveDialog;
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
