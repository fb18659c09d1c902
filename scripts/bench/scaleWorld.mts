/** A world of many sessions, most of them ended, the live ones shuffled among them. */
import { seededDraws } from './plan.mjs';

export interface ScaleWorld {
  /** A world file. */
  readonly text: string;
  readonly sessions: number;
  readonly live: number;
  /** Live sessions in each page of 1,000, in the order in which Local Glue lists them. */
  readonly livePerPage: readonly number[];
}

const account = '444455556666';
const pageSize = 1000;
const teams = ['analytics', 'ingest', 'finance', 'research', 'marketing'];

/** The same world at every call. @param tagging whether it has the Resource Groups Tagging API */
export function makeScaleWorld(tagging: boolean, sessions = 10_000, live = 200): ScaleWorld {
  const draw = seededDraws(5);
  const places = new Set<number>();
  while (places.size < live) places.add(Math.floor(draw() * sessions));
  const entries: object[] = [];
  const common = { tags: { team: teams, billing: ['b1', 'b2', 'b3'] }, connections: ['session_vpc'] };
  let ended = 0;
  const flush = (ageSeconds: number) => {
    if (ended === 0) return;
    const id = `ended-${String(entries.length)}-`;
    entries.push({ ...common, id, count: ended, status: 'STOPPED', ageSeconds, executionSeconds: 5 });
    ended = 0;
  };
  for (let place = 0; place < sessions; place++) {
    if (!places.has(place)) {
      ended += 1;
      continue;
    }
    // The newest come first: each entry is older than the one before.
    const age = 600 + entries.length * 60;
    flush(age);
    entries.push({
      ...common,
      id: `live-${String(place)}`,
      status: 'READY',
      tags: { team: teams[place % teams.length], billing: `b${String(place % 3)}`, owner: 'ada' },
      ageSeconds: age + 30,
      idleTimeoutMinutes: 2880,
    });
  }
  flush(600 + entries.length * 60);
  const livePerPage = Array.from(
    { length: Math.ceil(sessions / pageSize) },
    (_, page) => [...places].filter((place) => Math.floor(place / pageSize) === page).length,
  );
  const world = {
    resourceGroupsTagging: tagging,
    accounts: {
      [account]: {
        users: { admin: { profile: 'admin', managedPolicies: ['AdministratorAccess'] } },
        regions: { 'us-east-1': { sessions: entries } },
      },
    },
  };
  return { text: JSON.stringify(world), sessions, live, livePerPage };
}
