import { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { SaidError } from '../glue/errors';
import { sentence } from '../glue/sentence';
import { isLoopbackHost } from './loopback';

/** A call that would have left this machine, from a target that is on this machine. */
export class LoopbackOnlyError extends SaidError {
  override readonly name = 'LoopbackOnlyError';
}

/** A call that ended without an answer, in Node's own words for it: the SDK's retries and callError.ts know them. */
class TransportError extends Error {
  constructor(
    readonly code: string,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** No answer, or not the next bytes of it, came in time. The SDK knows it by its name. */
class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** Of the SDK's transports the one on `fetch`, that lets calls to this machine through and no other where it is told so. */
class RequestHandler extends FetchHttpHandler {
  constructor(
    private readonly loopbackOnly: boolean,
    answerMs: number,
  ) {
    super({
      customFetch: (input) => fetchInTime(input, answerMs),
      // An answer that leads elsewhere is an answer: S3 says so where a bucket is.
      requestInit: () => ({ redirect: 'manual' }),
    });
  }

  override async handle(...[request, options]: Parameters<FetchHttpHandler['handle']>) {
    if (this.loopbackOnly && !isLoopbackHost(request.hostname)) {
      throw new LoopbackOnlyError(
        sentence(
          'The target is on this machine, so a call to {0} was refused. Check endpoint_url and the services section of the profile.',
          request.hostname,
        ),
      );
    }
    return super.handle(request, options);
  }
}

/**
 * The SDK's transport on `fetch`, with time-outs that people can bear. In an extension host `fetch` is VS Code's: it takes
 * proxies and certificates as VS Code's settings say, and keeps connections for the next call. Requests of `node:http`
 * there connect and shake hands anew for each call that leaves the machine, and cost milliseconds of stack traces
 * (@vscode/proxy-agent and agent-base; measured: 4.3 ms a call on loopback against 1.2 outside of VS Code).
 * A connection that nothing uses is closed after 4 s (undici's own): when it is dead without anyone knowing (the machine
 * slept, a router forgot it), a cell would be sent into it.
 * @param loopbackOnly any service and credential provider may call this machine alone
 * @param answerMs for how long an answer is waited for, and for the next bytes of it (milliseconds)
 */
export function createRequestHandler(loopbackOnly: boolean, answerMs = 30_000): FetchHttpHandler {
  return new RequestHandler(loopbackOnly, answerMs);
}

/** Ends the call, and with it its connection, when nothing comes for so long (milliseconds). */
async function fetchInTime(input: Parameters<typeof fetch>[0], answerMs: number): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new TimeoutError(`nothing came for ${String(answerMs)} ms`));
  }, answerMs);
  const signal = input instanceof Request ? AbortSignal.any([input.signal, late.signal]) : late.signal;
  try {
    const answer = await fetch(input, { signal });
    timer.refresh();
    if (answer.body === null) {
      clearTimeout(timer);
      return answer;
    }
    return new Response(watched(answer.body, timer), answer);
  } catch (error) {
    clearTimeout(timer);
    throw transportError(error);
  }
}

/** The same bytes; each of them gives the next ones their time. */
function watched(body: ReadableStream<Uint8Array>, timer: NodeJS.Timeout): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        timer.refresh();
        if (!done) {
          controller.enqueue(value);
          return;
        }
        clearTimeout(timer);
        controller.close();
      } catch (error) {
        clearTimeout(timer);
        controller.error(transportError(error));
      }
    },
    cancel: async (reason) => {
      clearTimeout(timer);
      await reader.cancel(reason);
    },
  });
}

/** What `fetch` calls "fetch failed" or "terminated", as what it was. */
function transportError(error: unknown): unknown {
  if (!(error instanceof TypeError) || !(error.cause instanceof Error)) return error;
  const { cause } = error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  switch (code) {
    case undefined:
      return error;
    case 'UND_ERR_SOCKET':
      return new TransportError('ECONNRESET', cause);
    case 'UND_ERR_CONNECT_TIMEOUT':
      return new TransportError('ETIMEDOUT', cause);
    default:
      return new TransportError(code, cause);
  }
}
