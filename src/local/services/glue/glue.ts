import type { Engine } from '../../engine/engine';
import type { Caller } from '../../policies/authorization';
import type { RegionResources, World, WorldSession } from '../../world/world';
import { AccessRefused, type Authorizer } from '../authorizer';
import type { SessionUsage } from '../bill';
import { ServiceError } from '../serviceError';
import type { TaggedResource } from '../tagging';
import { Connections } from './connections';
import { createSessionFacts } from './createSession';
import { holdIn } from './heldOutput';
import { readInput, type DashboardInput } from './inputs';
import { refuseNotServed } from './notServed';
import { page } from './pages';
import { describeUsageProfile } from './usageProfiles';
import { SessionRecord, type SessionSurroundings } from './sessionRecord';
import type { StatementJournal } from './statementQueue';

export interface GlueOptions {
  readonly world: World;
  readonly authorizer: Authorizer;
  readonly engine: Engine;
  readonly s3Directory: string;
  readonly journal: StatementJournal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Call {
  readonly caller: Caller;
  readonly region: string;
}

/** Glue: sessions, statements, their tags, and connections, each call held to the caller's permissions. */
export class Glue {
  /** By account and Region, then by id. */
  private readonly sessions = new Map<string, Map<string, SessionRecord>>();
  private readonly connections: Connections;
  private readonly timeouts: NodeJS.Timeout;

  constructor(private readonly options: GlueOptions) {
    this.connections = new Connections(options.world, options.authorizer);
    for (const account of options.world.accounts.values()) {
      for (const [region, resources] of account.regions) {
        const records = this.sessionsOf(account.id, region);
        for (const session of resources.sessions) {
          records.set(session.id, this.existingSession(account.id, region, resources, session));
        }
      }
    }
    // A session that nobody looks at times out too, and its process with it.
    this.timeouts = setInterval(() => {
      for (const session of this.allSessions()) session.applyTimeouts();
    }, 1000).unref();
  }

  handle(operation: string, input: unknown, caller: Caller, region: string): object | Promise<object> {
    const call: Call = { caller, region };
    switch (operation) {
      case 'CreateSession':
        return this.createSession(input, call);
      case 'GetSession':
        return { Session: this.session('GetSession', readInput.session(input).Id, call).describe() };
      case 'ListSessions':
        return this.listSessions(input, call);
      case 'StopSession': {
        const session = this.session('StopSession', readInput.session(input).Id, call);
        session.stop();
        return { Id: session.facts.id };
      }
      case 'DeleteSession':
        return this.deleteSession(input, call);
      case 'RunStatement': {
        const { SessionId, Code } = readInput.RunStatement(input);
        const session = this.session('RunStatement', SessionId, call);
        session.demandReady();
        return { Id: session.statements.add(Code) };
      }
      case 'GetStatement': {
        const { SessionId, Id } = readInput.statement(input);
        return { Statement: this.session('GetStatement', SessionId, call).statements.describe(Id) };
      }
      case 'ListStatements': {
        const { SessionId, NextToken } = readInput.ListStatements(input);
        const all = this.session('ListStatements', SessionId, call).statements.describeAll();
        const { items, nextToken } = page(all, 100, NextToken);
        return { Statements: items, ...(nextToken !== undefined && { NextToken: nextToken }) };
      }
      case 'CancelStatement': {
        const { SessionId, Id } = readInput.statement(input);
        this.session('CancelStatement', SessionId, call).statements.cancel(Id);
        return {};
      }
      case 'GetDashboardUrl':
        return this.dashboardUrl(readInput.GetDashboardUrl(input), call);
      case 'GetTags':
        return { Tags: this.tagged('GetTags', readInput.GetTags(input).ResourceArn, call, {}).tags };
      case 'TagResource':
        return this.tagResource(input, call);
      case 'UntagResource':
        return this.untagResource(input, call);
      case 'GetSystemLogsForSession':
        this.session('GetSystemLogsForSession', readInput.session(input).Id, call);
        // The model lets the address be missing, and there are no such logs here.
        return {};
      case 'GetSessionEndpoint':
        this.session('GetSessionEndpoint', readInput.GetSessionEndpoint(input).SessionId, call);
        // The model's error for what is not to be had; sessions here are never of type SPARK_CONNECT.
        throw new ServiceError(
          'OperationNotSupportedException',
          'Local Glue runs sessions of type LIVY only: they have no Spark Connect endpoint',
        );
      case 'GetConnection':
        return this.connections.get(readInput.GetConnection(input), caller, region);
      case 'GetUsageProfile':
        return describeUsageProfile(readInput.GetUsageProfile(input).Name, caller, region, this.options);
      case 'GetConnections':
        return this.connections.list(readInput.GetConnections(input), caller, region);
      default:
        return refuseNotServed(operation, input, caller, region, this.options.authorizer);
    }
  }

