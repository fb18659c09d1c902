import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';

/** Faults that a call of any kind can meet. */
export const faults = [
  'answerLost',
  'resetBefore',
  'resetAfter',
  'internalError',
  'internalErrorAfter',
  'unavailable',
  'throttled',
  'slow',
  'half',
  'halfThenSilence',
  'malformed',
  'expiredToken',
  'late',
  'lateBeforeNext',
] as const satisfies readonly Fault[];

/** What can happen to a call between two machines. */
export type Fault =
  /** Carried out; the connection ends without a byte of the answer. */
  | 'answerLost'
  /** The connection is reset before the service heard of the call. */
  | 'resetBefore'
  /** The connection is reset while the service carries the call out. */
  | 'resetAfter'
  | 'internalError'
  /** Carried out, and then answered with 500. */
  | 'internalErrorAfter'
  | 'unavailable'
  | 'throttled'
  /** The answer comes, but after the client gave up. */
  | 'slow'
  /** The first half of the answer, then the connection ends. */
  | 'half'
  /** The first half of the answer, then nothing more, with the connection open. */
  | 'halfThenSilence'
  /** Status 200 and a body that is not JSON. */
  | 'malformed'
  | 'expiredToken'
  | 'denied'
  /** Delivered to the service some time after the client gave up. */
  | 'late'
  /** Delivered to the service after the client gave up, right before the next call of the same operation. */
  | 'lateBeforeNext';

export interface ProxiedCall {
  readonly operation: string;
  readonly body: string;
  fault?: Fault;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface FaultyProxy {
  readonly url: string;
  /** Every call that came in, in order. */
  readonly calls: readonly ProxiedCall[];
  /** Resolves when nothing is held back any more. */
  readonly delivered: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** How long after the client gave up a late call is delivered (milliseconds). */
const lateMs = 5000;

/** Stands between the SDK and an endpoint; calls it has no fault for pass unchanged, Host included. */
export async function startFaultyProxy(
  service: string,
  choose: (call: ProxiedCall) => Fault | undefined,
): Promise<FaultyProxy> {
  const calls: ProxiedCall[] = [];
  const held = new Set<Promise<unknown>>();
  let beforeNext: { readonly operation: string; readonly deliver: () => Promise<unknown> } | undefined;
  const hold = (work: Promise<unknown>) => {
    const kept = work.catch(() => undefined).finally(() => held.delete(kept));
    held.add(kept);
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await read(incoming);
    const call: ProxiedCall = { operation: operationOf(incoming), body: body.toString('utf8') };
    calls.push(call);
    if (beforeNext?.operation === call.operation) {
      const { deliver } = beforeNext;
      beforeNext = undefined;
      await deliver();
    }
    const fault = choose(call);
    if (fault !== undefined) call.fault = fault;
    const forward = () => send(service, incoming, body);
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    switch (fault) {
      case undefined: {
        reply(response, await forward());
        return;
      }
      case 'answerLost':
        await forward();
        return void incoming.socket.end();
      case 'resetBefore':
        return void incoming.socket.resetAndDestroy();
      case 'resetAfter':
        hold(forward());
        await pause(5);
        return void incoming.socket.resetAndDestroy();
      case 'internalError': {
        reply(response, refusal(500, 'InternalServiceException', 'An internal failure'));
        return;
      }
      case 'internalErrorAfter':
        await forward();
        {
          reply(response, refusal(500, 'InternalServiceException', 'An internal failure'));
          return;
        }
      case 'unavailable': {
        reply(response, { status: 503, headers: {}, body: Buffer.from('<html>Unavailable</html>') });
        return;
      }
      case 'throttled': {
        reply(response, refusal(400, 'ThrottlingException', 'Rate exceeded'));
        return;
      }
      case 'expiredToken': {
        reply(
          response,
          refusal(400, 'ExpiredTokenException', 'The security token included in the request is expired'),
        );
        return;
      }
      case 'denied':
        reply(response, refusal(400, 'AccessDeniedException', `${call.operation} is not allowed here`));
        return;
      case 'slow': {
        const answer = await forward();
        await gone;
        reply(response, answer);
        return;
      }
      case 'half':
      case 'halfThenSilence': {
        const answer = await forward();
        response.writeHead(answer.status, {
          ...answer.headers,
          'content-length': String(answer.body.length),
        });
        response.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)));
        if (fault === 'halfThenSilence') return;
        await pause(20);
        return void incoming.socket.resetAndDestroy();
      }
      case 'malformed':
        await forward();
        {
          reply(response, { status: 200, headers: {}, body: Buffer.from('{"Id": 7,, "St') });
          return;
        }
      case 'late':
        hold(gone.then(() => pause(lateMs)).then(forward));
        return;
      case 'lateBeforeNext':
        beforeNext = { operation: call.operation, deliver: forward };
        return;
    }
  };

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    calls,
    delivered: async () => {
      while (held.size > 0) await Promise.all(held);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function operationOf(incoming: IncomingMessage): string {
  const target = incoming.headers['x-amz-target'];
  return typeof target === 'string' ? (target.split('.').at(-1) ?? target) : 'STS';
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(service: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(incoming.url ?? '/', service);
    const { method, headers } = incoming;
    const request = httpRequest(url, { method, headers, agent: false }, (answer) => {
      read(answer).then((read) => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read });
      }, reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function refusal(status: number, type: string, message: string): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  return { status, headers, body: Buffer.from(JSON.stringify({ __type: type, Message: message })) };
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
