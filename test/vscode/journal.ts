import { readFileSync } from 'node:fs';

export interface JournalLine {
  readonly kind: 'call' | 'statement';
  readonly operation?: string;
  readonly caller?: string;
  readonly outcome?: string;
  readonly session?: string;
}

/** What Local Glue was really asked, as it wrote it down. */
export function journal(): readonly JournalLine[] {
  return readFileSync(process.env.GLUE_SESSIONS_JOURNAL ?? '', 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);
}

export function callsOf(operation: string): readonly JournalLine[] {
  return journal().filter((line) => line.operation === operation);
}
