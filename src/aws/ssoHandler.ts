import { HttpRequest } from '@smithy/core/protocols';
import type { FetchHttpHandler } from '@smithy/fetch-http-handler';
import type { TargetConfiguration } from './targetConfiguration';

type Handler = Pick<FetchHttpHandler, 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'>;

/**
 * Leads the two services of IAM Identity Center to the endpoints of a target. The SDK makes clients for both of one
 * configuration, so that none of its options can say two addresses; their calls carry no signature that would cover one.
 * @param handler what sends them, and lets only those through that may go
 */
export function createSsoHandler(
  handler: FetchHttpHandler,
  { sso, ssoOidc }: Partial<Pick<TargetConfiguration['endpoints'], 'sso' | 'ssoOidc'>>,
): Handler {
  return {
    handle: (asked, options) => {
      // The SDK sends the same request again after a failure: what is changed is a copy.
      const request = HttpRequest.clone(asked);
      // Of the sign-in's own service, the SDK calls CreateToken alone.
      const endpoint = request.path.endsWith('/token') ? ssoOidc : sso;
      if (endpoint !== undefined) {
        const { protocol, hostname, port, host, pathname } = new URL(endpoint);
        request.protocol = protocol;
        request.hostname = hostname;
        if (port === '') delete request.port;
        else request.port = Number(port);
        request.headers.host = host;
        request.path = pathname.replace(/\/$/, '') + request.path;
      }
      return handler.handle(request, options);
    },
    destroy: () => {
      handler.destroy();
    },
    updateHttpClientConfig: (key, value) => {
      handler.updateHttpClientConfig(key, value);
    },
    httpHandlerConfigs: () => handler.httpHandlerConfigs(),
  };
}
