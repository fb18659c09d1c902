import type { IncomingMessage } from 'node:http';
import type { Portal, PortalOperation } from '../services/sso/portal';
import type { OidcOperation, SsoSignIns } from '../services/sso/signIns';
import { ServiceError } from '../services/serviceError';
import type { Answer } from './answers';
import type { Journal } from './journal';
import type { RateLimit } from './rateLimit';
import { signInPage, signInPath } from './signInPage';

export interface SsoEndpointOptions {
  readonly signIns: SsoSignIns;
  readonly portal: Portal;
  readonly journal: Journal;
  readonly rateLimit?: RateLimit;
  readonly now: () => number;
}

/** Paths and methods of the public models `sso-oidc/2019-06-10` and `sso/2019-06-10`; none is signed (`authtype: none`). */
const oidc: Readonly<Record<string, OidcOperation>> = {
  'POST /client/register': 'RegisterClient',
  'POST /device_authorization': 'StartDeviceAuthorization',
  'POST /token': 'CreateToken',
};
const portal: Readonly<Record<string, PortalOperation>> = {
  'GET /federation/credentials': 'GetRoleCredentials',
  'GET /assignment/accounts': 'ListAccounts',
  'GET /assignment/roles': 'ListAccountRoles',
  'POST /logout': 'Logout',
};

/** The calls of IAM Identity Center, which carry no signature but what a sign-in gave, and its page for people. */
export class SsoEndpoint {
  constructor(private readonly options: SsoEndpointOptions) {}

  /**
   * Whether a request is the form of the sign-in page, sent by that page itself: browsers name the page's address, and no
   * other page can give this one. The Host must have been looked at before: it is what the Origin is held to.
   */
  isOwnForm({ method, url, headers }: IncomingMessage): boolean {
    return method === 'POST' && url === signInPath && headers.origin === `http://${headers.host ?? ''}`;
  }

  /** @returns undefined for a call of another service */
  answer(request: IncomingMessage, path: string, query: URLSearchParams, body: Buffer): Answer | undefined {
    // Calls of S3, whose paths are anything, are signed.
    if (request.headers.authorization !== undefined) return undefined;
    const route = `${request.method ?? ''} ${path}`;
    if (route === `GET ${signInPath}`) return signInPage(query.get('user_code') ?? '');
    if (route === `POST ${signInPath}`) return this.approve(new URLSearchParams(body.toString('utf8')));
    const page = `http://${request.headers.host ?? ''}${signInPath}`;
    if (Object.hasOwn(oidc, route)) {
      const operation = oidc[route] ?? 'CreateToken';
      return this.run(`sso-oidc:${operation}`, 'SlowDownException', oauthError, () =>
        this.options.signIns.handle(operation, parseMembers(body), page),
      );
    }
    if (Object.hasOwn(portal, route)) {
      const operation = portal[route] ?? 'Logout';
      const header = request.headers['x-amz-sso_bearer_token'];
      return this.run(`sso:${operation}`, 'TooManyRequestsException', messageOnly, () =>
        this.options.portal.handle(operation, query, typeof header === 'string' ? header : undefined),
      );
    }
    return undefined;
  }

  private approve(form: URLSearchParams): Answer {
    const userCode = (form.get('user_code') ?? '').trim().toUpperCase();
    const isApproved = this.options.signIns.approve(userCode, form.get('password') ?? '');
    this.note('sso:Approve', isApproved ? 'ok' : 'refused');
    return isApproved
      ? signInPage('', 'Access is allowed. You can close this page; the AWS CLI goes on.', true)
      : signInPage(
          userCode,
          'The password is wrong, or the code is: it holds for one sign-in and some minutes, and for a few tries.',
        );
  }

  private run(
    operation: string,
    throttle: string,
    bodyOf: (code: string, message: string) => object,
    act: () => object,
  ): Answer {
    try {
      if (this.options.rateLimit?.take() === false)
        throw new ServiceError(throttle, 'Rate exceeded', throttle === 'SlowDownException' ? 400 : 429);
      const result = act();
      this.note(operation, 'ok');
      return { ...json, status: 200, body: JSON.stringify(result) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const { code, message, status } = error;
      this.note(operation, code);
      // REST-JSON has the name of the error in a header.
      const headers = { 'x-amzn-errortype': code };
      return { ...json, headers, status, body: JSON.stringify(bodyOf(code, message)) };
    }
  }

  private note(operation: string, outcome: string): void {
    this.options.journal.call({ time: this.options.now(), operation, caller: undefined, outcome });
  }
}

const json = { contentType: 'application/json' } as const;

/** OAuth's names: `authorization_pending` for AuthorizationPendingException. */
function oauthError(code: string, message: string): object {
  const error = code
    .replace(/Exception$/, '')
    .replace(/(?!^)([A-Z])/g, '_$1')
    .toLowerCase();
  return { error, error_description: message };
}

function messageOnly(_code: string, message: string): object {
  return { message };
}

function parseMembers(body: Buffer): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    parsed = undefined;
  }
  if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  throw new ServiceError('InvalidRequestException', 'The request body is not a JSON object');
}
