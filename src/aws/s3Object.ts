import { createHash, createHmac, type BinaryLike } from 'node:crypto';
import type { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { inEnglish, sentence, type Said, type Sentence } from '../glue/sentence';
import type { S3Address, S3Object } from '../glue/glueApi';
import type { CredentialProvider } from './credentials';

export interface ObjectReaderOptions {
  /** Of the target; a bucket elsewhere says where it is. */
  readonly region: string;
  readonly credentials: CredentialProvider;
  readonly requestHandler: FetchHttpHandler;
  /** In place of AWS's own. */
  readonly endpoint?: string;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** A refusal in the shape of the SDK's own errors: see callError.ts. */
class S3Error extends Error {
  readonly $fault = 'client';
  readonly sentence?: Sentence;
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId?: string };

  constructor(code: string, message: Said, { statusCode, headers }: Answer) {
    super(inEnglish(message));
    if (typeof message === 'object') this.sentence = message;
    this.name = code;
    const requestId = headers['x-amz-request-id'];
    this.$metadata = { httpStatusCode: statusCode, ...(requestId !== undefined && { requestId }) };
  }
}

/** S3 GetObject and nothing else: the SDK's client of S3 would weigh more than the rest of the extension. */
export function createObjectReader(options: ObjectReaderOptions) {
  return async (address: S3Address, maxBytes: number, signal?: AbortSignal): Promise<S3Object> => {
    const first = await get(options, address, maxBytes, signal);
    const elsewhere = first.headers['x-amz-bucket-region'];
    const isElsewhere =
      [301, 307, 400].includes(first.statusCode) && elsewhere !== undefined && elsewhere !== options.region;
    const answer = isElsewhere
      ? await get({ ...options, region: elsewhere }, address, maxBytes, signal)
      : first;
    if (isElsewhere) await read(first, 0);
    // Nothing is in it: there is no first byte to ask for.
    if (answer.statusCode === 416) return { bytes: new Uint8Array(), size: 0 };
    if (answer.statusCode !== 200 && answer.statusCode !== 206) throw await refusal(answer);
    const bytes = await read(answer, maxBytes);
    const size = Number(/\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1] ?? bytes.length);
    const contentType = answer.headers['content-type'];
    return { bytes, size, ...(contentType !== undefined && { contentType }) };
  };
}

async function get(
  { region, credentials, requestHandler, endpoint }: ObjectReaderOptions,
  { bucket, key }: S3Address,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (key.split('/').some((segment) => ['.', '..'].includes(segment))) {
    // An address loses them on its way, and would lead to another object.
    const message = sentence('an object whose name has a part "." or ".." can\'t be asked for: {0}', key);
    throw new S3Error('InvalidURI', message, { statusCode: 400, headers: {} });
  }
  const signer = new SignatureV4({
    service: 's3',
    region,
    credentials,
    sha256: NodeSha256,
    // As S3 wants it: the path is encoded once, and what the body hashes to is a header.
    uriEscapePath: false,
    applyChecksum: true,
  });
  const place = placeOf(bucket, region, endpoint);
  const signed = await signer.sign({
    method: 'GET',
    ...place,
    path: `${place.path}/${key.split('/').map(encoded).join('/')}`,
    query: {},
    headers: { host: place.host, range: `bytes=0-${String(maxBytes - 1)}` },
  });
  const request = new HttpRequest({ ...signed });
  const { response } = await requestHandler.handle(request, signal && { abortSignal: signal });
  return response;
}

/** Where the bucket is asked for. One with a dot in its name doesn't fit the certificate of a host of its own. */
function placeOf(bucket: string, region: string, endpoint: string | undefined) {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const isHost = endpoint === undefined && !bucket.includes('.');
  const url = new URL(
    endpoint ?? (isHost ? `https://${bucket}.s3.${region}.${suffix}` : `https://s3.${region}.${suffix}`),
  );
  return {
    protocol: url.protocol,
    hostname: url.hostname,
    host: url.host,
    ...(url.port !== '' && { port: Number(url.port) }),
    path: isHost ? '' : `${url.pathname.replace(/\/$/, '')}/${bucket}`,
  };
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** At most so many bytes, whatever is sent. */
async function read({ body }: Answer, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

async function refusal(answer: Answer): Promise<Error> {
  const xml = Buffer.from(await read(answer, 10_000)).toString('utf8');
  const field = (name: string) => {
    const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
    return text === undefined ? undefined : withoutEntities(text);
  };
  const code =
    field('Code') ?? (answer.statusCode === 403 ? 'AccessDenied' : `HTTP${String(answer.statusCode)}`);
  return new S3Error(
    code,
    field('Message') ?? sentence('S3 answered with HTTP {0}', answer.statusCode),
    answer,
  );
}

const entities: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

/** S3's refusals have the resource in quotes. */
function withoutEntities(xml: string): string {
  return xml.replace(
    /&(?:#(\d{1,6})|#x([\da-f]{1,5})|(quot|apos|lt|gt|amp));/gi,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return entities[name.toLowerCase()] ?? whole;
      const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The hash that the signer asks for, on Node's own. */
class NodeSha256 {
  private readonly hash;

  constructor(secret?: BinaryLike | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
}

function bytesOf(data: BinaryLike | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
