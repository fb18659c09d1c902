import * as vscode from 'vscode';
import type { Approval } from '../glue/approval';
import type { Target } from '../glue/target';
import { readSettings } from './settings';
import type { Targets } from './targets';

/** A person did not want a role, profile or endpoint that somebody else may have written to be used. */
export class NotAllowedError extends Error {
  override readonly name = 'NotAllowedError';

  /** By name: a lazily loaded file has a copy of this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'NotAllowedError';
  }
}

/** What may come from anyone, and says who calls and where to. */
export interface ApprovalSource {
  /** Answers hold for what has the same key. */
  readonly key: string;
  readonly question: (approval: Approval) => string;
  /** Where it was written, and for what the answer holds. */
  readonly detail: string;
  /** Why nothing was done, once the person has said no. */
  readonly refusal: (approval: Approval) => string;
}

/**
 * Asks once for each source, value and identity before something that may come from anyone chooses who calls and where to.
 * Answers are remembered outside the workspace.
 */
export class Approvals {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly targets: Targets,
  ) {}

  /**
   * @param target the one that the approval would lead to: its profile or keys are what is lent
   * @throws NotAllowedError when the person says no
   */
  async demand(source: ApprovalSource, approval: Approval, target: Target): Promise<void> {
    if (this.isAllowed(approval)) return;
    const { kind, value } = approval;
    const key = `approved:${JSON.stringify([source.key, kind, value, identityOf(target)])}`;
    if (this.memory.get(key) === true) return;
    const allow = vscode.l10n.t('Allow');
    const answer = await vscode.window.showWarningMessage(
      source.question(approval),
      { modal: true, detail: source.detail },
      allow,
    );
    if (answer !== allow) throw new NotAllowedError(source.refusal(approval));
    await this.memory.update(key, true);
  }

  private isAllowed({ kind, value }: Approval): boolean {
    const allowed = {
      role: readSettings.allowedRoles,
      profile: readSettings.allowedProfiles,
      endpoint: readSettings.allowedEndpoints,
    }[kind]();
    return allowed.includes(value) || this.targets.isAdded(kind, value);
  }
}

/** A notebook, with its magics. */
export function approvalsForNotebook({ uri }: vscode.NotebookDocument): ApprovalSource {
  return {
    key: uri.toString(),
    question: ({ kind, value }) => {
      if (kind === 'role') return vscode.l10n.t('Allow this notebook to assume the role {0}?', value);
      if (kind === 'profile') return vscode.l10n.t('Allow this notebook to use the profile {0}?', value);
      return vscode.l10n.t('Allow this notebook to send your calls to {0}?', value);
    },
    detail: vscode.l10n.t(
      'This was written in {0}. Allow it only if you trust where the notebook comes from. It is asked once for this notebook.',
      vscode.workspace.asRelativePath(uri),
    ),
    refusal: ({ value }) =>
      vscode.l10n.t('{0} was not allowed, so nothing was done. Run the cell again to be asked again.', value),
  };
}

/** The settings of the workspace, with a preset. */
export function approvalsForPreset(name: string): ApprovalSource {
  const { workspaceFile, workspaceFolders } = vscode.workspace;
  return {
    key: `settings ${(workspaceFile ?? workspaceFolders?.[0]?.uri)?.toString() ?? ''}`,
    question: ({ kind, value }) => {
      if (kind === 'role')
        return vscode.l10n.t('Allow the preset "{0}" to assume the role {1}?', name, value);
      if (kind === 'profile')
        return vscode.l10n.t('Allow the preset "{0}" to use the profile {1}?', name, value);
      return vscode.l10n.t('Allow the preset "{0}" to send your calls to {1}?', name, value);
    },
    detail: vscode.l10n.t(
      'This was written in the settings of the workspace, not in your own. Allow it only if you trust where the workspace comes from. It is asked once for this workspace.',
    ),
    refusal: ({ value }) => vscode.l10n.t('{0} was not allowed, so the preset was not taken.', value),
  };
}

/** Whose keys are used, without the keys. */
function identityOf({ profile, credentials }: Target): string {
  return credentials === undefined ? `profile ${profile ?? process.env.AWS_PROFILE ?? 'default'}` : 'keys';
}