  /** Spark's own UI on this machine. The model has one error for where there is none. */
  private async dashboardUrl({ ResourceId, ResourceType }: DashboardInput, call: Call): Promise<object> {
    const session =
      ResourceType === 'SESSION' ? this.session('GetDashboardUrl', ResourceId, call) : undefined;
    const url = await session?.sparkUi();
    if (url !== undefined) return { Url: url };
    throw new ServiceError('OperationNotSupportedException', 'The operation is not available in the region.');
  }

  /** Sessions that have tags or once had some. */
  taggedSessions(account: string, region: string): readonly TaggedResource[] {
    return [...this.sessionsOf(account, region).values()]
      .filter(({ wasTagged }) => wasTagged)
      .map(({ facts: { arn }, tags }) => ({ arn, tags }));
  }

  /** What every session used so far, in all accounts. */
  usage(): readonly SessionUsage[] {
    return [...this.sessions].flatMap(([place, records]) => {
      const [account = '', region = ''] = place.split('/');
      return [...records.values()].flatMap((record) => record.usage(account, region) ?? []);
    });
  }

  async dispose(): Promise<void> {
    clearInterval(this.timeouts);
    await Promise.all(this.allSessions().map((session) => session.dispose()));
  }

  private allSessions(): SessionRecord[] {
    return [...this.sessions.values()].flatMap((records) => [...records.values()]);
  }

  private createSession(raw: unknown, call: Call): object {
    const input = readInput.CreateSession(raw);
    const { caller, region } = call;
    const arn = sessionArn(caller.account, region, input.Id);
    const connections = this.connections.network(
      input.Connections?.Connections ?? [],
      caller.account,
      region,
    );
    const tags = input.Tags ?? {};
    // A session is created with its tags on it: they are the resource's too (IAM user guide, "AWS global condition
    // context keys", aws:ResourceTag). AwsGlueSessionUserRestrictedPolicy rests on that in its glue:TagResource.
    const tagContext = {
      ...Object.fromEntries(
        Object.entries(tags).flatMap(([key, value]) => [
          [`aws:RequestTag/${key}`, [value]],
          [`aws:ResourceTag/${key}`, [value]],
        ]),
      ),
      ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
    };
    const regionContext = { 'aws:RequestedRegion': [region] };
    const own = { resourceAccount: caller.account };
    this.options.authorizer.demand(caller, {
      ...own,
      action: 'glue:CreateSession',
      resource: arn,
      context: { ...regionContext, ...tagContext, ...connections.context },
    });
    if (Object.keys(tags).length > 0) {
      this.options.authorizer.demand(caller, {
        ...own,
        action: 'glue:TagResource',
        resource: arn,
        context: { ...regionContext, ...tagContext },
      });
    }
    const facts = createSessionFacts(input, arn, caller, this.options);
    connections.demandAll();
    const records = this.sessionsOf(caller.account, region);
    if (records.has(input.Id)) {
      throw new ServiceError('AlreadyExistsException', `Session already exists for id ${input.Id}`);
    }
    const resources = this.options.world.accounts.get(caller.account)?.regions.get(region);
    demandCapacity(facts.maxCapacity, [...records.values()], resources);
    const session = new SessionRecord(facts, tags, { kind: 'created' }, this.surroundings(resources));
    records.set(input.Id, session);
    return { Session: session.describe() };
  }

