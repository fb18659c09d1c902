import { HttpRequest } from '@smithy/core/protocols';
import type { FetchHttpHandler } from '@smithy/fetch-http-handler';
import { expect, it } from 'vitest';
import { createSsoHandler } from '../../../src/aws/ssoHandler';

it('leads a request that is sent again to the same place as the first time', async () => {
  const sent: string[] = [];
  const handler = {
    handle: ({ hostname, port, path }: HttpRequest) => {
      sent.push(`${hostname}:${String(port)}${path}`);
      return Promise.reject(new Error('throttled'));
    },
  } as unknown as FetchHttpHandler;
  const { handle } = createSsoHandler(handler, { sso: 'http://127.0.0.1:8080/proxy/' });
  const request = new HttpRequest({
    hostname: 'portal.sso.us-east-1.amazonaws.com',
    path: '/federation/credentials',
  });
  for (let attempt = 0; attempt < 2; attempt++) await handle(request).catch(() => undefined);
  expect(sent).toEqual(Array(2).fill('127.0.0.1:8080/proxy/federation/credentials'));
});
