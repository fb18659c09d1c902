import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, describe, expect, it } from 'vitest';
import { createRequestHandler, LoopbackOnlyError } from '../../../src/aws/requestHandler';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An endpoint, and a call to it. */
async function endpoint(listener: RequestListener) {
  const connections = { opened: 0, closed: 0 };
  const made = createServer(listener);
  server = made;
  made.on('connection', (socket) => {
    connections.opened += 1;
    socket.on('close', () => (connections.closed += 1));
  });
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as AddressInfo;
  return { request: callTo('127.0.0.1', port), connections };
}

const callTo = (hostname: string, port: number) =>
  new HttpRequest({ method: 'POST', protocol: 'http:', hostname, port, path: '/', body: '{}' });

async function text(body: unknown): Promise<string> {
  let all = '';
  for await (const chunk of body as AsyncIterable<Uint8Array>) all += Buffer.from(chunk).toString();
  return all;
}

describe('a call', () => {
  it('goes over a connection of those before', async () => {
    const { request, connections } = await endpoint((_request, response) => response.end('{"a":1}'));
    const handler = createRequestHandler(true);
    for (let call = 0; call < 10; call++) {
      const { response } = await handler.handle(request);
      expect(await text(response.body)).toBe('{"a":1}');
    }
    // A second one where a call began before the first had seen the end of its answer.
    expect(connections.opened).toBeLessThanOrEqual(2);
  });

  it('is not led elsewhere by its answer', async () => {
    const { request, connections } = await endpoint((_request, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/' }).end('elsewhere');
    });
    const { response } = await createRequestHandler(true).handle(request);
    expect([response.statusCode, await text(response.body), connections.opened]).toEqual([
      307,
      'elsewhere',
      1,
    ]);
  });

  it('ends with its connection when no answer comes in time', async () => {
    const { request, connections } = await endpoint(() => undefined);
    await expect(createRequestHandler(true, 200).handle(request)).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await expect.poll(() => connections.closed).toBe(1);
  });

  it('waits as long as bytes come, and no longer', async () => {
    const { request, connections } = await endpoint((_request, response) => {
      response.writeHead(200);
      for (let turn = 0; turn < 6; turn++) setTimeout(() => response.write('x'), 100 * turn);
    });
    const begun = Date.now();
    const { response } = await createRequestHandler(true, 300).handle(request);
    await expect(text(response.body)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(Date.now() - begun).toBeGreaterThan(700);
    await expect.poll(() => connections.closed).toBe(1);
  });

  it('says so when its connection breaks, before an answer or within it', async () => {
    const { request } = await endpoint((_request, response) => response.destroy());
    await expect(createRequestHandler(true).handle(request)).rejects.toMatchObject({ code: 'ECONNRESET' });
    server?.close();
    const half = await endpoint((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 50);
    });
    const { response } = await createRequestHandler(true).handle(half.request);
    await expect(text(response.body)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('says so when nobody listens', async () => {
    const { request } = await endpoint(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    await expect(createRequestHandler(true).handle(request)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('ends with its connection when it is not wanted any more', async () => {
    const { request, connections } = await endpoint(() => undefined);
    const wanted = new AbortController();
    const call = createRequestHandler(true).handle(request, { abortSignal: wanted.signal });
    await expect.poll(() => connections.opened).toBe(1);
    wanted.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => connections.closed).toBe(1);
  });

  it('stays on this machine where it must', async () => {
    const call = createRequestHandler(true).handle(callTo('glue.us-east-1.amazonaws.com', 443));
    await expect(call).rejects.toBeInstanceOf(LoopbackOnlyError);
  });
});
