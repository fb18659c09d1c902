import * as vscode from 'vscode';
import { rolesForGlue, type TrustingRole } from '../glue/access/trust';
import { noOutcomes, type StartOutcomes } from '../glue/startOutcomes';
import { targetKey, type Target } from '../glue/target';
import type { Suggestion } from '../host/multiStep';
import type { CommandContext } from './commandContext';
import { isQuiet, readOutcomes } from './startPlace';

/** What is known of the runtime roles of a place. */
interface Known {
  outcomes: StartOutcomes;
  /** By ARN: those that IAM tells of and that Glue may assume. */
  readonly listed: Map<string, TrustingRole>;
  isComplete: boolean;
}

/** The runtime roles that can be offered: those that sessions run as, those tried before, and those that IAM lists. */
export class StartRoles {
  private readonly places = new Map<string, Known>();

  constructor(private readonly context: CommandContext) {}

  /** What is known now, best first. @param typed undefined: nothing was typed, all are offered */
  suggest(target: Target, typed: string | undefined): readonly Suggestion[] {
    const { outcomes, listed } = this.of(target);
    const uses = new Map([...listed.keys(), ...Object.keys(outcomes.roles)].map((role) => [role, 0]));
    for (const { session } of this.context.inventory.snapshot(target).sessions)
      if (session.role !== undefined) uses.set(session.role, (uses.get(session.role) ?? 0) + 1);
    return [...uses]
      .sort(([one, a], [other, b]) => b - a || one.localeCompare(other))
      .filter(([role]) => typed === undefined || role.toLowerCase().includes(typed.trim().toLowerCase()))
      .map(([role, used]) => ({
        label: `$(key) ${role.split('/').at(-1) ?? role}`,
        description: describe(used, outcomes.roles[role] === 'denied', listed.get(role)),
        detail: role,
        text: role,
      }));
  }

  /** Reads what IAM lists, once for each target; where the caller may not ask, what is known has to do. */
  async read(target: Target, update: () => void, signal: AbortSignal): Promise<void> {
    const known = this.of(target);
    await Promise.all([
      readOutcomes(this.context, target, signal).then((outcomes) => {
        known.outcomes = outcomes;
        update();
      }),
      this.list(target, known, update, signal),
    ]);
  }

  private async list(target: Target, known: Known, update: () => void, signal: AbortSignal): Promise<void> {
    if (known.isComplete) return;
    const { apis, log } = this.context;
    try {
      if (!(await isQuiet(this.context, target))) return;
      await apis.of(target).access.listRoles((roles) => {
        for (const role of rolesForGlue(roles)) known.listed.set(role.arn, role);
        update();
      }, signal);
      known.isComplete = true;
    } catch (error) {
      if (signal.aborted) return;
      // Asked again in the next wizard: this one's caller won't be allowed more a minute later.
      known.isComplete = true;
      log.info(`roles are not listed: ${String(error)}`);
    }
  }

  private of(target: Target): Known {
    const key = targetKey(target);
    const known = this.places.get(key) ?? { outcomes: noOutcomes, listed: new Map(), isComplete: false };
    this.places.set(key, known);
    return known;
  }
}

function describe(used: number, isDenied: boolean, listed: TrustingRole | undefined): string {
  return [
    ...(used === 1 ? [vscode.l10n.t('a session runs as it')] : []),
    ...(used > 1 ? [vscode.l10n.t('{0} sessions run as it', used)] : []),
    ...(isDenied ? [vscode.l10n.t('denied here before')] : []),
    ...(used === 0 && listed !== undefined
      ? [listed.isConditional ? vscode.l10n.t('trusts Glue on a condition') : vscode.l10n.t('trusts Glue')]
      : []),
  ].join(' · ');
}
