import { inEnglish, type Said, type Sentence } from './sentence';

/**
 * Whether the service can have acted on a failed call.
 * - `notExecuted`: refused or throttled before anything happened, so that sending again is safe.
 * - `unknown`: a lost answer, a reset, a time-out or a 5xx; the call may have been carried out.
 */
export type CallOutcome = 'notExecuted' | 'unknown';

/** Glue says InvalidInput or Validation of these. */
const refusalInOtherWords =
  /not authorized to perform|should be given assume role permissions|Insufficient Lake Formation permission/i;

/** A failure that this extension words itself, so that it can be said in other languages. */
export class SaidError extends Error {
  constructor(
    readonly sentence: Sentence,
    options?: { cause?: unknown },
  ) {
    super(inEnglish(sentence), options);
  }
}

/** A call to AWS that failed, whichever service it went to. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';

  /** By name: a lazily loaded file has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'AwsCallError';
  }

  /** What the message says where it is this extension's own, for whoever can say it in another language. */
  readonly sentence?: Sentence;

  constructor(
    /** Error code as the service words it, without the `Exception` suffix: `AccessDenied`, `Throttling`, `ExpiredToken`, `EntityNotFound`; `Network` when no answer came. */
    readonly code: string,
    /** The service's own message, unchanged; or what is said here where the service said nothing. */
    message: Said,
    /** Operation as IAM writes it, for example `glue:CreateSession`. */
    readonly action: string,
    readonly outcome: CallOutcome,
    readonly requestId: string | undefined,
    options?: { cause?: unknown },
  ) {
    super(inEnglish(message), options);
    if (typeof message === 'object') this.sentence = message;
  }

  get isThrottle(): boolean {
    return (
      this.code === 'Throttling' || this.code === 'TooManyRequests' || this.code === 'RequestLimitExceeded'
    );
  }

  get isAccessDenied(): boolean {
    return this.code === 'AccessDenied' || this.code === 'UnauthorizedOperation';
  }

  /** Refused for want of a permission, also where the service calls it a wrong input. See readDenial for what it means. */
  get isRefused(): boolean {
    return this.isAccessDenied || refusalInOtherWords.test(this.message) || this.isBeyondUsageProfile;
  }

  /**
   * Refused because a Glue usage profile sets other limits. The service's words for it were found nowhere in public, so it
   * is known by what it is not: an answer on a profile itself, or that the profile isn't there.
   */
  get isBeyondUsageProfile(): boolean {
    return (
      (this.isAccessDenied || this.code === 'InvalidInput' || this.code === 'Validation') &&
      /usage profile/i.test(this.message) &&
      !/\b(?:not found|not exist|doesn['’]t exist)/i.test(this.message) &&
      !/UsageProfiles?$/.test(this.action)
    );
  }

  /** Refused because the credentials it was signed with have ended. */
  get isExpiredToken(): boolean {
    return this.code === 'ExpiredToken' || this.code === 'RequestExpired';
  }

  get isExpiredCredentials(): boolean {
    return this.isExpiredToken || this.code === 'Credentials';
  }

  /** The keys don't hold (any more), or none were to be had: nothing is wrong with the call itself. */
  get needsCredentials(): boolean {
    return (
      this.isExpiredCredentials || this.code === 'UnrecognizedClient' || this.code === 'InvalidClientTokenId'
    );
  }
}

/** What a person or a notebook asked for can't be meant: told to them as it is, before anything is sent. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  /** By name: a lazily loaded file has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'InvalidInputError';
  }

  /** What the message says, for whoever can say it in another language; undefined where it is in that language already. */
  readonly sentence?: Sentence;

  constructor(
    message: Said,
    /** The offending value as written, when there is one. */
    readonly value?: string,
    options?: { cause?: unknown },
  ) {
    super(inEnglish(message), options);
    if (typeof message === 'object') this.sentence = message;
  }
}
