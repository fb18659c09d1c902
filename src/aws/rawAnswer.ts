import type { MiddlewareStack } from '@smithy/types';

/** Members outside the public model that the SDK drops, kept as they came. */
export interface RawAnswer {
  json: unknown;
}

/**
 * Makes a command keep the raw answer beside the parsed one: the service sends MimeType, Result, StdOut and StdErr,
 * which the public model doesn't have (glue.md, "The API").
 */
export function keepRawAnswer<Input extends object, Output extends object>(command: {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}): RawAnswer {
  const raw: RawAnswer = { json: undefined };
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown; statusCode?: number };
      const bytes = await collect(response.body);
      response.body = bytes;
      if (response.statusCode === 200) raw.json = parse(bytes);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'keepRawAnswer' },
  );
  return raw;
}

/** The SDK reads the same bytes next: what can't be read is its error to tell. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
