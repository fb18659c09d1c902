import * as vscode from 'vscode';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Download {
  readonly signal: AbortSignal;
  /** Bytes that have come, and how many there will be where that is told. */
  readonly onProgress: (bytes: number, of: number | undefined) => void;
  /** Whether an address may be read: that which is asked for has been looked at, one that it leads to has not. */
  readonly isAllowed: (address: string) => boolean;
}

/**
 * Writes what is at a web address to a file, which only this user can read; nothing is left of one that did not come whole.
 * @throws Error with what the server answered, or why none did; the signal's reason
 */
export async function download(
  address: string,
  file: string,
  { signal, onProgress, isAllowed }: Download,
): Promise<void> {
  const answer = await fetch(address, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw reasonOf(error);
  });
  // The address lets in whoever has it, so it is in no message.
  if (!isAllowed(answer.url)) throw new Error(vscode.l10n.t('It leads to an address that is not https.'));
  if (!answer.ok || answer.body === null)
    throw new Error(
      vscode.l10n.t('The server answered {0}', `${String(answer.status)} ${answer.statusText}`.trim()),
    );
  const length = Number(answer.headers.get('content-length') ?? NaN);
  const isPacked = answer.headers.get('content-encoding') !== null;
  let bytes = 0;
  const counted = new Transform({
    transform: (chunk: Uint8Array, _, done) => {
      bytes += chunk.byteLength;
      onProgress(bytes, Number.isFinite(length) && !isPacked ? length : undefined);
      done(null, chunk);
    },
  });
  try {
    const written = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.fromWeb(answer.body), counted, written, { signal });
  } catch (error) {
    await rm(file, { force: true });
    signal.throwIfAborted();
    throw reasonOf(error);
  }
}

/** Fetch says only that it failed; the reason is underneath. */
function reasonOf(error: unknown): Error {
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return new Error(inner instanceof Error ? inner.message : String(inner), { cause: error });
}
