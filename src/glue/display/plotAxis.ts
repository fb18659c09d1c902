/** Where values stand along one side of a picture. */
export interface Axis {
  /** Pixels; undefined for what has no place. */
  readonly place: (value: unknown) => number | undefined;
  /** Pixels between two neighbouring values, or what a bar may take. */
  readonly step: number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const mostLabels = 8;

/**
 * An axis of numbers, of times or of names, whichever the values are.
 * @param hasZero whether zero belongs to it: bars begin there
 * @param hasRoom whether bars stand on it, the outer ones half beside it
 */
export function axisOf(
  values: readonly unknown[],
  start: number,
  end: number,
  hasZero: boolean,
  hasRoom: boolean,
): Axis {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.every((value) => typeof value === 'number')) {
    return measured(
      values,
      (value) => (typeof value === 'number' ? value : undefined),
      start,
      end,
      hasZero,
      hasRoom,
      numberLabel,
    );
  }
  if (present.every((value) => typeof value === 'string' && timeOf(value) !== undefined)) {
    return measured(
      values,
      (value) => (typeof value === 'string' ? timeOf(value) : undefined),
      start,
      end,
      false,
      hasRoom,
      timeLabel,
    );
  }
  return named(present.map(nameOf), start, end);
}

function measured(
  values: readonly unknown[],
  read: (value: unknown) => number | undefined,
  start: number,
  end: number,
  hasZero: boolean,
  hasRoom: boolean,
  label: (value: number, step: number) => string,
): Axis {
  let [low, high] = hasZero ? [0, 0] : [Infinity, -Infinity];
  const distinct = new Set<number>();
  for (const value of values) {
    const number = read(value);
    if (number === undefined || !Number.isFinite(number)) continue;
    [low, high] = [Math.min(low, number), Math.max(high, number)];
    distinct.add(number);
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const gap = hasRoom ? (high - low) / Math.max(1, distinct.size - 1) : 0;
  const edge = hasRoom ? gap / 2 : (high - low) * 0.04;
  const from = hasZero && low === 0 ? 0 : low - edge;
  const to = hasZero && high === 0 ? 0 : high + edge;
  const scale = (end - start) / (to - from);
  const place = (value: unknown) => {
    const number = read(value);
    return number === undefined || !Number.isFinite(number) ? undefined : start + (number - from) * scale;
  };
  const step = niceStep((to - from) / mostLabels);
  const ticks = [];
  for (let at = Math.ceil(from / step) * step; at <= to && ticks.length < 20; at += step) {
    ticks.push({ at: start + (at - from) * scale, label: label(at, step) });
  }
  return { place, step: Math.abs(gap * scale), ticks };
}

function named(values: readonly string[], start: number, end: number): Axis {
  const names = [...new Set(values)];
  const positions = new Map(names.map((name, at) => [name, at]));
  const step = (end - start) / Math.max(1, names.length);
  const every = Math.ceil(names.length / 12);
  const at = (position: number) => start + (position + 0.5) * step;
  return {
    place: (value) => {
      const position = value === null || value === undefined ? undefined : positions.get(nameOf(value));
      return position === undefined ? undefined : at(position);
    },
    step: Math.abs(step),
    ticks: names.flatMap((name, position) =>
      position % every === 0
        ? [{ at: at(position), label: name.length > 14 ? `${name.slice(0, 13)}…` : name }]
        : [],
    ),
  };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

function numberLabel(value: number, step: number): string {
  const digits = Math.min(10, Math.max(0, -Math.floor(Math.log10(step))));
  return Math.abs(value) >= 1e6 || step < 1e-6 ? value.toPrecision(3) : value.toFixed(digits);
}

const day = 86_400_000;

function timeLabel(value: number, step: number): string {
  const iso = new Date(value).toISOString();
  if (step >= 300 * day) return iso.slice(0, 4);
  return step >= day ? iso.slice(0, 10) : iso.slice(11, 16);
}

function timeOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d|$)/.test(text)) return undefined;
  const time = Date.parse(
    /[Z+]|\d-\d\d:\d\d$/.test(text.slice(10))
      ? text
      : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`,
  );
  return Number.isNaN(time) ? undefined : time;
}

/** A value as the name it stands under. */
export function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}
