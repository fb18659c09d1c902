import { InvalidInputError } from '../errors';
import { sentence } from '../sentence';

/** Days in UTC, as Cost Explorer counts them: `2026-11-24`. */
export type Day = string;

/** From the beginning of a day to the beginning of another. */
export interface Period {
  readonly from: Day;
  /** Not part of it any more. */
  readonly to: Day;
}

export const periodNames = ['today', 'week', 'month'] as const;

export type PeriodName = (typeof periodNames)[number];

const dayMs = 86_400_000;
/** Cost Explorer keeps so many months by default. Source: Cost Management user guide, "Data in Cost Explorer". */
const mostDays = 14 * 31;

/** The day of a time, in UTC. @param time milliseconds since the epoch */
export function dayOf(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

/** When a day begins, in UTC (milliseconds since the epoch). */
export function beginningOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** The day, the week from Monday, or the month that a time is in, up to the end of its day. */
export function periodOf(name: PeriodName, now: number): Period {
  const to = dayOf(now + dayMs);
  const today = new Date(now);
  if (name === 'today') return { from: dayOf(now), to };
  if (name === 'week') return { from: dayOf(now - ((today.getUTCDay() + 6) % 7) * dayMs), to };
  return { from: dayOf(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1)), to };
}

/**
 * A period as a person writes it: first and last day, both part of it.
 * @throws InvalidInputError for what is no day, an end before its beginning, or more than Cost Explorer keeps
 */
export function parsePeriod(first: string, last: string): Period {
  const [from, end] = [parseDay(first), parseDay(last)];
  if (end < from)
    throw new InvalidInputError(sentence('The last day, {0}, is before the first, {1}.', last, first), last);
  if (end - from > mostDays * dayMs)
    throw new InvalidInputError(
      sentence('From {0} to {1} are more than 14 months: AWS keeps no more.', first, last),
      first,
    );
  return { from: dayOf(from), to: dayOf(end + dayMs) };
}

function parseDay(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? beginningOf(text.trim()) : NaN;
  // 2026-02-30 is read as a day of March.
  if (Number.isNaN(time) || dayOf(time) !== text.trim())
    throw new InvalidInputError(sentence('"{0}" is not a day. Expected one such as 2026-11-24.', text), text);
  return time;
}
