import { ServiceError } from './serviceError';

/** What a session used, for the bill. */
export interface SessionUsage {
  readonly account: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
  /** DPU. */
  readonly capacity: number;
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Milliseconds since the epoch; undefined while it runs. */
  readonly to: number | undefined;
}

/** A line of the bill: what one session used on one day. */
export interface UsageLine extends Omit<SessionUsage, 'from' | 'to' | 'capacity'> {
  /** `2026-11-24`, in UTC. */
  readonly day: string;
  readonly dpuHours: number;
}

const dayMs = 86_400_000;
/** Source: AWS Glue pricing: by the second, one minute at least. */
const leastMs = 60_000;

/** The lines of a session, one for each day (UTC) on which it ran. @param now its end while it runs */
export function daysOf(session: SessionUsage, now: number): readonly UsageLine[] {
  const { account, region, tags, capacity, from } = session;
  const to = Math.max(session.to ?? now, from + leastMs);
  const lines: UsageLine[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / dayMs) + 1) * dayMs);
    lines.push({
      account,
      region,
      tags,
      day: dayOf(start),
      dpuHours: (capacity * (end - start)) / 3_600_000,
    });
    start = end;
  }
  return lines;
}

/** The value of a dimension of Cost Explorer. @throws ServiceError for one that is not known here */
export function dimensionOf(key: string, line: UsageLine): string {
  const values: Readonly<Record<string, string>> = {
    SERVICE: 'AWS Glue',
    OPERATION: 'GlueInteractiveSession',
    USAGE_TYPE: `${regionCode(line.region)}-GlueInteractiveSession-DPU-Hour`,
    REGION: line.region,
    LINKED_ACCOUNT: line.account,
  };
  const value = Object.hasOwn(values, key) ? values[key] : undefined;
  if (value === undefined)
    throw new ServiceError('ValidationException', `Local Glue does not know the dimension ${key}`);
  return value;
}

/** As usage types begin: USE1 is us-east-1. */
function regionCode(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  return `${area.toUpperCase()}${direction.slice(0, 1).toUpperCase()}${number}`;
}

/** The day of a time, in UTC. */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
