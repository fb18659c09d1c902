import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longest, most of it waiting: one of them that is begun last is waited for by all. */
const longest = ['spark', 'idleSession', 'closing', 'table', 'resume', 'notebook', 'signIn'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).sort((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  plugins: [
    {
      name: 'Python as text',
      transform: (code, id) => (id.endsWith('.py') ? `export default ${JSON.stringify(code)}` : undefined),
    },
  ],
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/local/**/*.test.ts',
      'test/faults/**/*.test.ts',
      'test/interface/**/*.test.ts',
    ],
    sequence: { sequencer: LongestFirst },
    testTimeout: 20_000,
    hookTimeout: 120_000,
    // By itself one second: less than a busy window takes.
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      // The parts without VS Code; those with it run in it (scripts/bundleCoverage.mts).
      include: ['src/{glue,magics,aws,local}/**/*.ts'],
      reporter: ['text-summary', 'json'],
      reportsDirectory: 'coverage/vitest',
    },
  },
});
