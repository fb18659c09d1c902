import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ec2 } from '../services/ec2';
import type { Glue } from '../services/glue/glue';
import type { Keys } from '../services/keys';
import { ServiceError } from '../services/serviceError';
import type { Sts } from '../services/sts';
import { errorAnswer, jsonAnswer, xmlAnswer, type Answer, type Protocol } from './answers';
import type { Journal } from './journal';
import type { RateLimit } from './rateLimit';
import { demandCoverage, readScope, verifySignature, type ReceivedCall } from './signature';

const maximumBodyBytes = 4 * 1024 * 1024;

export interface EndpointOptions {
  readonly glue: Glue;
  readonly sts: Sts;
  readonly ec2: Ec2;
  readonly keys: Keys;
  readonly journal: Journal;
  /** Milliseconds added to every answer. */
  readonly latency: number;
  readonly rateLimit?: RateLimit;
  readonly now: () => number;
}

/** A port that can't be listened on. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/** The HTTP face of Local Glue: refuses what no AWS tool on this machine sends, checks the signature, then hands on. */
export class Endpoint {
  private readonly server: Server;

  constructor(private readonly options: EndpointOptions) {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
    this.server.keepAliveTimeout = 60_000;
    // Whoever sends a call byte by byte holds a connection no longer than this.
    this.server.headersTimeout = 10_000;
    this.server.requestTimeout = 30_000;
  }

  /**
   * Accepts calls on 127.0.0.1.
   * @param port 0 takes a free one
   * @returns URL of the endpoint
   */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE';
        reject(
          taken
            ? new PortTakenError(
                `Port ${String(port)} is taken by another program. Choose another with --port, or 0 for any free one.`,
                { cause: error },
              )
            : error,
        );
      });
      this.server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    return `http://127.0.0.1:${String(address.port)}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = request.headers.host ?? '';
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host) || request.headers.origin !== undefined) {
      // A web page that got here by DNS rebinding or a cross-site request learns nothing.
      response.writeHead(403).end();
      request.resume();
      return;
    }
    const requestId = randomUUID();
    let answer: Answer;
    try {
      answer = await this.answer(request, requestId);
    } catch (error) {
      answer = errorAnswer('json', error, requestId);
    }
    if (this.options.latency > 0) await sleep(this.options.latency);
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'x-amzn-requestid': requestId,
      'content-length': Buffer.byteLength(answer.body),
    });
    response.end(answer.body);
  }

  private async answer(request: IncomingMessage, requestId: string): Promise<Answer> {
    const body = await readBody(request);
    if (request.method !== 'POST')
      throw new ServiceError('UnknownOperationException', 'Only POST is served', 405);
    const url = urlOf(request);
    if (url.searchParams.has('X-Amz-Signature')) {
      throw new ServiceError(
        'IncompleteSignatureException',
        'Local Glue takes a signature in the Authorization header, not in the query string',
      );
    }
    const call: ReceivedCall = {
      method: 'POST',
      url,
      headers: request.headers,
      body,
    };
    const { protocol, operation, form } = operationOf(call);
    const prefix = protocol === 'json' ? 'glue' : protocol === 'query' ? 'sts' : 'ec2';
    let caller: string | undefined;
    const note = (outcome: string) => {
      this.options.journal.call({
        time: this.options.now(),
        operation: `${prefix}:${operation}`,
        caller,
        outcome,
      });
    };
    try {
      const scope = readScope(call.headers);
      const key = await verifySignature(call, scope, this.options.keys, this.options.now());
      demandCoverage(call, scope, prefix);
      caller = key.caller.arn;
      if (this.options.rateLimit?.take() === false)
        throw new ServiceError('ThrottlingException', 'Rate exceeded');
      const result = this.dispatch(protocol, operation, form, call, key.caller, scope.region);
      note('ok');
      return protocol === 'json'
        ? jsonAnswer(result)
        : xmlAnswer(protocol, operation, { ...result }, requestId);
    } catch (error) {
      note(error instanceof ServiceError ? error.code : error instanceof Error ? error.name : 'Error');
      return errorAnswer(protocol, error, requestId);
    }
  }

  private dispatch(
    protocol: Protocol,
    operation: string,
    form: URLSearchParams,
    call: ReceivedCall,
    caller: Parameters<Glue['handle']>[2],
    region: string,
  ): object {
    if (protocol === 'json') return this.options.glue.handle(operation, parseJson(call.body), caller, region);
    if (protocol === 'query') return this.options.sts.handle(operation, form, caller);
    return this.options.ec2.handle(operation, form, caller, region);
  }
}

/** Which service and operation are meant: by the target header (JSON), or by the form (STS and EC2). */
function operationOf(call: ReceivedCall): { protocol: Protocol; operation: string; form: URLSearchParams } {
  const target = call.headers['x-amz-target'];
  if (typeof target === 'string') {
    const operation = /^AWSGlue\.(\w+)$/.exec(target)?.[1];
    if (operation === undefined) {
      throw new ServiceError('UnknownOperationException', `Local Glue does not serve ${target}`);
    }
    return { protocol: 'json', operation, form: new URLSearchParams() };
  }
  const form = new URLSearchParams(call.body.toString('utf8'));
  const operation = form.get('Action');
  if (operation === null)
    throw new ServiceError('UnknownOperationException', 'Neither X-Amz-Target nor Action is there');
  return { protocol: form.get('Version') === '2016-11-15' ? 'ec2' : 'query', operation, form };
}

function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not JSON');
  }
}

/** @throws ServiceError for any path but `/`. */
function urlOf(request: IncomingMessage): URL {
  const [target, base] = [request.url ?? '/', `http://${request.headers.host ?? ''}`];
  const url = URL.canParse(target, base) ? new URL(target, base) : undefined;
  if (url?.pathname === '/') return url;
  throw new ServiceError('UnknownOperationException', 'Only the path / is served', 404);
}

/** Reads on past the limit without keeping anything, since a caller that is still sending hears no answer. */
async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBodyBytes) chunks.length = 0;
    else chunks.push(chunk);
    if (size > 16 * maximumBodyBytes) break;
  }
  if (size <= maximumBodyBytes) return Buffer.concat(chunks);
  throw new ServiceError(
    'RequestEntityTooLargeException',
    `The request is larger than ${String(maximumBodyBytes)} bytes`,
    413,
  );
}
