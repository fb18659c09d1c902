import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A call that would have left this machine, from a target that is on this machine. */
export class LoopbackOnlyError extends Error {
  override readonly name = 'LoopbackOnlyError';
}

/** Whether a URL leads to this machine itself. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}

function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/**
 * The SDK's own transport with time-outs that people can bear.
 * @param answerMs for how long an answer is waited for, and for the next bytes of it (milliseconds)
 */
export function createRequestHandler(loopbackOnly: boolean, answerMs = 30_000): NodeHttpHandler {
  const options = {
    connectionTimeout: 5000,
    requestTimeout: answerMs,
    socketTimeout: answerMs,
    throwOnRequestTimeout: true,
  };
  return loopbackOnly ? new LoopbackHandler(options) : new NodeHttpHandler(options);
}

/** Lets calls to this machine through and no other, whatever service or credential provider makes them. */
class LoopbackHandler extends NodeHttpHandler {
  override async handle(...[request, options]: Parameters<NodeHttpHandler['handle']>) {
    if (!isLoopbackHost(request.hostname)) {
      throw new LoopbackOnlyError(
        `The target is on this machine, so a call to ${request.hostname} was refused. Check endpoint_url and the services section of the profile.`,
      );
    }
    return super.handle(request, options);
  }
}
