import { randomUUID } from 'node:crypto';
import type { Clock } from '../glue/clock';
import { withDefaults, withLayer } from '../glue/configurationLayers';
import { createSessionRequest } from '../glue/createSessionRequest';
import { endingOf, equalRequest } from '../glue/endedSession';
import { AwsCallError, InvalidInputError } from '../glue/errors';
import type { CreateSessionRequest, GlueApi, GlueApis, Session } from '../glue/glueApi';
import { sessionArn } from '../glue/roleArn';
import type { PresetSource } from '../glue/preset';
import type { SessionConfiguration } from '../glue/sessionConfiguration';
import type { StartRules } from '../glue/guardrails/startRules';
import { startSession, waitUntilReady } from '../glue/startSession';
import { stopSession } from '../glue/stopSession';
import type { Target } from '../glue/target';
import { SessionEndedError, StartRefusedError, type EndedSession } from './cellErrors';
import { sentence, type Sentence } from '../glue/sentence';

/** What a person loses with a session. */
const lost = (ending: Sentence) => sentence('{0} The variables that were in its memory are lost.', ending);

/** A session in use: where it is, and whether this extension started it (then it may stop it). */
export interface AttachedSession {
  readonly target: Target;
  readonly session: Session;
  readonly isOwned: boolean;
}

/** What is told while a session starts. */
export interface StartListener {
  /** The session before has ended, and with it the variables. */
  readonly onEnded?: (ending: SessionEndedError) => void;
  readonly onRequest: (request: CreateSessionRequest) => void;
  readonly onStatus: (session: Session) => void;
}

/** The session a notebook's cells go to, and what the next one will be like. */
export class NotebookSession {
  private attached: AttachedSession | undefined;
  private starting: Promise<AttachedSession> | undefined;
  private ended: SessionEndedError | undefined;
  private unreachable: { readonly target: Target; readonly error: Error } | undefined;
  private wanted: SessionConfiguration;
  private isConfigured = false;

  constructor(
    private readonly apis: GlueApis,
    private readonly clock: Clock,
    configuration: SessionConfiguration,
    private readonly rules: StartRules,
    private readonly onChange: (changed: 'session' | 'isStarting') => void,
  ) {
    this.wanted = configuration;
  }

  get configuration(): SessionConfiguration {
    return this.wanted;
  }

  set configuration(configuration: SessionConfiguration) {
    this.wanted = configuration;
    this.isConfigured = true;
  }

  get current(): AttachedSession | undefined {
    return this.attached;
  }

  /** Whether one is being started for the notebook's code. */
  get isStarting(): boolean {
    return this.starting !== undefined;
  }

  get target(): Target {
    return this.attached?.target ?? this.unreachable?.target ?? this.configuration.target.value;
  }

  api(): GlueApi {
    return this.apis.of(this.target);
  }

  /** The session that the notebook had before this window is gone: the next code is told, once. */
  noteEnded(error: SessionEndedError): void {
    this.ended = error;
  }

  /** The session that the notebook had before this window can't be asked about now: it is not given up for another one. */
  noteUnreachable(target: Target, error: Error): void {
    this.unreachable = { target, error };
  }

  /**
   * The session, started now when there is none. Two callers at once get the same one.
   * @throws SessionEndedError, once, when the one before ended unseen and the notebook said nothing of the next one
   */
  async ensure(listener: StartListener, signal: AbortSignal): Promise<AttachedSession> {
    if (this.attached !== undefined) return this.attached;
    if (this.unreachable !== undefined) throw this.unreachable.error;
    const { ended } = this;
    this.ended = undefined;
    if (ended !== undefined && !this.isConfigured) throw ended;
    if (ended !== undefined) listener.onEnded?.(ended);
    return this.begin(() => this.start(listener, signal));
  }

  /** What the next session will be like, with what the profile that calls says of sessions. */
  async nextConfiguration(): Promise<SessionConfiguration> {
    const { configuration } = this;
    const values = await this.apis.of(configuration.target.value).profileValues();
    return withDefaults(withLayer(configuration, values, 'profile'), await this.rules.defaults());
  }

  /** What `%preset` may name. */
  presets(): Promise<readonly PresetSource[]> {
    return this.rules.presets();
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
    const ending = endingOf(sessionId, session);
    if (ending !== undefined) throw new SessionEndedError(lost(ending), { target, session });
    const ready = await waitUntilReady(api, session, { clock: this.clock, ...(signal && { signal }) });
    this.set({ target, session: ready, isOwned });
    return { target, session: ready, isOwned };
  }

