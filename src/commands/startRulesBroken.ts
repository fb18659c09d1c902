import { createSessionRequest } from '../glue/createSessionRequest';
import type { Violation } from '../glue/guardrails/checkStart';
import { violationsIn } from '../glue/guardrails/brokenRule';
import { withMore, type SessionWish, type WishStep } from '../glue/sessionWish';
import { errorText } from '../host/reportError';
import type { CommandContext } from './commandContext';
import { configurationOf } from './wishConfiguration';

/** Rules of the project that a start would break, before it is asked for. Whatever else fails is told by the start. */
export async function brokenRules(context: CommandContext, wish: SessionWish): Promise<readonly Violation[]> {
  const { target } = wish;
  try {
    const caller = await context.apis.of(target).callerIdentity();
    const request = createSessionRequest(configurationOf(wish), caller, () => 'review');
    await context.rules.of().permit({ target, request: withMore(request, wish.more) });
    return [];
  } catch (error) {
    const violations = violationsIn(error);
    if (violations.length === 0)
      context.log.info(`rules were not looked at in the review: ${errorText(error)}`);
    return violations;
  }
}

/** The question whose answer breaks a rule. */
export function stepOfRule(rule: string): WishStep {
  const steps: Readonly<Record<string, WishStep>> = {
    requiredTags: 'tags',
    runtimeRoles: 'iamRole',
    rolesToAssume: 'target',
    connections: 'connections',
    vpcs: 'connections',
    subnets: 'connections',
    securityGroups: 'connections',
    workerTypes: 'workerType',
    workerType: 'workerType',
    glueVersions: 'glueVersion',
    maxIdleTimeout: 'idleTimeout',
    idleTimeout: 'idleTimeout',
  };
  const name = rule.split('.')[0] ?? rule;
  return (Object.hasOwn(steps, name) ? steps[name] : undefined) ?? 'numberOfWorkers';
}
