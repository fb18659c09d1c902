import { expect, it } from 'vitest';
import { SessionTable } from '../../../src/glue/inventory/sessionTable';

const session = { id: 'a', status: 'READY', connections: [], command: {}, defaultArguments: {} } as never;

it('has a session that is gone not come back by what was told of it before, as while remembered ones are taken in', () => {
  const table = new SessionTable({ roles: [] }, { tags: () => undefined, idleSince: () => undefined });
  table.clear('444455556666', 'us-east-1');
  table.take(session, 100);
  table.drop('a', 200);
  expect(table.takeRemembered(session, 150)).toBe(false);
  expect(table.sessions).toEqual([]);
  // Another of the same id, told of later.
  expect(table.take(session, 300)).toBe(true);
  expect(table.sessions).toHaveLength(1);
});
