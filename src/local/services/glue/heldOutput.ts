import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EngineOutput } from '../../engine/engine';
import type { HeldResults } from '../../world/world';

export type EngineResult = Extract<EngineOutput, { kind: 'ok' }>;

/** Puts what a statement gave into S3. Gives the addresses; undefined for what is small enough to be told. */
export type HoldOutput = (
  output: EngineResult,
  session: string,
  statement: number,
) => { readonly stdOut?: string; readonly result?: string } | undefined;

/** Holds outputs from some size on in the folder that stands for S3, as a world asks for it. */
export function holdIn(s3Directory: string, { bucket, prefix, overBytes }: HeldResults): HoldOutput {
  return (output, session, statement) => {
    const result = resultOf(output);
    if (Buffer.byteLength(output.text) + (result?.data.length ?? 0) <= overBytes) return undefined;
    const put = (name: string, data: string | Buffer) => {
      // An id may hold what a file system, or a list of addresses, has another use for.
      const key = `${prefix}${session.replace(/[^\w-]/g, '_')}/${String(statement)}/${name}`;
      const file = path.join(s3Directory, bucket, key);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, data);
      return `s3://${bucket}/${key}`;
    };
    return {
      ...(output.text !== '' && { stdOut: put('stdout.txt', output.text) }),
      ...(result !== undefined && { result: put(result.name, result.data) }),
    };
  };
}

function resultOf({ image, html }: EngineResult): { name: string; data: Buffer } | undefined {
  if (image !== undefined) return { name: 'result.png', data: Buffer.from(image.base64, 'base64') };
  return html === undefined ? undefined : { name: 'result.html', data: Buffer.from(html) };
}
