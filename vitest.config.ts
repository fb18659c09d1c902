import { defineConfig } from 'vitest/config';

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
