import type { CreateSessionRequest, GlueApi } from '../glueApi';
import type { PresetSource } from '../preset';
import { principalOf } from '../roleArn';
import type { Target } from '../target';
import { callersProfile } from './callersProfile';
import { obey, type PlannedNetwork } from './checkStart';
import type { SessionDefaults } from '../sessionDefaults';
import type { Guardrails } from './guardrails';
import { orNothing } from './orNothing';

/** What has its say before a session is asked for. */
export interface StartRules {
  /**
   * @throws GuardrailError when a rule is against the start, InvalidInputError when the rules can't be read: what can't
   *   be read must not pass for no rules
   */
  permit(start: StartWish, signal?: AbortSignal): Promise<void>;
  /** What sessions are like when nobody says otherwise. */
  defaults(): Promise<SessionDefaults>;
  /** What sessions may be asked for by name: the presets of the project, then the person's own. */
  presets(): Promise<readonly PresetSource[]>;
}

/** What is to be started, and where. */
export interface StartWish {
  readonly target: Target;
  readonly request: CreateSessionRequest;
}

/** Holds a start to rules and usage profiles; looks at the network of its connections when a rule wants to know. @throws GuardrailError */
export async function obeyAll(
  guardrails: readonly Guardrails[],
  { target, request }: StartWish,
  {
    api,
    pricePerDpuHour,
    signal,
  }: {
    readonly api: GlueApi;
    /** Dollars. */
    readonly pricePerDpuHour: number;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const wantsNetworks = guardrails.some(
    ({ rules: { vpcs, subnets, securityGroups } }) => (vpcs ?? subnets ?? securityGroups) !== undefined,
  );
  const own = await callersProfile(api, signal);
  const named = guardrails.flatMap(({ rules: { usageProfile } }) => usageProfile ?? []);
  const profiles = await Promise.all(
    [...new Set([...named, ...(own === undefined ? [] : [own])])].map((name) =>
      orNothing(() => api.usageProfile(name, signal)),
    ),
  );
  const assumedRole = target.roles.at(-1)?.roleArn;
  const start = {
    request,
    pricePerDpuHour,
    ...(assumedRole !== undefined && { assumedRole }),
    caller: principalOf((await api.callerIdentity(signal)).arn),
    ...(wantsNetworks && { networks: await networksOf(api, request.connections, signal) }),
  };
  obey(
    guardrails,
    start,
    profiles.flatMap((profile) => profile ?? []),
  );
}

/** Where connections are, as far as the caller may look: AWS judges the rest. */
async function networksOf(
  api: GlueApi,
  connections: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly PlannedNetwork[]> {
  const seen = await Promise.all(connections.map((name) => orNothing(() => api.getConnection(name, signal))));
  const ids = new Set(seen.flatMap((connection) => connection?.subnetId ?? []));
  // One by one: EC2 tells nothing of the others where one is gone.
  const found = await Promise.all([...ids].map((id) => orNothing(() => api.describeSubnets([id], signal))));
  const subnets = found.flatMap((some) => some ?? []);
  return connections.map((connection, position) => {
    const { subnetId, securityGroupIds = [] } = seen[position] ?? {};
    const vpcId = subnets.find(({ id }) => id === subnetId)?.vpcId;
    return {
      connection,
      isRead: seen[position] !== undefined,
      securityGroupIds,
      ...(subnetId !== undefined && { subnetId }),
      ...(vpcId !== undefined && { vpcId }),
    };
  });
}
