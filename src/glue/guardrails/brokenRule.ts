import type { GuardrailError, Violation } from './checkStart';
import type { RulePlace } from './guardrails';

/** Where the first rule stands that a failed start broke; undefined when it failed for another reason. */
export function brokenRule(error: unknown): RulePlace | undefined {
  return violationsIn(error)[0]?.place;
}

/** The rules that a failed start broke; none when it failed for another reason. */
export function violationsIn(error: unknown): readonly Violation[] {
  return error instanceof Error && 'violations' in error ? (error as GuardrailError).violations : [];
}
