import { AwsCallError } from '../errors';
import { readDenial, type Denial } from '../denial';
import type { CallerIdentity, Connection, Session, Subnet, Tags } from '../glueApi';
import type { AssumedRole, Target } from '../target';
import type {
  NatGateway,
  Quota,
  RoleDescription,
  RouteTable,
  SecurityGroupRules,
  SimulatedDecision,
  VpcEndpoint,
} from './accessApi';
import { saidBy, type Said } from '../sentence';

/** What a session is to be: the check-up asks whether it could start. */
export interface AccessQuestion {
  readonly target: Target;
  /** Runtime role: ARN or bare name; undefined when none is set. */
  readonly role?: string;
  readonly connections: readonly string[];
  readonly tags: Tags;
  readonly workerType?: string;
  readonly numberOfWorkers?: number;
  /** DPU, in place of workers. */
  readonly maxCapacity?: number;
  /** What AWS itself has said of such a start a moment ago: weighs more than a simulation. */
  readonly refusal?: Denial;
}

/** Something that was asked of AWS, and what came. */
export type Fact<T> =
  | { readonly state: 'known'; readonly value: T }
  /** The caller may not ask it. */
  | { readonly state: 'refused'; readonly action: string; readonly message: string; readonly denial?: Denial }
  | { readonly state: 'failed'; readonly code: string; readonly message: Said }
  /** There was nothing to ask, or no way to. */
  | { readonly state: 'unasked' };

export const unasked = { state: 'unasked' } as const;

/** Asks, and takes every failure but an abort as an answer. */
export async function ask<T>(what: () => Promise<T>, signal: AbortSignal): Promise<Fact<T>> {
  signal.throwIfAborted();
  try {
    return { state: 'known', value: await what() };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AwsCallError)) throw error;
    const { action, message, code } = error;
    if (!error.isRefused) return { state: 'failed', code, message: saidBy(error) };
    const denial = readDenial(error);
    return { state: 'refused', action: denial?.action ?? action, message, ...(denial && { denial }) };
  }
}

/** The value, where it is known. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.state === 'known' ? fact.value : undefined;
}

/** Whether a session may be started as it is wished, by simulation; and what else may be. */
export interface StartFinding {
  readonly create: SimulatedDecision;
  /** Undefined when no tags are wished. */
  readonly tag?: SimulatedDecision;
  /** Connections with which it would be allowed. */
  readonly allowedConnections: readonly string[];
  /** Tags with which it would be allowed: with any one of them, or with all when `isTogether`. */
  readonly allowedTags: readonly { readonly key: string; readonly values: readonly string[] }[];
  readonly isTogether: boolean;
}

/** All that the links are judged by. */
export interface AccessFacts {
  /** The profile's own credentials, then each role that is assumed; later ones are unasked when one fails. */
  readonly steps: readonly { readonly role?: AssumedRole; readonly caller: Fact<CallerIdentity> }[];
  readonly region: Fact<string>;
  /** User or role whose policies hold. */
  readonly principalArn?: string;
  /** Runtime role, resolved in the account. */
  readonly roleArn?: string;
  readonly runtimeRole: Fact<RoleDescription>;
  readonly passRole: Fact<SimulatedDecision>;
  readonly connections: Fact<readonly Connection[]>;
  /** Of the first connection. */
  readonly subnet: Fact<Subnet | undefined>;
  readonly groups: Fact<readonly SecurityGroupRules[]>;
  readonly routeTables: Fact<readonly RouteTable[]>;
  readonly vpcEndpoints: Fact<readonly VpcEndpoint[]>;
  readonly natGateways: Fact<readonly NatGateway[]>;
  readonly start: Fact<StartFinding>;
  readonly sessions: Fact<readonly Session[]>;
  readonly quotas: Fact<readonly Quota[]>;
}
