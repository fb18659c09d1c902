import { expect, it } from 'vitest';
import type { Statement } from '../../../src/glue/glueApi';
import { markCode } from '../../../src/glue/statementMarker';
import { lastWork, personsCode, StatementPages } from '../../../src/glue/statementPages';
import { apiWith, quickClock, statement } from '../scriptedApi';

/** A session with so many statements, ten a page. */
function pages(all: Statement[]) {
  const asked: (string | undefined)[] = [];
  const api = apiWith({
    listStatements: (_, token) => {
      asked.push(token);
      const start = Number(token ?? '0');
      const more = start + 10 < all.length;
      return Promise.resolve({
        statements: all.slice(start, start + 10),
        ...(more && { nextToken: String(start + 10) }),
      });
    },
  });
  return { asked, pages: new StatementPages(api, 's1', quickClock()) };
}

const many = (count: number) => Array.from({ length: count }, (_, id) => statement({ id }));

it('reads one page, and the next when asked for, the latest first', async () => {
  const { asked, pages: read } = pages(many(10_000));
  await read.more();
  expect(read.statements.map(({ id }) => id)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
  expect(read.hasMore).toBe(true);
  await read.more();
  expect(read.statements).toHaveLength(20);
  expect(asked).toEqual([undefined, '10']);
});

it('reads again what can change, and no more', async () => {
  const all = many(25);
  all[3] = statement({ id: 3, state: 'RUNNING', progress: 0.2 });
  const { asked, pages: read } = pages(all);
  for (let page = 0; page < 3; page++) await read.more();
  expect(read.isAnyUnderway).toBe(true);
  expect(lastWork(read.statements, 0)).toBeUndefined();
  asked.length = 0;
  all[3] = statement({ id: 3, completedOn: 5000 });
  all.push(statement({ id: 25 }));
  await read.refresh();
  expect(asked).toEqual([undefined, '20']);
  expect(read.statements[0]?.id).toBe(25);
  expect(lastWork(read.statements, 0)).toBe(5000);
  asked.length = 0;
  await read.refresh();
  expect(asked).toEqual(['20']);
});

it('takes a page once, however often it is asked for', async () => {
  const { pages: read } = pages(many(30));
  await Promise.all([read.more(), read.more()]);
  expect(read.statements).toHaveLength(10);
});

it.each(['x = 1\nx', '%matplot plt', 'a\n%table df\nb'])('shows %j as it was written', (code) => {
  expect(personsCode(markCode(code, 'python', 'ab-1', 'import os').code)).toBe(code);
});

it('leaves the code of others as it is', () => {
  for (const code of ['', '# glue-sessions:x', '__import__("builtins").exec("1")\n2']) {
    expect(personsCode(code)).toBe(code);
  }
  expect(personsCode(markCode('val x = 1', 'scala', 'ab-1').code)).toBe('val x = 1');
});
