import type { MiddlewareStack } from '@smithy/types';
import { parseElsewhere } from './parseElsewhere';

/** Bytes from which on an answer is parsed in another thread: shorter ones take but a few milliseconds. */
const longAnswer = 512 * 1024;

/** The answer as it came, with members outside the public model that the SDK drops. */
export interface RawAnswer {
  json: unknown;
}

/**
 * Makes a command keep the raw answer in place of the parsed one, which stays empty: the service sends MimeType, Result,
 * StdOut and StdErr, which the public model doesn't have (glue.md, "The API").
 * @param inThreadFrom bytes from which on it is parsed in another thread
 */
export function keepRawAnswer<Input extends object, Output extends object>(
  command: {
    readonly middlewareStack: MiddlewareStack<Input, Output>;
  },
  inThreadFrom = longAnswer,
): RawAnswer {
  const raw: RawAnswer = { json: undefined };
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown; statusCode?: number };
      const chunks = await collect(response.body);
      if (response.statusCode === 200) raw.json = await parse(chunks, inThreadFrom);
      // What was read here need not be read again.
      response.body = raw.json === undefined ? Buffer.concat(chunks) : Buffer.from('{}');
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'keepRawAnswer' },
  );
  return raw;
}

/** What can't be read is left to the SDK, whose error it is to tell. */
async function parse(chunks: readonly Uint8Array[], inThreadFrom: number): Promise<unknown> {
  try {
    const size = chunks.reduce((sum, { length }) => sum + length, 0);
    if (size > inThreadFrom) return await parseElsewhere(chunks);
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

async function collect(body: unknown): Promise<readonly Uint8Array[]> {
  if (body instanceof Uint8Array) return [body];
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return chunks;
}
