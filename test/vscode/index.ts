/** The suite that runs inside a real VS Code: one line per test, for whoever listens outside. */
import Mocha from 'mocha';

class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    let [passed, failed] = [0, 0];
    runner.on('pass', (test) => {
      passed += 1;
      console.log(`TEST ok ${String(test.duration ?? 0)} ms ${test.fullTitle()}`);
    });
    runner.on('fail', (test, error: unknown) => {
      failed += 1;
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      console.log(`TEST FAILED ${test.fullTitle()}\n${reason}`);
    });
    runner.on('end', () => {
      console.log(`TEST RUN ${String(passed)} passed, ${String(failed)} failed`);
    });
  }
}

/** Rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, reporter: Lines });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  // Only now do `describe` and `it` exist.
  await import('./activation.suite');
  await import('./details.suite');
  await import('./cells.suite');
  await import('./badInput.suite');
  await import('./faults.suite');
  await import('./notebookFile.suite');
  await import('./tables.suite');
  await import('./commands.suite');
  await import('./severalSessions.suite');
  await import('./rules.suite');
  await import('./forgotten.suite');
  await import('./accountSetup.suite');
  await import('./automation.suite');
  await import('./startWizard.suite');
  await import('./language.suite');
  await import('./statementDisplay.suite');
  await import('./magicAnswers.suite');
  await import('./nothingLost.suite');
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${String(failures)} tests failed`);
}
