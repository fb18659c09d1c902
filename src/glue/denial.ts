import { AwsCallError } from './errors';
import type { CreateSessionRequest } from './glueApi';

/**
 * How a refusal is worded.
 * - `authorization`: `… not authorized to perform: ACTION …`, in any of its lengths
 * - `roleTrust`: the runtime role's trust policy doesn't name Glue
 * - `otherAccountsRole`: a runtime role of another account
 * - `lakeFormation`: Lake Formation, not IAM, refuses
 * - `key`: KMS, which doesn't say whether the key is missing or closed
 * - `usageProfile`: a Glue usage profile sets other limits
 * - `unknown`: refused, in words that are not known: nothing is concluded from them
 */
export type DenialForm =
  'authorization' | 'roleTrust' | 'otherAccountsRole' | 'lakeFormation' | 'key' | 'usageProfile' | 'unknown';

/** A refused call, taken apart. Source of the wordings: glue.md, "Refusals and failures, as real ones read". */
export interface Denial {
  readonly form: DenialForm;
  /** `glue:CreateSession` */
  readonly action: string;
  /** What a policy would have had to allow, where the message names another action than the one that was called. */
  readonly wantedAction?: string;
  readonly principal?: string;
  readonly resource?: string;
  /** `identity-based policy`, `service control policy`, …; undefined when the message doesn't tell. */
  readonly policyKind?: string;
  readonly policyArn?: string;
  /** A deny was met, rather than no allow. */
  readonly isExplicit: boolean;
  /** Page of the AWS console that tells the details for at least 24 hours. */
  readonly detailsUrl?: string;
  /** For the call GetRequestAuthorizationDetails. */
  readonly authorizationId?: string;
  /** For `aws sts decode-authorization-message`. */
  readonly encodedMessage?: string;
}

/** Takes a refusal apart; undefined when the error is none. */
export function readDenial(error: unknown): Denial | undefined {
  if (!(error instanceof AwsCallError)) return undefined;
  // Some come with line breaks.
  const text = error.message.replace(/\s+/g, ' ').trim();
  const authorization = readAuthorization(text, error);
  if (authorization !== undefined) return authorization;
  const other = readOther(text, error);
  if (other !== undefined) return other;
  if (!error.isAccessDenied) return undefined;
  return { form: 'unknown', action: error.action, isExplicit: false, ...references(text) };
}

