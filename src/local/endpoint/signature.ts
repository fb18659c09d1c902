import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import { ServiceError } from '../services/serviceError';
import type { AccessKey, Keys } from '../services/keys';
import { NodeSha256 } from './nodeSha256';

/** A call as it arrived, before anything in it is believed. */
export interface ReceivedCall {
  readonly method: string;
  readonly url: URL;
  /** As it was sent: S3 signs it so. */
  readonly path: string;
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
 * Holds a signature to what it must cover: the service asked, a Region, and the headers that say what is meant; one left
 * out could be exchanged on the way.
 * @param service as the scope must name it: `glue`, `sts`, `s3`
 * @throws ServiceError as AWS answers a scope or a list of headers that doesn't fit
 */
export function demandCoverage(call: ReceivedCall, scope: SigningScope, service: string): void {
  const refuse = (message: string) => {
    throw new ServiceError('InvalidSignatureException', message, 403);
  };
  if (scope.service !== service) {
    refuse(`Credential should be scoped to correct service: '${service}'.`);
  }
  if (!/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(scope.region)) {
    refuse(`Credential should be scoped to a valid Region, not '${scope.region}'.`);
  }
  const covered = ['host', ...Object.keys(call.headers).filter((name) => name.startsWith('x-amz-'))];
  for (const name of covered) {
    if (scope.signedHeaders.includes(name)) continue;
    if (name === 'host') {
      refuse("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
    }
    refuse(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  }
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
  demandFresh(amzDate, signedAt, now);
  const expected = await sign(call, scope, key, new Date(signedAt));
  if (!bodyIsAsDeclared(call) || !timingSafeEqual(Buffer.from(expected), Buffer.from(scope.signature))) {
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

/** @throws ServiceError for a call signed too long ago, too far ahead, or at no time at all. */
function demandFresh(amzDate: string, signedAt: number, now: number): void {
  const skew = allowedSkewMinutes * 60_000;
  if (Math.abs(now - signedAt) <= skew) return;
  const [bound, own] = [compact(signedAt > now ? now + skew : now - skew), compact(now)];
  const minutes = String(allowedSkewMinutes);
  const message = Number.isNaN(signedAt)
    ? "Date must be in ISO-8601 'basic format' in the header X-Amz-Date"
    : signedAt > now
      ? `Signature not yet current: ${amzDate} is still later than ${bound} (${own} + ${minutes} min.)`
      : `Signature expired: ${amzDate} is now earlier than ${bound} (${own} - ${minutes} min.)`;
  throw new ServiceError('InvalidSignatureException', message, 403);
}

/** `20261124T204656Z` */
function compact(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+|[-:]/g, '');
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
    // S3 alone has the path encoded once.
    uriEscapePath: scope.service !== 's3',
  });
  const headers = Object.fromEntries(
    scope.signedHeaders.map((name) => [name, single(call.headers[name]) ?? '']),
  );
  const signed = await signer.sign(
    {
      method: call.method,
      protocol: call.url.protocol,
      hostname: call.url.hostname,
      path: call.path,
      query: Object.fromEntries(call.url.searchParams),
      headers,
      body: call.body,
    },
    { signingDate: date, signableHeaders: new Set(scope.signedHeaders) },
  );
  return signed.headers.authorization?.replace(/^.*Signature=/, '') ?? '';
}

/** The signer takes the hash that this header declares for the body's own, so it must be. */
function bodyIsAsDeclared(call: ReceivedCall): boolean {
  const declared = single(call.headers['x-amz-content-sha256']);
  return declared === undefined || declared === createHash('sha256').update(call.body).digest('hex');
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
