import { randomUUID } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { systemClock } from '../../src/glue/clock';
import { fetchHeld } from '../../src/glue/heldResult';
import { resultsOf } from '../../src/glue/display/results';
import type { GlueApi, StatementOutput } from '../../src/glue/glueApi';
import { startSession } from '../../src/glue/startSession';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { permit } from '../unit/scriptedApi';
import { runtimeRole, startLocalGlue, type LocalGlue } from './localGlue';

interface StoryWorld {
  readonly accounts: Record<
    string,
    {
      readonly roles: Record<string, { inlinePolicies?: object }>;
      readonly regions: Record<string, { heldResults?: object }>;
    }
  >;
}

/** The story's world with results in a bucket of account B, of which the creation role may read some. */
async function worldWithResults(): Promise<string> {
  const world = parse(await readFile('src/local/world/story.yaml', 'utf8')) as StoryWorld;
  const { roles, regions } = world.accounts['444455556666']!;
  regions['us-east-1']!.heldResults = { bucket: 'session-results', prefix: 'held/', overBytes: 50_000 };
  const allow = (Action: string, Resource: string) => ({ Effect: 'Allow', Action, Resource });
  const Statement = [
    allow('s3:GetObject', 'arn:aws:s3:::session-results/*/stdout.txt'),
    allow('s3:GetObject', 'arn:aws:s3:::own/*'),
    allow('s3:GetObject', 'arn:aws:s3:::nowhere/*'),
  ];
  // AWSGlueServiceRole lets it list any bucket; in the one without that, what isn't there can't be told from what is secret.
  const Deny = { Effect: 'Deny', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::session-results' };
  roles.GlueSessionCreationRole!.inlinePolicies = {
    ReadResults: { Version: '2012-10-17', Statement: [...Statement, Deny] },
  };
  return stringify(world);
}

describe('results held in S3', { timeout: 60_000 }, () => {
  let local: LocalGlue;
  let api: GlueApi;
  let s3: string;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'], world: await worldWithResults() });
    s3 = path.join(path.dirname(local.configFile), '..', 's3');
    api = local.api('session-creator');
    const request = { id: 'held', role: runtimeRole, command: { name: 'glueetl', pythonVersion: '3' } };
    const rest = { defaultArguments: {}, connections: ['session_vpc'], glueVersion: '5.0', tags: {} };
    await startSession(api, { ...request, ...rest }, { clock: systemClock, permit });
  }, 60_000);
  afterAll(() => local.stop());

  async function run(code: string): Promise<StatementOutput> {
    const marked = markCode(code, 'python', randomUUID());
    return (await runStatement({ api, sessionId: 'held', marked, clock: systemClock }))!.output!;
  }
  const shown = async (output: StatementOutput) =>
    resultsOf(
      await fetchHeld(output, api.getObject),
      () => false,
      () => undefined,
    );

  it('are told in the answer up to the size that the world names, and by address above it', async () => {
    expect(await run('print("x" * 40_000)')).toMatchObject({ textPlain: `${'x'.repeat(40_000)}\n` });
    const output = await run('print("é" * 30_000)');
    expect(output).toMatchObject({
      status: 'ok',
      mimeType: 'text/uri-list',
      stdOut: 's3://session-results/held/held/1/stdout.txt',
    });
    expect(output.textPlain).toBeUndefined();
    expect(await shown(output)).toEqual([{ kind: 'stdout', text: `${'é'.repeat(30_000)}\n` }]);
    expect(
      local.journal().some(({ operation, outcome }) => operation === 's3:GetObject' && outcome === 'ok'),
    ).toBe(true);
  });

  it('that may not be read are explained, and what may be is shown', async () => {
    const code = `class Figure:\n    def to_html(self, **options): return "<p>" + "x" * 60_000 + "</p>"\nfigure = Figure()\nprint("seen")\n%plotly figure`;
    const [printed, refused] = await shown(await run(code));
    expect(printed).toBeDefined();
    const text = [printed, refused].map((result) => (result?.kind === 'items' ? '' : result?.text)).join('');
    const object = 'arn:aws:s3:::session-results/held/held/2/result.html';
    expect(text).toContain(
      `AccessDenied: User: arn:aws:sts::444455556666:assumed-role/GlueSessionCreationRole/ISBlogUser is not authorized to perform: s3:GetObject on resource: "${object}" because no identity-based policy allows the s3:GetObject action`,
    );
    expect(text).toContain(`"Resource": "${object}"`);
    expect(text).toContain('for arn:aws:iam::444455556666:role/GlueSessionCreationRole');
  });

  it('are read as S3 gives objects: in parts, by any name, with what is not there told as such', async () => {
    await mkdir(path.join(s3, 'own', 'a b'), { recursive: true });
    await writeFile(path.join(s3, 'own', 'a b', "naïve (1)+'x'%.json"), '{"a": 1}');
    await writeFile(path.join(s3, 'own', 'empty'), '');
    await writeFile(path.join(s3, 'outside'), 'secret');
    await symlink(path.join(s3, 'outside'), path.join(s3, 'own', 'link'));
    const get = (key: string, most = 1000, bucket = 'own') => api.getObject({ bucket, key }, most);
    const object = await get("a b/naïve (1)+'x'%.json", 4);
    expect(object).toMatchObject({ size: 8, contentType: 'application/json' });
    expect(Buffer.from(object.bytes).toString()).toBe('{"a"');
    expect(await get('empty')).toMatchObject({ size: 0 });
    for (const key of ['none', 'a b', 'link', 'a//b']) {
      await expect(get(key), key).rejects.toMatchObject({ code: 'NoSuchKey' });
    }
    for (const key of ['../outside', 'a b/../empty', './empty', '..']) {
      await expect(get(key), key).rejects.toMatchObject({ code: 'InvalidURI' });
    }
    await expect(get('x', 1, 'nowhere')).rejects.toMatchObject({ code: 'NoSuchBucket' });
    await expect(get('held/none/stdout.txt', 1, 'session-results')).rejects.toMatchObject({
      code: 'AccessDenied',
      message: expect.stringMatching(/s3:ListBucket on resource: "arn:aws:s3:::session-results"/) as string,
    });
  });

  it('belong to the account of the session: another one is refused without a reason', async () => {
    await expect(
      local.api('isbloguser').getObject({ bucket: 'session-results', key: 'held/held/1/stdout.txt' }, 10),
    ).rejects.toMatchObject({ code: 'AccessDenied', message: 'Access Denied' });
  });

  it('are refused to who does not sign, and to anything but reading', async () => {
    const ask = async (method: string, query = '') => {
      const answer = await fetch(`${local.endpoint}/own/empty${query}`, { method });
      return [answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]];
    };
    expect(await ask('GET')).toEqual([403, 'AccessDenied']);
    expect((await ask('GET', '?acl'))[0]).toBe(403);
    expect((await ask('PUT'))[0]).toBe(405);
    expect((await ask('POST'))[0]).toBe(404);
  });
});
