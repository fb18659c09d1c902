import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parseDocument } from 'yaml';
import { systemClock } from '../../src/glue/clock';
import { createSessionRequest } from '../../src/glue/createSessionRequest';
import { sqlCode } from '../../src/glue/display/displayCalls';
import { displayLine } from '../../src/glue/display/displayCode';
import { resultsOf } from '../../src/glue/display/results';
import type { GlueApi, StatementOutput } from '../../src/glue/glueApi';
import type { SessionConfiguration } from '../../src/glue/sessionConfiguration';
import { markCode } from '../../src/glue/statementMarker';
import { runStatement } from '../../src/glue/statementRunner';
import { readCell } from '../../src/magics/readCell';
import { configuration } from '../unit/configuration';
import { runtimeRole, type LocalGlue } from './localGlue';
import { publicData, publicNotebooks, type PublicNotebook } from './publicNotebooks';

/** The story's world with the tables that public notebooks read. */
export async function worldWithCatalog(): Promise<string> {
  const world = parseDocument(await readFile('src/local/world/story.yaml', 'utf8'));
  const json = (name: string) => ({ location: `s3://legislators-data/${name}/`, format: 'json' });
  const catalog = ['accounts', '444455556666', 'regions', 'us-east-1', 'catalog'];
  world.setIn([...catalog, 'legislators'], {
    persons_json: json('persons'),
    memberships_json: json('memberships'),
    organizations_json: json('organizations'),
  });
  const columns = { id: 'int', education: 'string', income: 'double' };
  const raw = { location: 's3://etl-project/raw/', format: 'csv', columns };
  world.setIn([...catalog, 'etl-project-database'], { raw_data: raw });
  return String(world);
}

export async function writePublicData({ configFile }: LocalGlue): Promise<void> {
  const s3 = path.join(path.dirname(configFile), '..', 's3');
  for (const [key, text] of Object.entries(publicData)) {
    await mkdir(path.dirname(path.join(s3, key)), { recursive: true });
    await writeFile(path.join(s3, key), text);
  }
}

/** What the magics of the first notebook make of a session: each would have its own, and a Spark takes its seconds to start. */
export function publicArguments(): Readonly<Record<string, string>> {
  const { configuration: wish } = readAll((publicNotebooks[0]?.cells ?? []).map(([source]) => source));
  const caller = { account: '444455556666', arn: runtimeRole, userId: 'AIDA' };
  return createSessionRequest(wish, caller, () => 'public').defaultArguments;
}

/** Runs every cell in a session, with no edit, and holds it to what it must show. */
export async function runPublicNotebook(
  { cells }: PublicNotebook,
  api: GlueApi,
  sessionId: string,
): Promise<void> {
  const { code } = readAll(cells.map(([source]) => source));
  for (const [index, [source, shows]] of cells.entries()) {
    const text = code[index] ?? '';
    if (text.trim() === '') continue;
    const id = randomUUID();
    const line = displayLine(text, { id, limit: 1000, rowsAtOnce: false }, true);
    const marked = markCode(text, 'python', id, line);
    const output = (await runStatement({ api, sessionId, marked, clock: systemClock }))!.output!;
    const told = `${output.errorName ?? ''}: ${output.errorValue ?? ''}`;
    if (shows instanceof RegExp) {
      expect(output.status, `${source}\n${told}\n${output.traceback.join('')}`).toBe('ok');
      expect(textOf(output), source).toMatch(shows);
    } else {
      expect(output.status, source).toBe('error');
      expect(told, source).toMatch(shows.failsWith);
    }
  }
}

/** Reads the cells as a notebook does: the magics make its configuration, the rest goes to its session. */
function readAll(cells: readonly string[]) {
  let current: SessionConfiguration = configuration();
  const code = cells.map((text) => {
    const read = readCell(text, false, current);
    current = read.applied.at(-1)?.configuration ?? current;
    return read.sql === undefined ? read.code : sqlCode(read.sql);
  });
  return { code, configuration: current };
}

/** What a cell shows, in its plainest form. */
function textOf(output: StatementOutput): string {
  if (output.mimeType !== undefined) return `[${output.mimeType}]`;
  const results = resultsOf(
    output,
    () => true,
    () => undefined,
  );
  return results
    .map((result) =>
      result.kind === 'items'
        ? String(result.items.find(({ mime }) => mime === 'text/plain')?.data ?? '')
        : result.text,
    )
    .join('');
}
