import { randomUUID } from 'node:crypto';
import type { Clock } from '../glue/clock';
import { withLayer } from '../glue/configurationLayers';
import { createSessionRequest } from '../glue/createSessionRequest';
import { AwsCallError, InvalidInputError } from '../glue/errors';
import type { CreateSessionRequest, GlueApi, GlueApis, Session } from '../glue/glueApi';
import type { SessionConfiguration } from '../glue/sessionConfiguration';
import { sessionState } from '../glue/sessionStatus';
import { startSession, waitUntilReady } from '../glue/startSession';
import { stopSession } from '../glue/stopSession';
import type { Target } from '../glue/target';

/** The session of a notebook ended while nobody looked; what was in its memory is gone. */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';
}

/** A start that failed, with what was asked for. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';

  constructor(
    readonly request: CreateSessionRequest,
    override readonly cause: AwsCallError,
  ) {
    super(cause.message, { cause });
  }
}

/** A session in use: where it is, and whether this extension started it (then it may stop it). */
export interface AttachedSession {
  readonly target: Target;
  readonly session: Session;
  readonly isOwned: boolean;
}

export interface StartListener {
  readonly onRequest: (request: CreateSessionRequest) => void;
  readonly onStatus: (session: Session) => void;
}

/** The session a notebook's cells go to, and what the next one will be like. */
export class NotebookSession {
  private attached: AttachedSession | undefined;
  private starting: Promise<AttachedSession> | undefined;

  constructor(
    private readonly apis: GlueApis,
    private readonly clock: Clock,
    public configuration: SessionConfiguration,
    private readonly onChange: () => void,
  ) {}

  get current(): AttachedSession | undefined {
    return this.attached;
  }

  get target(): Target {
    return this.attached?.target ?? this.configuration.target.value;
  }

  api(): GlueApi {
    return this.apis.of(this.target);
  }

  /** The session, started now when there is none. Two callers at once get the same one. */
  async ensure(listener: StartListener, signal: AbortSignal): Promise<AttachedSession> {
    if (this.attached !== undefined) return this.attached;
    this.starting ??= this.start(listener, signal).finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  /** What the next session will be like, with what the profile that calls says of sessions. */
  async nextConfiguration(): Promise<SessionConfiguration> {
    const { configuration } = this;
    const values = await this.apis.of(configuration.target.value).profileValues();
    return withLayer(configuration, values, 'profile');
  }

  /** Takes a session that exists. @throws AwsCallError when it doesn't, SessionEndedError when it has ended */
  async attach(
    target: Target,
    sessionId: string,
    isOwned: boolean,
    signal?: AbortSignal,
  ): Promise<AttachedSession> {
    const api = this.apis.of(target);
    const session = await api.getSession(sessionId, signal);
    if (!sessionState(session.status).isLive || session.status === 'STOPPING') {
      throw new SessionEndedError(
        `The session ${sessionId} is ${sessionState(session.status).label}: it can't run code any more.`,
      );
    }
    const ready = await waitUntilReady(api, session, { clock: this.clock, ...(signal && { signal }) });
    this.set({ target, session: ready, isOwned });
    return { target, session: ready, isOwned };
  }

  /** Stops the session and forgets it. */
  async stop(signal: AbortSignal, onStatus: (session: Session) => void): Promise<Session | undefined> {
    const { attached } = this;
    if (attached === undefined) return undefined;
    const stopped = await stopSession(this.apis.of(attached.target), attached.session.id, {
      clock: this.clock,
      signal,
      onStatus,
    });
    this.detach();
    return stopped;
  }

  /** Forgets the session without stopping it. */
  detach(): void {
    this.set(undefined);
  }

  /** Looks at the session again. */
  async refresh(signal?: AbortSignal): Promise<Session | undefined> {
    const { attached } = this;
    if (attached === undefined) return undefined;
    const session = await this.apis.of(attached.target).getSession(attached.session.id, signal);
    if (this.attached === attached) this.set({ ...attached, session });
    return session;
  }

  /** Says of a refused statement that the session has ended, when it has. */
  async explainRefusal(error: unknown): Promise<unknown> {
    const mayHaveEnded =
      error instanceof AwsCallError &&
      ['IllegalSessionState', 'EntityNotFound', 'InvalidInput'].includes(error.code);
    const { attached } = this;
    if (!mayHaveEnded || attached === undefined) return error;
    const session = await this.apis
      .of(attached.target)
      .getSession(attached.session.id)
      .catch(() => undefined);
    if (session !== undefined && sessionState(session.status).isLive) return error;
    this.detach();
    const how =
      session === undefined ? 'does not exist any more' : `is ${sessionState(session.status).label}`;
    const why = session?.errorMessage === undefined ? '' : ` (${session.errorMessage})`;
    return new SessionEndedError(
      `The session ${attached.session.id} ${how}${why}, and what was in its memory is gone. Run the cells again from the top: that starts a new session.`,
    );
  }

  private async start(listener: StartListener, signal: AbortSignal): Promise<AttachedSession> {
    const target = this.configuration.target.value;
    const api = this.apis.of(target);
    const caller = await api.callerIdentity(signal);
    const request = createSessionRequest(await this.nextConfiguration(), caller, randomUUID);
    await this.checkConnections(api, request, signal);
    listener.onRequest(request);
    try {
      const session = await startSession(api, request, {
        clock: this.clock,
        signal,
        onStatus: (seen) => {
          listener.onStatus(seen);
        },
      });
      const attached = { target, session, isOwned: true };
      this.set(attached);
      return attached;
    } catch (error) {
      if (error instanceof AwsCallError && error.isAccessDenied) throw new StartRefusedError(request, error);
      throw error;
    }
  }

  /** A connection lives in one Region: one that isn't there is told before anything starts. */
  private async checkConnections(
    api: GlueApi,
    request: CreateSessionRequest,
    signal: AbortSignal,
  ): Promise<void> {
    if (request.connections.length === 0) return;
    const [known, region] = await Promise.all([
      api.listConnections(signal).catch((error: unknown) => {
        // Not allowed to list them: then the service judges.
        if (error instanceof AwsCallError && error.isAccessDenied) return undefined;
        throw error;
      }),
      api.region(),
    ]);
    const missing = request.connections.find((name) =>
      known?.every((connection) => connection.name !== name),
    );
    if (known === undefined || missing === undefined) return;
    const elsewhere = await this.regionWith(missing, region, signal);
    const names = known.map(({ name }) => name).join(', ') || 'none';
    throw new InvalidInputError(
      elsewhere === undefined
        ? `There is no connection "${missing}" in ${region}. Connections there: ${names}.`
        : `The connection "${missing}" is in ${elsewhere}, but the session would start in ${region}: a connection lives in one Region, and the session must be in it. Say %region ${elsewhere}, or choose a connection of ${region} (${names}).`,
      missing,
    );
  }

  /** The profile's own Region, when the notebook chose another one and the connection is there. */
  private async regionWith(
    connection: string,
    region: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const home = this.apis.of(withoutRegion(this.configuration.target.value));
    try {
      const homeRegion = await home.region();
      if (homeRegion === region) return undefined;
      await home.getConnection(connection, signal);
      return homeRegion;
    } catch (error) {
      // Not there, not readable, or no Region at home: then nothing better can be said.
      if (error instanceof AwsCallError) return undefined;
      throw error;
    }
  }

  private set(attached: AttachedSession | undefined): void {
    this.attached = attached;
    this.onChange();
  }
}

function withoutRegion({ region: _, ...target }: Target): Target {
  return target;
}
