import type { Session } from './glueApi';
import { sessionState } from './sessionStatus';
import { dpuOf } from './workerTypes';

/** Seconds billed at least. Source: AWS Glue pricing. */
const minimumSeconds = 60;

export interface Cost {
  readonly dollars: number;
  /** DPU-seconds. */
  readonly dpuSeconds: number;
  /** True when reckoned from times; false when the service gave the DPU-seconds. */
  readonly reckoned: boolean;
}

type Sized = Pick<Session, 'maxCapacity' | 'workerType' | 'numberOfWorkers'>;

/** DPU that a session holds; undefined when the service doesn't tell. */
export function capacityOf(session: Sized): number | undefined {
  if (session.maxCapacity !== undefined) return session.maxCapacity;
  if (session.workerType === undefined || session.numberOfWorkers === undefined) return undefined;
  return dpuOf(session.workerType, session.numberOfWorkers);
}

/** What a session of that size costs an hour. @param pricePerDpuHour dollars */
export function dollarsPerHour(session: Sized, pricePerDpuHour: number): number | undefined {
  const dpu = capacityOf(session);
  return dpu === undefined ? undefined : dpu * pricePerDpuHour;
}

/**
 * What a session has cost. Billing is by the second with one minute at least; the service's own DPU-seconds are
 * preferred where they are filled.
 * @param now milliseconds since the epoch
 */
export function costSoFar(session: Session, pricePerDpuHour: number, now: number): Cost | undefined {
  const dollars = (dpuSeconds: number) => (dpuSeconds / 3600) * pricePerDpuHour;
  if (session.dpuSeconds !== undefined && session.dpuSeconds > 0) {
    return { dollars: dollars(session.dpuSeconds), dpuSeconds: session.dpuSeconds, reckoned: false };
  }
  const dpu = capacityOf(session);
  if (dpu === undefined || session.createdOn === undefined) return undefined;
  if (session.status === 'PROVISIONING') return { dollars: 0, dpuSeconds: 0, reckoned: true };
  const end = sessionState(session.status).isLive ? now : (session.completedOn ?? session.createdOn);
  const seconds = session.executionTime ?? Math.max(minimumSeconds, (end - session.createdOn) / 1000);
  return { dollars: dollars(seconds * dpu), dpuSeconds: seconds * dpu, reckoned: true };
}

/**
 * What a statement's time costs of a session that is paid by time, whether it works or not.
 * @param ms milliseconds that the statement ran
 */
export function statementCost(session: Sized, ms: number, pricePerDpuHour: number): Cost | undefined {
  const dpu = capacityOf(session);
  if (dpu === undefined) return undefined;
  const dpuSeconds = (dpu * ms) / 1000;
  return { dollars: (dpuSeconds / 3600) * pricePerDpuHour, dpuSeconds, reckoned: true };
}

/** Dollars for people: cents, or three digits below ten cents. */
export function formatDollars(dollars: number): string {
  return `$${dollars.toFixed(dollars > 0 && dollars < 0.1 ? 3 : 2)}`;
}

/** Dollars for people where most amounts are parts of a cent. */
export function formatSmallDollars(dollars: number): string {
  if (dollars >= 0.1 || dollars === 0) return formatDollars(dollars);
  return dollars < 0.0001 ? '< $0.0001' : `$${dollars.toFixed(4)}`;
}