/** Ends a resource: the reason, what AWS adds to it, or what an SDK puts behind the message. */
const afterResource =
  /\s+(?:because no\s|with an explicit deny)|\.?\s+(?:Encoded authorization|Go to https:)|\s+\(Service:|\.?$/;

function readAuthorization(text: string, error: AwsCallError): Denial | undefined {
  const named = /not authorized to perform:? ([\w-]+:\w+)/.exec(text)?.[1];
  // EC2 may name no action at all.
  if (
    named === undefined &&
    !(error.isAccessDenied && text.includes('not authorized to perform this operation'))
  )
    return undefined;
  const explicit = / with an explicit deny(?: in (?:an?|the) ([\w -]+?(?:policy|boundary))\b)?/.exec(text);
  const missing = / because no ([\w -]+?(?:policy|boundary)) allows the ([\w-]+:\w+) action/.exec(text);
  const principal = /User: (.+?) is not authorized to perform/.exec(text)?.[1];
  const [, resourceAndRest] = / on resource: (.+)$/.exec(text) ?? [];
  const resource = resourceAndRest?.split(afterResource)[0]?.replace(/^"(.*)"$/, '$1');
  const kind = explicit?.[1] ?? missing?.[1];
  const wanted = missing?.[2];
  const action = named ?? error.action;
  const policyArn = /(?:policy|boundary): (arn:\S+?)[.,]?(?: |$)/.exec(text)?.[1];
  return {
    form: 'authorization',
    action,
    ...(wanted !== undefined && wanted !== action && { wantedAction: wanted }),
    ...(principal !== undefined && { principal }),
    ...(resource !== undefined && resource !== '' && { resource }),
    ...(kind !== undefined && { policyKind: kind.replace(/^sessions policy$/, 'session policy') }),
    ...(policyArn !== undefined && { policyArn }),
    isExplicit: explicit !== null,
    ...references(text),
  };
}

/** Refusals that don't have the form of IAM. */
function readOther(text: string, error: AwsCallError): Denial | undefined {
  const { action } = error;
  const role = /Role (\S+) should be given assume role permissions for Glue/i.exec(text)?.[1];
  if (role !== undefined) {
    return {
      form: 'roleTrust',
      action: 'sts:AssumeRole',
      principal: 'glue.amazonaws.com',
      resource: role,
      policyKind: 'role trust policy',
      isExplicit: false,
    };
  }
  if (/cross-account pass role is not allowed/i.test(text))
    return { form: 'otherAccountsRole', action: 'iam:PassRole', isExplicit: false };
  const lake = /Insufficient Lake Formation permission\(s\)(?:: (?:Required )?(?:(.+?) )?on (\S+))?/.exec(
    text,
  );
  if (lake !== null) {
    const [, right, on] = lake;
    return {
      form: 'lakeFormation',
      action: right === undefined ? action : `lakeformation: ${right}`,
      ...(on !== undefined && { resource: on }),
      isExplicit: false,
    };
  }
  if (/refers to a customer master key that does not exist.*not allowed to access/i.test(text))
    return { form: 'key', action: 'kms:Decrypt', isExplicit: false };
  if (error.isBeyondUsageProfile) return { form: 'usageProfile', action, isExplicit: false };
  return undefined;
}

/** Where AWS tells more. A link is given on only when it leads to the AWS console. */
function references(text: string): Pick<Denial, 'detailsUrl' | 'authorizationId' | 'encodedMessage'> {
  const url = /Go to (https:\/\/[^\s"<>]+)/.exec(text)?.[1];
  const id = /authorization id: (\w+)/i.exec(text)?.[1];
  const encoded = /Encoded authorization failure message: ([\w+/=-]+)/.exec(text)?.[1];
  return {
    ...(url !== undefined && isConsole(url) && { detailsUrl: url }),
    ...(id !== undefined && { authorizationId: id }),
    ...(encoded !== undefined && { encodedMessage: encoded }),
  };
}

function isConsole(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' &&
    /(?:^|\.)console\.(?:aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)$/.test(hostname)
  );
}

/**
 * Who can change what refused.
 * - `account`: an administrator of the account of the principal
 * - `organization`: an administrator of the organisation, in its management account
 * - `endpoint`: the owner of the VPC endpoint that calls go through
 * - `resource`: the owner of the resource
 * - `session`: whoever made the credentials, and limited them by a policy of their own
 */
export type PolicyKeeper = 'account' | 'organization' | 'endpoint' | 'resource' | 'session';

const keepers: Readonly<Record<string, PolicyKeeper>> = {
  'identity-based policy': 'account',
  'permissions boundary': 'account',
  'service control policy': 'organization',
  'resource control policy': 'organization',
  'VPC endpoint policy': 'endpoint',
  'resource-based policy': 'resource',
  'role trust policy': 'resource',
  'session policy': 'session',
};

/** Who to turn to; undefined for a kind of policy that isn't named, or isn't known. */
export function keeperOf({ policyKind, principal, resource }: Denial):
  | {
      readonly keeper: PolicyKeeper;
      /** Of the principal or the resource, where the message tells. */
      readonly account?: string;
    }
  | undefined {
  const keeper =
    policyKind !== undefined && Object.hasOwn(keepers, policyKind) ? keepers[policyKind] : undefined;
  if (keeper === undefined) return undefined;
  const arn = keeper === 'account' ? principal : keeper === 'resource' ? resource : undefined;
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn ?? '')?.[1];
  return { keeper, ...(account !== undefined && { account }) };
}

/** What an administrator needs to look into it: plain text, free of secrets. */
export function denialDetails(denial: Denial, error: AwsCallError, request?: CreateSessionRequest): string {
  const { policyKind, isExplicit } = denial;
  const refusedBy =
    policyKind === undefined
      ? isExplicit && 'explicit deny, in a policy that is not named'
      : `${isExplicit ? 'explicit deny in' : 'no allow in'} ${policyKind}`;
  const lines = [
    ['Action', denial.action],
    ['Would have to be allowed', denial.wantedAction],
    ['Resource', denial.resource],
    ['Principal', denial.principal],
    ['Refused by', refusedBy],
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
    ['Workers', request?.workerType && `${request.workerType} × ${String(request.numberOfWorkers ?? '?')}`],
    ['Authorization details', denial.detailsUrl],
    ['Authorization id', denial.authorizationId],
    ['Request id', error.requestId],
    ['Message', error.message],
  ];
  return lines
    .flatMap(([name, value]) => (value ? [`${name === false ? '' : (name ?? '')}: ${value}`] : []))
    .join('\n');
}
