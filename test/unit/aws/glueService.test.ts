import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createAwsAccess } from '../../../src/aws/glueApis';

let server: Server;
afterEach(() => server.close());

/** An endpoint that answers every call with this, and keeps what it was asked. */
async function endpoint(
  answer: object,
): Promise<{ url: string; calls: (IncomingMessage & { body: string })[] }> {
  const calls: (IncomingMessage & { body: string })[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      calls.push(Object.assign(request, { body }));
      response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

it('asks for the Spark UI of a session', async () => {
  const { url, calls } = await endpoint({ Url: 'https://spark.example/s1' });
  const access = createAwsAccess({ roleSessionName: () => 'me', mfaCode: () => Promise.reject(new Error()) });
  const api = access.of({
    region: 'us-east-1',
    endpoint: url,
    roles: [],
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
  });
  expect(await api.dashboardUrl('s1')).toBe('https://spark.example/s1');
  expect(calls[0]?.headers).toMatchObject({
    'x-amz-target': 'AWSGlue.GetDashboardUrl',
    connection: 'keep-alive',
  });
  expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ ResourceId: 's1', ResourceType: 'SESSION' });
});
