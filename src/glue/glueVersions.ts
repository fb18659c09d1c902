/** Versions that sessions can have, newest first. Source: glue.md, "The API"; 2.0 and older ended on 2026-04-01. */
export const glueVersions: readonly {
  readonly name: string;
  readonly spark: string;
  readonly python: string;
}[] = [
  { name: '6.0', spark: '4.1.1', python: '3.13' },
  { name: '5.1', spark: '3.5.6', python: '3.11' },
  { name: '5.0', spark: '3.5.4', python: '3.11' },
  { name: '4.0', spark: '3.3', python: '3.10' },
  { name: '3.0', spark: '3.1', python: '3.7' },
];
