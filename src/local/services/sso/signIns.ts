import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { SsoPortal } from '../../world/sso';
import { ServiceError } from '../serviceError';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const accountScope = 'sso:account:access';
const clientSeconds = 90 * 86_400;
/** So often a password is taken wrong for one code. */
const mostTries = 5;

interface Client {
  readonly secret: string;
  readonly expiresAt: number;
  readonly scopes: readonly string[];
}

interface Device {
  readonly clientId: string;
  readonly userCode: string;
  readonly expiresAt: number;
  tries: number;
  state: 'pending' | 'approved' | 'used';
}

/** What somebody signed in to; every token of it ends with it. */
interface PortalSession {
  readonly endsAt: number;
  isOver: boolean;
}

/** As JSON came; members that the model doesn't know have no effect, as with AWS. */
type Input = Readonly<Record<string, unknown>>;

/**
 * IAM Identity Center's OIDC service (public model `sso-oidc/2019-06-10`), as far as the device grant (RFC 8628) and the
 * refresh of its tokens go. Names of errors and their meaning are the model's; the value of `error` is documented with
 * each in the API reference. What `aws sso login` of version 2.9 sends, and that codes hold for 600 s at an interval of
 * 1 s, clients for 90 days: its source, and public recordings of `aws sso-oidc start-device-authorization` and
 * `register-client`. Refresh tokens come with the scope `sso:account:access` alone, and tokens then hold an hour (CLI user
 * guide, "Token provider configuration with automatic authentication refresh"); without it as long as the portal session.
 */
export class SsoSignIns {
  /** Known to who can read the configuration that is written: so that another user of the machine approves nothing. */
  readonly password = randomBytes(9).toString('base64url');
  private readonly clients = new Map<string, Client>();
  private readonly devices = new Map<string, Device>();
  private readonly accessTokens = new Map<string, { expiresAt: number; session: PortalSession }>();
  private readonly refreshTokens = new Map<string, { clientId: string; session: PortalSession }>();

  constructor(
    private readonly portal: SsoPortal,
    private readonly now: () => number,
  ) {}

  /** @param page address of the verification page */
  handle(operation: OidcOperation, input: Input, page: string): object {
    this.forgetEnded();
    switch (operation) {
      case 'RegisterClient':
        return this.registerClient(input);
      case 'StartDeviceAuthorization':
        return this.startDeviceAuthorization(input, page);
      case 'CreateToken':
        return this.createToken(input);
    }
  }

  /** Whether a person who knows the password may approve this code now, and then did. */
  approve(userCode: string, password: string): boolean {
    const device = [...this.devices.values()].find(
      (one) => one.userCode === userCode && one.state === 'pending' && one.expiresAt > this.now(),
    );
    if (device === undefined || device.tries >= mostTries) return false;
    device.tries++;
    if (!isEqual(password, this.password)) return false;
    device.state = 'approved';
    return true;
  }

  /** Whether the bearer of a token is signed in. */
  isSignedIn(accessToken: string): boolean {
    const token = this.accessTokens.get(accessToken);
    return token !== undefined && token.expiresAt > this.now() && !token.session.isOver;
  }

  /** Ends what the token belongs to, with all its tokens. */
  signOut(accessToken: string): void {
    const token = this.accessTokens.get(accessToken);
    if (token !== undefined) token.session.isOver = true;
  }

  private registerClient(input: Input): object {
    text(input, 'clientName');
    if (text(input, 'clientType') !== 'public') {
      throw new ServiceError('InvalidClientMetadataException', 'Only the client type public is supported');
    }
    const scopes = texts(input, 'scopes');
    const grants = texts(input, 'grantTypes');
    if (grants.some((grant) => grant !== deviceGrant && grant !== 'refresh_token')) {
      throw new ServiceError(
        'UnsupportedGrantTypeException',
        'Local Glue takes device codes only: aws sso login --use-device-code',
      );
    }
    const odd = scopes.find((scope) => scope !== accountScope);
    if (odd !== undefined) {
      throw new ServiceError(
        'InvalidScopeException',
        `Of the scopes, Local Glue knows ${accountScope} alone`,
      );
    }
    const [clientId, secret] = [randomId(), randomId()];
    const expiresAt = this.now() + clientSeconds * 1000;
    this.clients.set(clientId, { secret, expiresAt, scopes });
    return {
      clientId,
      clientSecret: secret,
      clientIdIssuedAt: seconds(this.now()),
      clientSecretExpiresAt: seconds(expiresAt),
    };
  }

