import type { AuthorizationRequest, Decision } from './authorization';

/** The sentence AWS answers a refused call with. Source: glue.md, "Refusals and failures, as real ones read". */
export function refusalMessage(
  request: AuthorizationRequest,
  decision: Extract<Decision, { allowed: false }> | undefined,
): string {
  const on = request.resource === '*' ? '' : ` on resource: ${request.resource}`;
  const reason = decision === undefined ? '' : ` ${decision.reason}`;
  return `User: ${request.caller.arn} is not authorized to perform: ${request.action}${on}${reason}`;
}
