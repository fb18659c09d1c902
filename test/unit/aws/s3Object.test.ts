import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createRequestHandler } from '../../../src/aws/requestHandler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCallError } from '../../../src/aws/callError';
import { createObjectReader } from '../../../src/aws/s3Object';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

/** Signature Version 4 for S3, written from its description: what the library signed is held to it. */
function signature(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  region: string,
): string {
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    path,
    '',
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const date = headers['x-amz-date'] ?? '';
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const hash = createHash('sha256').update(canonical).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  return hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`).toString('hex');
}

it('is reckoned as in the example of the S3 documentation', () => {
  const headers = {
    host: 'examplebucket.s3.amazonaws.com',
    range: 'bytes=0-9',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
  };
  expect(signature('GET', '/test.txt', headers, 'us-east-1')).toBe(
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

function isSigned({ method = '', url = '', headers }: IncomingMessage, region: string): boolean {
  const [, scope, names = '', signed] =
    /Credential=[^/]+\/(\S+),\s*SignedHeaders=([^,]+),\s*Signature=(\w+)/.exec(headers.authorization ?? '') ??
    [];
  const covered = Object.fromEntries(names.split(';').map((name) => [name, String(headers[name])]));
  return scope?.includes(`/${region}/s3/`) === true && signed === signature(method, url, covered, region);
}

describe('an object of S3', () => {
  let server: Server;
  let endpoint: string;
  const asked: string[] = [];
  const object = Buffer.from('0123456789');
  beforeAll(async () => {
    server = createServer((request, response) => {
      const { url = '', headers } = request;
      asked.push(url);
      if (url.startsWith('/elsewhere/') && isSigned(request, 'us-east-1')) {
        response
          .writeHead(301, { 'x-amz-bucket-region': 'eu-west-1' })
          .end('<Error><Code>PermanentRedirect</Code></Error>');
        return;
      }
      const region = url.startsWith('/elsewhere/') ? 'eu-west-1' : 'us-east-1';
      if (!isSigned(request, region) || url.includes('secret')) {
        const xml =
          '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Denied on &quot;a&quot; &#38; &#x27;b&#x27; &amp;lt;</Message></Error>';
        response.writeHead(403, { 'x-amz-request-id': 'R1' }).end(xml);
        return;
      }
      const last = Number(/^bytes=0-(\d+)$/.exec(headers.range ?? '')?.[1]);
      const part = object.subarray(0, last + 1);
      response
        .writeHead(206, {
          'content-type': 'text/plain',
          'content-range': `bytes 0-${String(part.length - 1)}/${String(object.length)}`,
        })
        .end(part);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const reader = (change: Partial<Parameters<typeof createObjectReader>[0]> = {}) =>
    createObjectReader({
      region: 'us-east-1',
      credentials: () => Promise.resolve(credentials),
      requestHandler: createRequestHandler(false),
      endpoint,
      ...change,
    });

  it('is read with a signature that covers its odd name, and no further than asked', async () => {
    const answer = await reader()({ bucket: 'results', key: "a b/ü+(1)'.txt" }, 4);
    expect(answer).toEqual({ bytes: Buffer.from('0123'), size: 10, contentType: 'text/plain' });
    expect(asked.at(-1)).toBe('/results/a%20b/%C3%BC%2B%281%29%27.txt');
  });

  it('is read in the Region where its bucket is', async () => {
    const { bytes } = await reader()({ bucket: 'elsewhere', key: 'k' }, 100);
    expect(Buffer.from(bytes).toString()).toBe('0123456789');
  });

  it('is refused in the words of S3', async () => {
    const error: unknown = await reader()({ bucket: 'results', key: 'secret' }, 10).catch(
      (failure: unknown) => failure,
    );
    expect(toCallError(error, 's3:GetObject', undefined)).toMatchObject({
      code: 'AccessDenied',
      message: `Denied on "a" & 'b' &lt;`,
      requestId: 'R1',
      isAccessDenied: true,
    });
  });

  it.each([
    ['results', 'eu-west-1', 'results.s3.eu-west-1.amazonaws.com', '/k'],
    ['with.dots', 'eu-west-1', 's3.eu-west-1.amazonaws.com', '/with.dots/k'],
    ['results', 'cn-north-1', 'results.s3.cn-north-1.amazonaws.com.cn', '/k'],
  ])('of %s in %s is asked for at %s', async (bucket, region, host, path) => {
    const requestHandler = createRequestHandler(false);
    let went = '';
    requestHandler.handle = (request) => {
      went = `${request.protocol}//${request.hostname}${request.path}`;
      return Promise.resolve({ response: { statusCode: 416, headers: {}, body: [] } } as never);
    };
    const read = createObjectReader({
      region,
      credentials: () => Promise.resolve(credentials),
      requestHandler,
    });
    expect((await read({ bucket, key: 'k' }, 10)).size).toBe(0);
    expect(went).toBe(`https://${host}${path}`);
  });
});