  private listSessions(raw: unknown, call: Call): object {
    const { MaxResults, NextToken, Tags } = readInput.ListSessions(raw);
    this.options.authorizer.demand(call.caller, {
      action: 'glue:ListSessions',
      resource: '*',
      resourceAccount: call.caller.account,
      context: { 'aws:RequestedRegion': [call.region] },
    });
    const wanted = Object.entries(Tags ?? {});
    const matching = [...this.sessionsOf(call.caller.account, call.region).values()].filter((session) =>
      wanted.every(([key, value]) => session.tags[key] === value),
    );
    const newestFirst = matching.sort((a, b) => b.facts.createdAt - a.facts.createdAt);
    const { items, nextToken } = page(newestFirst, MaxResults ?? 100, NextToken);
    return {
      Ids: items.map(({ facts }) => facts.id),
      Sessions: items.map((session) => session.describe()),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  }

  private deleteSession(raw: unknown, call: Call): object {
    const session = this.session('DeleteSession', readInput.session(raw).Id, call);
    session.applyTimeouts();
    if (!session.isOver) {
      throw new ServiceError(
        'IllegalSessionStateException',
        `Session ${session.facts.id} is still running: stop it first`,
      );
    }
    this.sessionsOf(call.caller.account, call.region).delete(session.facts.id);
    return { Id: session.facts.id };
  }

  private tagResource(raw: unknown, call: Call): object {
    const { ResourceArn, TagsToAdd } = readInput.TagResource(raw);
    const reserved = Object.keys(TagsToAdd).find((key) => /^aws:/i.test(key));
    if (reserved !== undefined) {
      throw new ServiceError(
        'InvalidInputException',
        `aws: prefixed tag key names are not allowed for external use: ${reserved}`,
      );
    }
    const session = this.tagged('TagResource', ResourceArn, call, {
      'aws:TagKeys': Object.keys(TagsToAdd),
      ...Object.fromEntries(
        Object.entries(TagsToAdd).map(([key, value]) => [`aws:RequestTag/${key}`, [value]]),
      ),
    });
    const tags = { ...session.tags, ...TagsToAdd };
    if (Object.keys(tags).length > 50) {
      throw new ServiceError('InvalidInputException', 'Tag count exceeds the limit of 50 for a resource');
    }
    session.tags = tags;
    return {};
  }

  private untagResource(raw: unknown, call: Call): object {
    const { ResourceArn, TagsToRemove } = readInput.UntagResource(raw);
    const session = this.tagged('UntagResource', ResourceArn, call, { 'aws:TagKeys': TagsToRemove });
    session.tags = Object.fromEntries(
      Object.entries(session.tags).filter(([key]) => !TagsToRemove.includes(key)),
    );
    return {};
  }

  /** The session of that id, once the caller has been found to be allowed the action on it. */
  private session(action: string, id: string, { caller, region }: Call): SessionRecord {
    const session = this.sessionsOf(caller.account, region).get(id);
    this.demandOnSession(action, sessionArn(caller.account, region, id), session, { caller, region }, {});
    if (session !== undefined) return session;
    // The model of these two has no EntityNotFoundException.
    const code = ['StopSession', 'DeleteSession'].includes(action)
      ? 'InvalidInputException'
      : 'EntityNotFoundException';
    throw new ServiceError(code, `Session not found: ${id}`);
  }

  private tagged(
    action: string,
    arn: string,
    call: Call,
    context: Readonly<Record<string, readonly string[]>>,
  ): SessionRecord {
    const parts = /^arn:aws[^:]*:glue:([^:]*):([^:]*):session\/(.+)$/.exec(arn);
    const [region, account, id] = [parts?.[1] ?? '', parts?.[2] ?? '', parts?.[3] ?? ''];
    const isOwn = account === call.caller.account && region === call.region;
    const session = isOwn ? this.sessionsOf(account, region).get(id) : undefined;
    if (account !== call.caller.account) {
      // No session has a resource-based policy, which another account would need.
      throw new AccessRefused(
        `User: ${call.caller.arn} is not authorized to perform: glue:${action} on resource: ${arn} because no resource-based policy allows the glue:${action} action`,
      );
    }
    this.demandOnSession(action, arn, session, call, context);
    if (session === undefined)
      throw new ServiceError('EntityNotFoundException', `Resource not found: ${arn}`);
    return session;
  }

  private demandOnSession(
    action: string,
    arn: string,
    session: SessionRecord | undefined,
    { caller, region }: Call,
    context: Readonly<Record<string, readonly string[]>>,
  ): void {
    const tags = Object.entries(session?.tags ?? {});
    this.options.authorizer.demand(caller, {
      action: `glue:${action}`,
      resource: arn,
      resourceAccount: caller.account,
      context: {
        'aws:RequestedRegion': [region],
        ...Object.fromEntries(tags.map(([key, value]) => [`aws:ResourceTag/${key}`, [value]])),
        ...context,
      },
    });
  }

  private sessionsOf(account: string, region: string): Map<string, SessionRecord> {
    const key = `${account}/${region}`;
    const records = this.sessions.get(key) ?? new Map<string, SessionRecord>();
    this.sessions.set(key, records);
    return records;
  }

  private existingSession(
    account: string,
    region: string,
    resources: RegionResources,
    session: WorldSession,
  ): SessionRecord {
    const facts = createSessionFacts.fromWorld(
      session,
      sessionArn(account, region, session.id),
      this.options.now(),
    );
    return new SessionRecord(
      facts,
      session.tags,
      { kind: 'existing', ...session },
      this.surroundings(resources),
    );
  }

  private surroundings(resources: RegionResources | undefined): SessionSurroundings {
    const { engine, journal, now, s3Directory } = this.options;
    return {
      engine,
      journal,
      now,
      engineOptions: { s3Directory, catalog: resources?.catalog ?? [] },
      ...(resources?.heldResults !== undefined && { hold: holdIn(s3Directory, resources.heldResults) }),
    };
  }
}

function sessionArn(account: string, region: string, id: string): string {
  return `arn:aws:glue:${region}:${account}:session/${id}`;
}

/** Every session that lives counts against the DPUs of the account. */
function demandCapacity(
  dpu: number,
  sessions: readonly SessionRecord[],
  resources: RegionResources | undefined,
): void {
  const most = resources?.quotas.find(({ code }) => code === 'L-08F3B322')?.value ?? Infinity;
  const used = sessions.reduce((sum, { isLive, facts }) => sum + (isLive ? facts.maxCapacity : 0), 0);
  if (used + dpu <= most) return;
  throw new ServiceError(
    'ResourceNumberLimitExceededException',
    `Failed to create session due to exceeding maximum concurrent compute capacity (Max task DPUs per account: ${String(most)}).`,
  );
}
