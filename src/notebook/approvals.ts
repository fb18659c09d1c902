import * as vscode from 'vscode';
import type { Target } from '../glue/target';
import type { Approval } from '../magics/apply';
import { readSettings } from '../host/settings';
import type { Targets } from '../host/targets';

/** A person did not want a notebook to use a role, profile or endpoint. */
export class NotAllowedError extends Error {
  override readonly name = 'NotAllowedError';
}

/**
 * Asks once for each notebook, value and identity before a notebook chooses who calls and where to: it may come from
 * anyone. Answers are remembered outside the workspace.
 */
export class Approvals {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly targets: Targets,
  ) {}

  /**
   * @param target the one that the approval would lead to: its profile or keys are what is lent to the notebook
   * @throws NotAllowedError when the person says no
   */
  async demand(notebook: vscode.NotebookDocument, approval: Approval, target: Target): Promise<void> {
    if (this.isAllowed(approval)) return;
    const { kind, value } = approval;
    const key = `approved:${JSON.stringify([notebook.uri.toString(), kind, value, identityOf(target)])}`;
    if (this.memory.get(key) === true) return;
    const allow = vscode.l10n.t('Allow');
    const answer = await vscode.window.showWarningMessage(
      question(approval),
      {
        modal: true,
        detail: vscode.l10n.t(
          'This was written in {0}. Allow it only if you trust where the notebook comes from. It is asked once for this notebook.',
          vscode.workspace.asRelativePath(notebook.uri),
        ),
      },
      allow,
    );
    if (answer !== allow) {
      throw new NotAllowedError(
        vscode.l10n.t(
          '{0} was not allowed, so nothing was done. Run the cell again to be asked again.',
          approval.value,
        ),
      );
    }
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

/** Whose keys are used, without the keys. */
function identityOf({ profile, credentials }: Target): string {
  return credentials === undefined ? `profile ${profile ?? process.env.AWS_PROFILE ?? 'default'}` : 'keys';
}

function question({ kind, value }: Approval): string {
  if (kind === 'role') return vscode.l10n.t('Allow this notebook to assume the role {0}?', value);
  if (kind === 'profile') return vscode.l10n.t('Allow this notebook to use the profile {0}?', value);
  return vscode.l10n.t('Allow this notebook to send your calls to {0}?', value);
}