  /** Stops the session and forgets it. */
  async stop(signal: AbortSignal, onStatus: (session: Session) => void): Promise<Session | undefined> {
    const { attached } = this;
    if (this.unreachable !== undefined) throw this.unreachable.error;
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

  /** Another part has seen that the session has ended. */
  seeEnded(session: Session): void {
    const { attached } = this;
    if (attached?.session.id !== session.id || attached.session.status === session.status) return;
    this.set({ ...attached, session });
  }

  /** Looks at the session again. */
  async refresh(signal?: AbortSignal): Promise<Session | undefined> {
    const { attached } = this;
    if (attached === undefined) return undefined;
    const session = await this.apis.of(attached.target).getSession(attached.session.id, signal);
    if (this.attached === attached) this.set({ ...attached, session });
    return session;
  }

  /**
   * Says of a statement that failed that its session has ended, when it has.
   * @param at where it was sent
   */
  async explainFailure(
    error: unknown,
    at: { readonly target: Target; readonly sessionId: string },
  ): Promise<unknown> {
    const mayHaveEnded =
      !(error instanceof AwsCallError) ||
      ['IllegalSessionState', 'EntityNotFound', 'InvalidInput'].includes(error.code);
    if (!mayHaveEnded) return error;
    const { sessionId, target } = at;
    let session: Session | undefined;
    try {
      session = await this.apis.of(target).getSession(sessionId);
    } catch (failure) {
      // What can't be looked at is not known to have ended.
      if (!(failure instanceof AwsCallError) || failure.code !== 'EntityNotFound') return error;
    }
    const ending = endingOf(sessionId, session);
    if (ending === undefined) return error;
    const isOurs = this.attached?.session.id === sessionId;
    const known = session ?? (isOurs ? this.attached?.session : undefined);
    if (isOurs) this.detach();
    return new SessionEndedError(lost(ending), known && { target, session: known });
  }

  /** Starts a session like one that has ended, under another id. @throws as {@link ensure} */
  async startEqual(
    { target, session }: EndedSession,
    listener: StartListener,
    signal: AbortSignal,
  ): Promise<AttachedSession> {
    const api = this.apis.of(target);
    const [caller, region] = [await api.callerIdentity(signal), await api.region()];
    const arn = sessionArn(region, caller.account, session.id);
    const tags = await api.getTags(arn, signal).catch((error: unknown) => {
      // Not to be read, or gone with the session: then those that the notebook's next session would have.
      if (!(error instanceof AwsCallError)) throw error;
      return { owner: caller.userId, ...this.wanted.tags.value };
    });
    const request = equalRequest(session, tags, this.wanted.timeout?.value, randomUUID);
    this.ended = undefined;
    return this.begin(() => this.create(target, request, listener, signal));
  }

  /** Starts one, or waits for the one that is being started. */
  private begin(start: () => Promise<AttachedSession>): Promise<AttachedSession> {
    if (this.starting !== undefined) return this.starting;
    this.starting = start().finally(() => {
      this.starting = undefined;
      this.onChange('isStarting');
    });
    this.onChange('isStarting');
    return this.starting;
  }

  private async start(listener: StartListener, signal: AbortSignal): Promise<AttachedSession> {
    const target = this.configuration.target.value;
    const api = this.apis.of(target);
    const caller = await api.callerIdentity(signal);
    const request = createSessionRequest(await this.nextConfiguration(), caller, randomUUID);
    await this.checkConnections(api, request, signal);
    return this.create(target, request, listener, signal);
  }

  private async create(
    target: Target,
    request: CreateSessionRequest,
    listener: StartListener,
    signal: AbortSignal,
  ): Promise<AttachedSession> {
    const api = this.apis.of(target);
    listener.onRequest(request);
    try {
      const session = await startSession(api, request, {
        clock: this.clock,
        signal,
        permit: (asked) => this.rules.permit({ target, request: asked }, signal),
        onStatus: (seen) => {
          listener.onStatus(seen);
        },
      });
      const attached = { target, session, isOwned: true };
      this.set(attached);
      return attached;
    } catch (error) {
      if (error instanceof AwsCallError && error.isRefused) throw new StartRefusedError(request, error);
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
    const names = known.map(({ name }) => name).join(', ') || '–';
    throw new InvalidInputError(
      elsewhere === undefined
        ? sentence('There is no connection "{0}" in {1}. Connections there: {2}.', missing, region, names)
        : sentence(
            'The connection "{0}" is in {1}, but the session would start in {2}: a connection lives in one Region, and the session must be in it. Say %region {1}, or choose a connection of {2} ({3}).',
            missing,
            elsewhere,
            region,
            names,
          ),
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
    this.unreachable = undefined;
    this.onChange('session');
  }
}

function withoutRegion({ region: _, ...target }: Target): Target {
  return target;
}
