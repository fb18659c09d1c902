import { createHash } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import {
  demandCoverage,
  readScope,
  verifySignature,
  type ReceivedCall,
} from '../../src/local/endpoint/signature';
import { NodeSha256 } from '../../src/local/endpoint/nodeSha256';
import { Keys } from '../../src/local/services/keys';

const now = Date.UTC(2026, 10, 24, 12);
const keys = new Keys(() => now);
const key = keys.issueTemporary(
  {
    account: '111122223333',
    arn: 'arn:aws:iam::111122223333:user/ada',
    principalArn: 'arn:aws:iam::111122223333:user/ada',
    userId: 'AIDAX',
    userName: 'ada',
    principalTags: {},
    sessionPolicies: [],
  },
  3600,
);

interface Change {
  readonly service?: string;
  readonly region?: string;
  readonly signedAt?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsigned?: readonly string[];
}

/** A call as the SDK signs it. */
async function signed(body: string, change: Change = {}): Promise<ReceivedCall> {
  const signer = new SignatureV4({
    service: change.service ?? 'glue',
    region: change.region ?? 'us-east-1',
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret, sessionToken: key.sessionToken },
    sha256: NodeSha256,
    applyChecksum: false,
  });
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: '/',
      query: {},
      headers: { host: '127.0.0.1:4000', 'x-amz-target': 'AWSGlue.ListSessions', ...change.headers },
      body,
    },
    {
      signingDate: new Date(change.signedAt ?? now),
      ...(change.unsigned && { unsignableHeaders: new Set(change.unsigned) }),
    },
  );
  return {
    method: 'POST',
    url: new URL('http://127.0.0.1:4000/'),
    path: '/',
    headers,
    body: Buffer.from(body),
  };
}

async function check(call: ReceivedCall, service = 'glue', at = now): Promise<string> {
  try {
    const scope = readScope(call.headers);
    const found = await verifySignature(call, scope, keys, at);
    demandCoverage(call, scope, service);
    return found.caller.arn;
  } catch (error) {
    return String(error);
  }
}

describe('the signature of a call', () => {
  it('is taken as the SDK makes it, and behind a proxy that keeps the Host', async () => {
    expect(await check(await signed('{}'))).toBe('arn:aws:iam::111122223333:user/ada');
    expect(await check(await signed('{}', { headers: { host: 'localhost:9' } }))).toMatch(/^arn/);
  });

  it('covers the body, also where a header declares its hash', async () => {
    const sha256 = createHash('sha256').update('{}').digest('hex');
    const declarations: Record<string, string>[] = [{}, { 'x-amz-content-sha256': sha256 }];
    for (const headers of declarations) {
      const call = await signed('{}', { headers });
      expect(await check(call)).toMatch(/^arn/);
      expect(await check({ ...call, body: Buffer.from('{"a":1}') })).toMatch(/does not match the signature/);
    }
    const unsigned = await signed('{}', { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } });
    expect(await check(unsigned)).toMatch(/does not match the signature/);
  });

  it('covers the Host and what is asked for', async () => {
    const call = await signed('{}');
    for (const [name, value] of [
      ['host', 'localhost'],
      ['x-amz-target', 'AWSGlue.DeleteSession'],
    ] as const) {
      expect(await check({ ...call, headers: { ...call.headers, [name]: value } })).toMatch(/does not match/);
      expect(await check(await signed('{}', { unsigned: [name] }))).toMatch(/must be a 'SignedHeader'/);
    }
    expect(await check({ ...call, headers: { ...call.headers, 'x-amz-more': 'x' } })).toMatch(
      /'x-amz-more' must be a 'SignedHeader'/,
    );
  });

  it('is good for five minutes either way', async () => {
    expect(await check(await signed('{}', { signedAt: now - 290_000 }))).toMatch(/^arn/);
    expect(await check(await signed('{}', { signedAt: now - 310_000 }))).toMatch(
      /Signature expired: 20261124T115450Z is now earlier than 20261124T115500Z \(20261124T120000Z - 5 min\.\)/,
    );
    expect(await check(await signed('{}', { signedAt: now + 310_000 }))).toMatch(/Signature not yet current/);
  });

  it('is no longer good when its temporary keys have ended, and says so', async () => {
    const [before, after] = [now + 3_599_000, now + 3_600_000];
    expect(await check(await signed('{}', { signedAt: before }), 'glue', before)).toMatch(/^arn/);
    expect(await check(await signed('{}', { signedAt: after }), 'glue', after)).toMatch(
      /The security token included in the request is expired/,
    );
  });

  it('is good for one service in one Region', async () => {
    expect(await check(await signed('{}', { service: 'sts' }))).toMatch(
      /Credential should be scoped to correct service: 'glue'/,
    );
    expect(await check(await signed('{}', { region: 'moon' }))).toMatch(
      /scoped to a valid Region, not 'moon'/,
    );
  });
});
