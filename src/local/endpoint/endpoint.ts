import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CostExplorer } from '../services/costExplorer';
import type { Ec2 } from '../services/ec2';
import type { Glue } from '../services/glue/glue';
import type { Iam } from '../services/iam';
import type { Keys } from '../services/keys';
import type { ObjectRequest, S3 } from '../services/s3';
import { ServiceError } from '../services/serviceError';
import type { ServiceQuotas } from '../services/serviceQuotas';
import type { Sts } from '../services/sts';
import type { Tagging } from '../services/tagging';
import { errorAnswer, jsonAnswer, objectAnswer, xmlAnswer, type Answer, type Protocol } from './answers';
import type { Journal } from './journal';
import type { RateLimit } from './rateLimit';
import { demandCoverage, readScope, verifySignature, type ReceivedCall } from './signature';
import type { SsoEndpoint } from './ssoEndpoint';

const maximumBodyBytes = 4 * 1024 * 1024;

export interface EndpointOptions {
  readonly glue: Glue;
  readonly sts: Sts;
  readonly iam: Iam;
  readonly ec2: Ec2;
  readonly tagging: Tagging;
  readonly costExplorer: CostExplorer;
  readonly quotas: ServiceQuotas;
  readonly s3: S3;
  /** Undefined: the world has no portal. */
  readonly sso?: SsoEndpoint;
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
    const isForeign = request.headers.origin !== undefined && this.options.sso?.isOwnForm(request) !== true;
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host) || isForeign) {
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
      'x-amz-request-id': requestId,
      ...answer.headers,
      'content-length': Buffer.byteLength(answer.body),
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  private async answer(request: IncomingMessage, requestId: string): Promise<Answer> {
    const body = await readBody(request);
    const { url, path } = addressOf(request);
    const signIn = this.options.sso?.answer(request, path, url.searchParams, body);
    if (signIn !== undefined) return signIn;
    const isObject = (request.method === 'GET' || request.method === 'HEAD') && path !== '/';
    if (request.method !== 'POST' && !isObject)
      throw new ServiceError(
        'UnknownOperationException',
        'Only POST is served, and GET of objects of S3',
        405,
      );
    if (!isObject && path !== '/')
      throw new ServiceError('UnknownOperationException', 'Only the path / is served', 404);
    if (url.searchParams.has('X-Amz-Signature')) {
      throw new ServiceError(
        'IncompleteSignatureException',
        'Local Glue takes a signature in the Authorization header, not in the query string',
      );
    }
    const call: ReceivedCall = {
      method: request.method ?? 'POST',
      url,
      path,
      headers: request.headers,
      body,
    };
    const { service, operation, form } = isObject
      ? {
          service: 's3' as const,
          operation: request.method === 'HEAD' ? 'HeadObject' : 'GetObject',
          form: new URLSearchParams(),
        }
      : operationOf(call);
    const protocol = protocols[service];
    let caller: string | undefined;
    const note = (outcome: string) => {
      this.options.journal.call({
        time: this.options.now(),
        operation: `${actionPrefixes[service]}:${operation}`,
        caller,
        outcome,
      });
    };
    try {
      const scope = readScope(call.headers);
      const key = await verifySignature(call, scope, this.options.keys, this.options.now());
      demandCoverage(call, scope, service);
      caller = key.caller.arn;
      if (this.options.rateLimit?.take() === false) {
        const code = service === 'tagging' ? 'ThrottledException' : 'ThrottlingException';
        throw new ServiceError(code, 'Rate exceeded');
      }
      if (service === 's3') {
        const object = this.options.s3.getObject(objectRequest(call), key.caller, scope.region);
        note('ok');
        return objectAnswer(object);
      }
      const result = await this.dispatch(service, operation, form, call, key.caller, scope.region);
      note('ok');
      return service === 'sts' || service === 'iam' || service === 'ec2'
        ? xmlAnswer(service, operation, { ...result }, requestId)
        : jsonAnswer(result);
    } catch (error) {
      note(error instanceof ServiceError ? error.code : error instanceof Error ? error.name : 'Error');
      return errorAnswer(protocol, error, requestId);
    }
  }

  private dispatch(
    service: Exclude<ServiceName, 's3'>,
    operation: string,
    form: URLSearchParams,
    call: ReceivedCall,
    caller: Parameters<Glue['handle']>[2],
    region: string,
  ): object | Promise<object> {
    const { glue, tagging, costExplorer, quotas, sts, iam, ec2 } = this.options;
    switch (service) {
      case 'glue':
        return glue.handle(operation, parseJson(call.body), caller, region);
      case 'tagging':
        return tagging.handle(operation, parseJson(call.body), caller, region);
      case 'ce':
        return costExplorer.handle(operation, parseJson(call.body), caller, region);
      case 'servicequotas':
        return quotas.handle(operation, parseJson(call.body), caller, region);
      case 'sts':
        return sts.handle(operation, form, caller);
      case 'iam':
        return iam.handle(operation, form, caller);
      case 'ec2':
        return ec2.handle(operation, form, caller, region);
    }
  }
}

