export interface WorkerType {
  readonly name: string;
  /** DPU of one worker; M-DPU for Z.2X. */
  readonly dpu: number;
}

/** Source: botocore's public model and glue.md, "The API". */
export const workerTypes: readonly WorkerType[] = [
  { name: 'G.1X', dpu: 1 },
  { name: 'G.2X', dpu: 2 },
  { name: 'G.4X', dpu: 4 },
  { name: 'G.8X', dpu: 8 },
  { name: 'G.12X', dpu: 12 },
  { name: 'G.16X', dpu: 16 },
  { name: 'G.025X', dpu: 0.25 },
  { name: 'R.1X', dpu: 1 },
  { name: 'R.2X', dpu: 2 },
  { name: 'R.4X', dpu: 4 },
  { name: 'R.8X', dpu: 8 },
  { name: 'Z.2X', dpu: 2 },
  { name: 'Standard', dpu: 1 },
];

/** DPU of so many workers; undefined for a type that is not known here. */
export function dpuOf(workerType: string, numberOfWorkers: number): number | undefined {
  const dpu = workerTypes.find(({ name }) => name === workerType)?.dpu;
  return dpu === undefined ? undefined : dpu * numberOfWorkers;
}
