/** Starts Local Glue for a script, from the build. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { coverageVariables } from './bundleCoverage.mjs';
import { noteSecrets } from './leftBehind.mjs';

export interface LocalGlueProcess {
  readonly endpoint: string;
  readonly configFile: string;
  readonly credentialsFile: string;
  readonly profiles: readonly string[];
  /** Variables that lead AWS tools to it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** Resolves once it accepts calls. @param args as its command line takes them */
export async function startLocalGlue(
  args: readonly string[],
  say: (line: string) => void,
): Promise<LocalGlueProcess> {
  const child = spawn(process.execPath, ['dist/localGlue.js', ...args], {
    env: { ...process.env, ...coverageVariables(), LOCAL_GLUE_STOP_WITH_STDIN: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    said.push(line);
    say(line);
  });
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => {
      reject(new Error(`Local Glue did not start: ${said.join('\n')}`));
    });
  });
  const announced = JSON.parse(line) as Omit<LocalGlueProcess, 'environment' | 'stop'>;
  await noteSecrets(announced.credentialsFile);
  return {
    ...announced,
    environment: {
      AWS_CONFIG_FILE: announced.configFile,
      AWS_SHARED_CREDENTIALS_FILE: announced.credentialsFile,
      AWS_PROFILE: announced.profiles[0] ?? 'default',
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
