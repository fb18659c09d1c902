import { AwsCallError } from './errors';
import type { CreateSessionRequest } from './glueApi';

/** A refused call, taken apart. Source of the wordings: glue.md, "Refusals and failures, as real ones read". */
export interface Denial {
  /** `glue:CreateSession` */
  readonly action: string;
  readonly principal?: string;
  readonly resource?: string;
  /** `identity-based policy`, `service control policy`, …; undefined when the message doesn't tell. */
  readonly policyKind?: string;
  readonly policyArn?: string;
  readonly isExplicit: boolean;
  /** What of the request caused it, as far as the message and the request tell. */
  readonly cause: DenialCause;
}

/**
 * - `noConnection`: a start without a connection, so without a VPC, met an explicit deny
 * - `connectionNotApproved`: a start with connections met an explicit deny
 * - `passRole`: the caller may not hand the runtime role to Glue
 * - `tagging`: the caller may not set these tags
 */
export type DenialCause =
  'noConnection' | 'connectionNotApproved' | 'passRole' | 'tagging' | 'missingPermission' | 'unknown';

/** Takes a refusal apart; undefined when the error is none. @param request that of the session, when one was to start */
export function explainDenial(error: unknown, request?: CreateSessionRequest): Denial | undefined {
  if (!(error instanceof AwsCallError) || !error.isAccessDenied) return undefined;
  const text = error.message;
  const action = /not authorized to perform:?\s+([\w-]+:\w+)/.exec(text)?.[1] ?? error.action;
  const explicit = /with an explicit deny in an? ([a-zA-Z -]+?(?:policy|boundary))(?=[:.]|\s|$)/.exec(
    text,
  )?.[1];
  const missing = /because no ([a-zA-Z -]+?(?:policy|boundary)) allows/.exec(text)?.[1];
  const principal = /User:\s+(\S+)/.exec(text)?.[1];
  const resource = /on resource:\s+(.+?)(?=\s+(?:because no|with an explicit deny)|$)/.exec(text)?.[1];
  const policyArn = /(arn:aws[\w-]*:(?:iam|organizations)::[^\s:]*:(?:policy\/)[^\s.]+)/.exec(text)?.[1];
  const policyKind = explicit ?? missing;
  return {
    action,
    ...(principal !== undefined && { principal }),
    ...(resource !== undefined && { resource }),
    ...(policyKind !== undefined && { policyKind }),
    ...(policyArn !== undefined && { policyArn }),
    isExplicit: explicit !== undefined,
    cause: causeOf(action, explicit !== undefined, missing !== undefined, request),
  };
}

function causeOf(
  action: string,
  isExplicit: boolean,
  isMissing: boolean,
  request: CreateSessionRequest | undefined,
): DenialCause {
  if (action === 'iam:PassRole') return 'passRole';
  if (action === 'glue:TagResource' || action === 'glue:UntagResource') return 'tagging';
  if (action === 'glue:CreateSession' && isExplicit && request !== undefined) {
    return request.connections.length === 0 ? 'noConnection' : 'connectionNotApproved';
  }
  return isMissing ? 'missingPermission' : 'unknown';
}

/** What an administrator needs to look into it: plain text, free of secrets. */
export function denialDetails(denial: Denial, error: AwsCallError, request?: CreateSessionRequest): string {
  const lines = [
    ['Action', denial.action],
    ['Resource', denial.resource],
    ['Principal', denial.principal],
    [
      'Refused by',
      denial.policyKind && `${denial.isExplicit ? 'explicit deny in' : 'no allow in'} ${denial.policyKind}`,
    ],
    ['Policy', denial.policyArn],
    ['Session', request?.id],
    ['Runtime role', request?.role],
    [
      'Connections',
      request && (request.connections.join(', ') || 'none (so no VPC, subnet or security group)'),
    ],
    [
      'Tags',
      request &&
        Object.entries(request.tags)
          .map(([key, value]) => `${key}=${value}`)
          .join(', '),
    ],
    ['Request id', error.requestId],
    ['Message', error.message],
  ];
  return lines.flatMap(([name, value]) => (value ? [`${name ?? ''}: ${value}`] : [])).join('\n');
}
