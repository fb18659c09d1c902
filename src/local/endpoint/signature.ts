import { createHash, createHmac, timingSafeEqual, type BinaryLike } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { ServiceError } from '../services/serviceError';
import type { AccessKey, Keys } from '../services/keys';

/** A call as it arrived, before anything in it is believed. */
export interface ReceivedCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What the Authorization header claims. */
export interface SigningScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Minutes that a caller's clock may be off, as with AWS. */
const allowedSkewMinutes = 5;

/** @throws ServiceError MissingAuthenticationTokenException or IncompleteSignatureException */
export function readScope(headers: IncomingHttpHeaders): SigningScope {
  const header = headers.authorization;
  if (header === undefined) {
    throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  }
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  const [, accessKeyId, region, service, signedHeaders, signature] = match ?? [];
  if (!accessKeyId || !region || !service || !signedHeaders || !signature) {
    throw new ServiceError(
      'IncompleteSignatureException',
      'Authorization header requires existence of either a Credential, SignedHeaders and Signature parameter.',
    );
  }
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

/**
 * Finds the key a call claims and signs the call anew with it: equal signatures prove that the caller has the secret.
 * The Host is the one received, so that a proxy in between works.
 * @throws ServiceError for an unknown key, a wrong signature, a clock that is off, an expired token.
 */
export async function verifySignature(
  call: ReceivedCall,
  scope: SigningScope,
  keys: Keys,
  now: number,
): Promise<AccessKey> {
  const key = keys.find(scope.accessKeyId);
  const token = single(call.headers['x-amz-security-token']);
  if (key === undefined || token !== key.sessionToken) {
    throw new ServiceError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      403,
    );
  }
  const amzDate = single(call.headers['x-amz-date']) ?? '';
  const signedAt = Date.parse(
    amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'),
  );
  if (Number.isNaN(signedAt) || Math.abs(now - signedAt) > allowedSkewMinutes * 60_000) {
    throw new ServiceError(
      'InvalidSignatureException',
      `Signature expired: ${amzDate} is now earlier than ${new Date(now - allowedSkewMinutes * 60_000).toISOString()}`,
      403,
    );
  }
  const expected = await sign(call, scope, key, new Date(signedAt));
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(scope.signature))) {
    throw new ServiceError(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      403,
    );
  }
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    throw new ServiceError(
      'ExpiredTokenException',
      'The security token included in the request is expired',
      403,
    );
  }
  return key;
}

async function sign(call: ReceivedCall, scope: SigningScope, key: AccessKey, date: Date): Promise<string> {
  const signer = new SignatureV4({
    service: scope.service,
    region: scope.region,
    credentials: {
      accessKeyId: key.id,
      secretAccessKey: key.secret,
      ...(scope.signedHeaders.includes('x-amz-security-token') && { sessionToken: key.sessionToken ?? '' }),
    },
    sha256: NodeSha256,
    applyChecksum: false,
  });
  const headers = Object.fromEntries(
    scope.signedHeaders.map((name) => [name, single(call.headers[name]) ?? '']),
  );
  const signed = await signer.sign(
    {
      method: call.method,
      protocol: call.url.protocol,
      hostname: call.url.hostname,
      path: call.url.pathname,
      query: Object.fromEntries(call.url.searchParams),
      headers,
      body: call.body,
    },
    { signingDate: date, signableHeaders: new Set(scope.signedHeaders) },
  );
  return signed.headers.authorization?.replace(/^.*Signature=/, '') ?? '';
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}

/** The hash the signer asks for, on Node's own. */
class NodeSha256 {
  private readonly hash;

  constructor(secret?: BinaryLike | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytes(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }
}

function bytes(data: BinaryLike | ArrayBuffer | ArrayBufferView): string | Uint8Array {
  if (typeof data === 'string') return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
