/** One question to the evaluator: may this caller do this, now? Values of condition keys are always lists; a missing key is absent. */
export interface AuthorizationRequest {
  readonly caller: Caller;
  /** `glue:CreateSession` */
  readonly action: string;
  /** ARN of what is acted on, `*` when the action has none. */
  readonly resource: string;
  /** Account that owns the resource. */
  readonly resourceAccount: string;
  /** Condition keys of the request, as IAM names them: `glue:VpcIds`, `aws:RequestTag/team`, `iam:PassedToService`. Global keys of the caller (aws:userid, aws:PrincipalTag/…, aws:PrincipalArn, aws:PrincipalAccount, aws:username) are added by the evaluator. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Who calls, with all that bounds what they may do. */
export interface Caller {
  readonly account: string;
  /** `arn:aws:iam::A:user/N` or `arn:aws:sts::A:assumed-role/R/S`. */
  readonly arn: string;
  /** ARN of the user or role whose policies hold. */
  readonly principalArn: string;
  /** `AIDA…`, or `AROA…:sessionName`. */
  readonly userId: string;
  readonly userName?: string;
  /** Tags of the user or role with session tags over them. */
  readonly principalTags: Readonly<Record<string, string>>;
  /** Policies passed to AssumeRole: they narrow what the role allows. */
  readonly sessionPolicies: readonly PolicyDocument[];
  readonly sourceIdentity?: string;
  /** Keys of session tags that follow into every role assumed from here. */
  readonly transitiveTagKeys?: readonly string[];
}

export type Decision =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** As AWS ends its sentence: `because no identity-based policy allows the X action` or `with an explicit deny in a service control policy`. */
      readonly reason: string;
      readonly explicit: boolean;
      readonly kind: PolicyKind;
    };

export type PolicyKind =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'permissions boundary'
  | 'service control policy'
  | 'session policy';

/** A policy after validation: every element is known to the evaluator, or the world did not load. */
export interface PolicyDocument {
  readonly name: string;
  /** Whether `${…}` stands for a value: only in Version 2012-10-17. */
  readonly variables: boolean;
  readonly statements: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** Only in trust and resource policies; empty in identity policies. */
  readonly principals: readonly {
    readonly type: 'AWS' | 'Service' | '*';
    readonly values: readonly string[];
  }[];
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyCondition {
  /** Operator as written: `ForAnyValue:StringNotEqualsIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}
