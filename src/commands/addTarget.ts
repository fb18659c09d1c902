import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import { parseRoleArn } from '../glue/roleArn';
import type { CommandContext } from './commandContext';
import { targetOfNode } from './sessionPicker';

/** Adds a place to look for sessions: a profile, perhaps a role, perhaps a Region. */
export async function addTargetCommand(context: CommandContext): Promise<void> {
  const profiles = await context.profiles.listProfiles();
  if (profiles.length === 0) {
    const start = vscode.l10n.t('Start Local Glue');
    const answer = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The AWS configuration has no profile. Make one with "aws configure", or try Local Glue, which needs no account.',
      ),
      start,
    );
    if (answer === start) await context.localGlue.start(() => undefined);
    return;
  }
  const profile = await vscode.window.showQuickPick(
    profiles.map(({ name, region, roleArn }) => ({
      label: name,
      description: region ?? '',
      detail: roleArn ?? '',
    })),
    {
      title: vscode.l10n.t('Add Profile or Role'),
      placeHolder: vscode.l10n.t('Profile'),
      ignoreFocusOut: true,
    },
  );
  if (profile === undefined) return;
  const role = await ask(vscode.l10n.t('Role to assume (ARN); leave empty for none'), (text) => {
    if (text !== '') parseRoleArn(text);
  });
  if (role === undefined) return;
  const region = await ask(vscode.l10n.t('Region; leave empty for that of the profile'), (text) => {
    if (text !== '' && !/^[a-z]{2,3}(-[a-z]+)+-\d+$/.test(text)) {
      throw new InvalidInputError(vscode.l10n.t('"{0}" is not a Region such as us-east-1.', text));
    }
  });
  if (region === undefined) return;
  await context.targets.add({
    profile: profile.label,
    roles: role === '' ? [] : [{ roleArn: role }],
    ...(region !== '' && { region }),
  });
}

/** Takes a place out of the view. */
export async function removeTargetCommand(context: CommandContext, node: unknown): Promise<void> {
  const target = targetOfNode(node);
  if (target !== undefined) await context.targets.remove(target);
}

function ask(prompt: string, check: (text: string) => void): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Add Profile or Role'),
    prompt,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        check(text.trim());
        return undefined;
      } catch (error) {
        if (error instanceof InvalidInputError) return error.message;
        throw error;
      }
    },
  });
}
