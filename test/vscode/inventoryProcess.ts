/**
 * The inventory as a window has it, in a process of its own, built as what ships is: prints a JSON line with what its view
 * holds at each redraw, and one with what it cost when it is told to end. Its argument is JSON: {@link InventoryOrder}.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createAwsAccess } from '../../src/aws/glueApis';
import { systemClock } from '../../src/glue/clock';
import { parseGroupBy } from '../../src/glue/groupBy';
import { SessionInventory } from '../../src/glue/sessionInventory';
import { sessionsView } from '../../src/glue/sessionsView';
import { openInventoryFiles } from '../../src/host/inventoryFiles';

export interface InventoryOrder {
  readonly profile: string;
  readonly configFile: string;
  readonly credentialsFile: string;
  /** Folder of what is remembered. */
  readonly remembered: string;
}

/** What the view holds. */
export interface InventoryMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: string;
  readonly sessions: number;
  readonly live: number;
  /** Live ones that stand in the group of a team. */
  readonly grouped: number;
}

export interface InventoryCost {
  readonly blockedMs: number;
  readonly heapMB: number;
}

async function main({ profile, remembered, ...files }: InventoryOrder): Promise<void> {
  const apis = createAwsAccess({ roleSessionName: () => undefined, mfaCode: () => Promise.resolve('') });
  const store = await openInventoryFiles({
    directory: remembered,
    now: () => Date.now(),
    log: (text) => process.stderr.write(`${text}\n`),
  });
  const inventory = new SessionInventory(apis, systemClock, { store: () => Promise.resolve(store) });
  const target = { profile, roles: [], files };
  inventory.setTargets([target]);
  const before = heap();
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const settings = { isMerged: false, filter: () => true, showsEnded: false, pricePerDpuHour: 0.44 };
  const draw = () => {
    const snapshot = inventory.snapshot(target);
    const [part] = sessionsView([snapshot], { ...settings, groupBy: parseGroupBy('team') }, Date.now());
    const live = part?.live ?? 0;
    const untagged = part?.groups.find(({ value }) => value === undefined)?.live ?? 0;
    const { state, sessions } = snapshot;
    say({ at: Date.now(), state, sessions: sessions.length, live, grouped: live - untagged });
  };
  // As the view does it: many changes in a moment make one redraw.
  let pending: ReturnType<typeof setTimeout> | undefined;
  let isLoaded = false;
  inventory.onDidChange(() => {
    // From here on: what loading the SDK took before has nothing to do with how many sessions there are.
    if (!isLoaded && inventory.snapshot(target).identity !== undefined) {
      isLoaded = true;
      lag.reset();
    }
    pending ??= setTimeout(() => {
      pending = undefined;
      draw();
    }, 100);
  });
  process.once('SIGTERM', () => {
    lag.disable();
    const heapMB = (heap() - before) / 1e6;
    inventory.dispose();
    const cost: InventoryCost = { blockedMs: Math.max(0, lag.max / 1e6 - 5), heapMB };
    process.stdout.write(`${JSON.stringify(cost)}\n`, () => {
      setTimeout(() => process.exit(), 300);
    });
  });
  inventory.setWatched(true);
}

function say(moment: InventoryMoment): void {
  process.stdout.write(`${JSON.stringify(moment)}\n`);
}

/** Bytes in use once what is not needed is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

void main(JSON.parse(process.argv[2] ?? '{}') as InventoryOrder);