  private startDeviceAuthorization(input: Input, page: string): object {
    const { id } = this.demandClient(input);
    // A slash at the end, or `/#` as the console shows it, is the same portal.
    const address = (url: string) => url.replace(/[/#]+$/, '');
    if (address(text(input, 'startUrl')) !== address(this.portal.startUrl)) {
      throw new ServiceError('InvalidRequestException', 'There is no portal at this start URL');
    }
    const [deviceCode, userCode] = [randomId(), randomUserCode()];
    const { deviceCodeSeconds } = this.portal;
    const expiresAt = this.now() + deviceCodeSeconds * 1000;
    this.devices.set(deviceCode, { clientId: id, userCode, expiresAt, tries: 0, state: 'pending' });
    return {
      deviceCode,
      userCode,
      verificationUri: page,
      verificationUriComplete: `${page}?user_code=${userCode}`,
      expiresIn: deviceCodeSeconds,
      interval: 1,
    };
  }

  private createToken(input: Input): object {
    const client = this.demandClient(input);
    const grant = text(input, 'grantType');
    if (grant === deviceGrant) return this.tokenOfDevice(client, text(input, 'deviceCode'));
    if (grant === 'refresh_token') return this.refreshedToken(client.id, text(input, 'refreshToken'));
    throw new ServiceError('UnsupportedGrantTypeException', `Local Glue does not serve the grant ${grant}`);
  }

  private tokenOfDevice({ id, scopes }: Client & { id: string }, deviceCode: string): object {
    const device = this.devices.get(deviceCode);
    if (device?.clientId !== id || device.state === 'used') throw invalidGrant();
    if (device.expiresAt <= this.now())
      throw new ServiceError('ExpiredTokenException', 'The device code has expired');
    if (device.state === 'pending')
      throw new ServiceError('AuthorizationPendingException', 'Nobody has approved the device code yet');
    device.state = 'used';
    const endsAt = this.now() + this.portal.portalSessionSeconds * 1000;
    return this.issue({ endsAt, isOver: false }, id, scopes.includes(accountScope));
  }

  private refreshedToken(clientId: string, refreshToken: string): object {
    const found = this.refreshTokens.get(refreshToken);
    if (found?.clientId !== clientId || found.session.isOver || found.session.endsAt <= this.now())
      throw invalidGrant();
    this.refreshTokens.delete(refreshToken);
    return this.issue(found.session, clientId, true);
  }

  private issue(session: PortalSession, clientId: string, withRefresh: boolean): object {
    const [accessToken, refreshToken] = [randomId(), randomId()];
    const rest = session.endsAt - this.now();
    const expiresIn = Math.floor((withRefresh ? Math.min(rest, 3_600_000) : rest) / 1000);
    this.accessTokens.set(accessToken, { expiresAt: this.now() + expiresIn * 1000, session });
    if (withRefresh) this.refreshTokens.set(refreshToken, { clientId, session });
    return { accessToken, tokenType: 'Bearer', expiresIn, ...(withRefresh && { refreshToken }) };
  }

  private demandClient(input: Input): Client & { id: string } {
    const id = text(input, 'clientId');
    const client = this.clients.get(id);
    if (
      client === undefined ||
      client.expiresAt <= this.now() ||
      !isEqual(client.secret, text(input, 'clientSecret'))
    ) {
      throw new ServiceError('InvalidClientException', 'There is no such client, or its secret differs', 401);
    }
    return { ...client, id };
  }

  /** Device codes are kept for a while after, so that they are answered with "expired", not "unknown". */
  private forgetEnded(): void {
    const longAgo = this.now() - 3_600_000;
    for (const [code, { expiresAt }] of this.devices) if (expiresAt < longAgo) this.devices.delete(code);
    for (const [token, { expiresAt }] of this.accessTokens)
      if (expiresAt < longAgo) this.accessTokens.delete(token);
    for (const [token, { session }] of this.refreshTokens)
      if (session.endsAt < longAgo) this.refreshTokens.delete(token);
  }
}

export type OidcOperation = 'RegisterClient' | 'StartDeviceAuthorization' | 'CreateToken';

function invalidGrant(): ServiceError {
  return new ServiceError('InvalidGrantException', 'The grant is not one of this client, or was used');
}

/** @throws ServiceError for a member that is missing or no text */
function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ServiceError('InvalidRequestException', `${name} is missing, or not a text`);
}

function texts(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new ServiceError('InvalidRequestException', `${name} is not a list of texts`);
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function randomId(): string {
  return randomBytes(32).toString('base64url');
}

/** Two groups of four letters, as AWS shows them. */
function randomUserCode(): string {
  const letters = 'BCDFGHJKLMNPQRST';
  const code = Array.from(randomBytes(8), (byte) => letters[byte % 16] ?? 'B').join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

function seconds(time: number): number {
  return Math.floor(time / 1000);
}
