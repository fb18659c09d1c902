/**
 * When a statement is asked about. Each poll is a call that counts against the account's rate, so their number is held to
 * what the official kernel makes: one GetSession, then GetStatement at once and every second. Not asking for the session,
 * and not asking at once, leaves seven polls for the first five seconds and one for each second after them. All the
 * choice is where to place them: a statement that ends in a gap between two polls is seen at the gap's end, on average
 * half a gap late.
 */

/**
 * Ages at which a statement that was not run before is asked about (milliseconds). The first four follow closely what
 * most cells are: nothing to do, a look at data in memory, a small job, a job. From there on the density of durations is
 * taken to fall as 1/t: as many last from one second to two as from two to four. The expected loss in a gap from a to b
 * is then b·ln(b/a) − (b − a), and the sum over gaps is least when a gap's ratio r is followed by 1 + ln r. From 1.26 to
 * 5.6 s in three gaps these are 1.86, 1.62 and 1.48.
 */
const firstPolls = [1, 65, 390, 1260, 2340, 3790, 5600];

/**
 * One poll a second, a little less for the time that a call takes; from a minute on at a sixtieth of the age, up to five
 * seconds: after minutes nobody misses those, and others need the calls.
 */
const laterPolls = { leastMs: 995, mostMs: 5000, partOfAge: 1 / 60 };

/** Decides when to ask next. Milliseconds since the statement was sent; what it gives is greater. */
export type NextPoll = (ageMs: number) => number;

/**
 * When to ask about a statement.
 * @param expectedMs age at which a statement with the same code had ended before; undefined when none was run
 */
export function planPolls(expectedMs?: number): NextPoll {
  const expected = expectedMs === undefined ? [] : expectedPolls(expectedMs);
  // Timers are early or late by a millisecond: one that was due just now was this one.
  return (ageMs) => expected.find((age) => age > ageMs * 1.0005 + 2) ?? nextPoll(ageMs);
}

function nextPoll(ageMs: number): number {
  const { leastMs, mostMs, partOfAge } = laterPolls;
  // One that is all but due (an answer took long) would bring no news.
  const first = firstPolls.find((age) => age > ageMs * 1.25);
  return first ?? ageMs + Math.min(mostMs, Math.max(leastMs, ageMs * partOfAge));
}

/**
 * Code usually takes as long as before: seldom less, unless what it needed then is at hand now, sometimes more. So of the
 * polls that it would get anyhow until well after that time, those up to its half stay, thinned where they are close for
 * their age; the others are moved to where it likely ends: a third before that time, two thirds from just after it on,
 * with gaps that widen on both sides. There are never more of them by any age than without an expectation: a wrong one
 * costs some time, and no calls.
 */
function expectedPolls(expectedMs: number): readonly number[] {
  const usual = pollsUntil(expectedMs * 1.31);
  const kept = usual.filter((age) => age <= expectedMs / 2).reduce(thinned, []);
  const moved = usual.length - kept.length;
  const before = Math.floor(moved / 3);
  const after = moved - before;
  // The fewer there are behind that time, the more it is worth to catch a little more than it with the first.
  const first = 1 + 0.05 / Math.max(1, after);
  return [
    ...kept,
    ...evenly(before, 1, before + 1).map((part) => expectedMs * (1 - 0.5 * (1 - part) ** 2)),
    ...evenly(after, 0, after).map((part) => expectedMs * (first + 0.3 * part ** 2)),
  ];
}

/** Leaves out an age that is less than a half older than the one before. */
function thinned(kept: readonly number[], age: number): readonly number[] {
  return age < (kept.at(-1) ?? 0) * 1.5 ? kept : [...kept, age];
}

/** So many parts of a whole: from / whole, (from + 1) / whole and so on. */
function evenly(count: number, from: number, whole: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => (from + i) / whole);
}

/** When a statement that was not run before is asked about until that age. */
function pollsUntil(ageMs: number): readonly number[] {
  const ages: number[] = [];
  for (let age = nextPoll(0); age <= ageMs; age = nextPoll(age)) ages.push(age);
  return ages;
}
