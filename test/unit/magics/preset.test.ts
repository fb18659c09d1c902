import { describe, expect, it } from 'vitest';
import type { PresetSource } from '../../../src/glue/preset';
import { readCell } from '../../../src/magics/readCell';
import { configuration } from '../configuration';
import { english } from '../english';

const role = 'arn:aws:iam::444455556666:role/Creator';
const sources: readonly PresetSource[] = [
  {
    source: 'glue-guardrails.json',
    presets: {
      vpc: { connections: ['session_vpc'], numberOfWorkers: 3, tags: { team: 'analytics' } },
      'two words': { arguments: { '--conf': 'spark.a=b' } },
      broken: { workerType: 'G.3X' },
    },
  },
  { presets: { vpc: { numberOfWorkers: 9 }, mine: { profile: 'prod', roles: [{ roleArn: role }] } } },
];
const run = (text: string, before = configuration()) =>
  readCell(text, false, before, sources).applied.at(-1)!;

describe('%preset', () => {
  it('sets what the preset of the project says, and magics below it change that', () => {
    const { configuration: next } = run('%preset vpc\n%number_of_workers 4');
    expect(next.connections).toEqual({ value: ['session_vpc'], origin: 'magic' });
    expect(next.numberOfWorkers.value).toBe(4);
    expect(next.tags.value).toMatchObject({ team: 'analytics' });
    expect(next.workerType).toEqual(configuration().workerType);
  });

  it('says what it set, and tags a session that runs', () => {
    const { notes, action } = run('%preset vpc');
    expect(notes.map(english)).toEqual([
      'Preset vpc of glue-guardrails.json: connections session_vpc; numberOfWorkers 3; tags team=analytics',
    ]);
    expect(action).toEqual({ kind: 'tag', tags: { team: 'analytics' } });
  });

  it('takes the place of a capacity when it says workers', () => {
    const before = { ...configuration(), maxCapacity: { value: 5, origin: 'magic' as const } };
    expect(run('%preset vpc', before).configuration.maxCapacity).toBeUndefined();
    expect(run("%preset 'two words'", before).configuration).toMatchObject({
      maxCapacity: { value: 5 },
      extraArguments: { value: { '--conf': 'spark.a=b' } },
    });
  });

  it('wants a profile and roles of a preset approved, as those of magics', () => {
    const { configuration: next, approvals } = run('%region eu-west-2\n%preset mine');
    expect(next.target.value).toEqual({ profile: 'prod', region: 'eu-west-2', roles: [{ roleArn: role }] });
    expect(approvals).toEqual([
      { kind: 'profile', value: 'prod' },
      { kind: 'role', value: role },
    ]);
  });

  it.each([
    ['%preset', /needs a value/],
    ['%preset constructor', /no preset "constructor"\. There are: vpc, two words, broken, mine/],
    ['%preset broken', /glue-guardrails\.json presets\["broken"\]\.workerType: "G\.3X" is not a worker type/],
    ['%%configure\n{"preset": "vpc"}', /line of its own/],
  ])('%j is refused with what was expected', (text, message) => {
    expect(() => run(text)).toThrow(message);
  });

  it('is told where there is none at all', () => {
    expect(() => readCell('%preset vpc', false, configuration())).toThrow(/none is in the setting/);
  });
});
