/** Builds and serves Local Glue in front, options as its own: `npm run local -- --port 4571`. */
import { spawn } from 'node:child_process';
import { buildAll } from './build.mjs';
import { endWithNpm } from './endWithNpm.mjs';

const print = console.log;
// Standard output belongs to Local Glue's one line of JSON.
console.log = console.error;
await buildAll(false);
console.log = print;
const child = spawn(process.execPath, ['dist/localGlue.js', ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
endWithNpm(() => child.kill());
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
