/** Starts an inventory in a process of its own, from the build with tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { InventoryCost, InventoryMoment, InventoryOrder } from '../../test/vscode/inventoryProcess';

export interface InventoryProcess {
  readonly child: ChildProcess;
  /** When it was started (milliseconds since the epoch). */
  readonly startedAt: number;
  /** What its view has held, one redraw after the other. */
  readonly moments: readonly InventoryMoment[];
  /** Ends it as a window ends. */
  readonly end: () => Promise<InventoryCost>;
}

export function startInventory(order: InventoryOrder): InventoryProcess {
  const startedAt = Date.now();
  const child = spawn(process.execPath, ['dist/test/inventoryProcess.js', JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const moments: InventoryMoment[] = [];
  let told: (cost: InventoryCost) => void = () => undefined;
  const cost = new Promise<InventoryCost>((resolve) => (told = resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const value = JSON.parse(line) as InventoryMoment | InventoryCost;
    if ('blockedMs' in value) told(value);
    else moments.push(value);
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  return {
    child,
    startedAt,
    moments,
    end: async () => {
      child.kill('SIGTERM');
      const reported = await cost;
      await closed;
      return reported;
    },
  };
}