/** By the name that a signature's scope gives it. */
type ServiceName = 'glue' | 'tagging' | 'ce' | 'servicequotas' | 'sts' | 'iam' | 'ec2' | 's3';

const protocols = {
  glue: 'json',
  tagging: 'json',
  ce: 'json',
  servicequotas: 'json',
  sts: 'query',
  iam: 'query',
  ec2: 'ec2',
  s3: 's3',
} as const satisfies Readonly<Record<ServiceName, Protocol>>;

/** How IAM writes the actions of each. */
const actionPrefixes: Readonly<Record<ServiceName, string>> = {
  glue: 'glue',
  tagging: 'tag',
  ce: 'ce',
  servicequotas: 'servicequotas',
  sts: 'sts',
  iam: 'iam',
  ec2: 'ec2',
  s3: 's3',
};

/** Services of the JSON protocol by the first part of the target header. */
const jsonServices: Readonly<Record<string, ServiceName>> = {
  AWSGlue: 'glue',
  ResourceGroupsTaggingAPI_20170126: 'tagging',
  AWSInsightsIndexService: 'ce',
  ServiceQuotasV20190624: 'servicequotas',
};

/** Versions of the services that are called by a form. */
const versions: Readonly<Record<string, ServiceName>> = { '2010-05-08': 'iam', '2016-11-15': 'ec2' };

/** Which service and operation are meant: by the target header (JSON), or by the form (STS, IAM and EC2). */
function operationOf(call: ReceivedCall): {
  service: ServiceName;
  operation: string;
  form: URLSearchParams;
} {
  const target = call.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [, name = '', operation] = /^(\w+)\.(\w+)$/.exec(target) ?? [];
    const service = Object.hasOwn(jsonServices, name) ? jsonServices[name] : undefined;
    if (service === undefined || operation === undefined) {
      throw new ServiceError('UnknownOperationException', `Local Glue does not serve ${target}`);
    }
    return { service, operation, form: new URLSearchParams() };
  }
  const form = new URLSearchParams(call.body.toString('utf8'));
  const operation = form.get('Action');
  if (operation === null)
    throw new ServiceError('UnknownOperationException', 'Neither X-Amz-Target nor Action is there');
  return { service: versions[form.get('Version') ?? ''] ?? 'sts', operation, form };
}

function parseJson(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not JSON');
  }
}

/** The path stays as it was sent: a URL would resolve the dots in it, which a key of S3 may have. */
function addressOf(request: IncomingMessage): { url: URL; path: string } {
  const [, path = '/', query = ''] = /^([^?]*)(\?.*)?$/s.exec(request.url ?? '/') ?? [];
  return { url: new URL(`http://${request.headers.host ?? ''}/${query}`), path };
}

/** @throws ServiceError for what the query makes another operation. */
function objectRequest({ url, path, headers }: ReceivedCall): ObjectRequest {
  const other = [...url.searchParams.keys()].find((name) => name !== 'x-id');
  if (other !== undefined) {
    throw new ServiceError('NotImplemented', `Of S3, Local Glue serves GetObject, and not ?${other}.`, 501);
  }
  return { path, ...(headers.range !== undefined && { range: headers.range }) };
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
