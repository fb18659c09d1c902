import type { EngineSession } from './engine';

const told =
  'Local Glue runs Python only: its engine has no Scala shell, so this code was not run. On AWS this session would run it. Use the kernel "Glue PySpark" here, or %profile and %region of an AWS account.';

/** Stands for a session of Scala (`--session-language scala`): it starts, as on AWS, and tells at each statement that it runs nothing. */
export function scalaSession(): EngineSession {
  let end: (reason: undefined) => void;
  const exited = new Promise<undefined>((resolve) => {
    end = resolve;
  });
  return {
    isAlive: true,
    run: () =>
      Promise.resolve({
        kind: 'error',
        text: '',
        errorName: 'NoScalaInLocalGlue',
        errorValue: told,
        traceback: [],
      }),
    cancel: () => undefined,
    sparkUi: () => Promise.resolve(undefined),
    stop: () => {
      end(undefined);
      return Promise.resolve();
    },
    exited,
  };
}
