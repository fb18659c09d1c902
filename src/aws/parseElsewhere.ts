import { Worker } from 'node:worker_threads';

const program = `
const { parentPort, workerData } = require('node:worker_threads');
parentPort.postMessage(JSON.parse(Buffer.concat(workerData).toString('utf8')));
`;

/**
 * Parses JSON in a thread of its own: megabytes of it take longer than an editor may stand still.
 * @throws SyntaxError when it is no JSON
 */
export function parseElsewhere(chunks: readonly Uint8Array[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // Without the flags of this process: a debugger's would make the thread wait.
    const worker = new Worker(program, { eval: true, workerData: chunks, execArgv: [] });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread that parses an answer ended with ${code}`));
    });
  });
}
