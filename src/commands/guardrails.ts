import * as vscode from 'vscode';
import { guardrailsFileName, type RulePlace } from '../glue/guardrails/guardrails';
import { toPolicy } from '../glue/guardrails/toPolicy';
import { openRule } from '../host/openRule';
import type { CommandContext } from './commandContext';
import { translated } from '../host/translated';

/** What a new file says: rules that nobody is surprised by, each to be changed. */
const template = `{
  // Rules for AWS Glue sessions started from this project. They only narrow what IAM allows.
  "requiredTags": { "team": ["*"] },
  "maxWorkers": 10,
  "maxIdleTimeout": 120,
  "maxDollarsPerHour": 5,
  "defaults": { "idleTimeout": 30 }
}
`;

/** Shows the rules of the project, at one of them when a message names it; makes the file when there is none. */
export async function openGuardrailsCommand(_: CommandContext, place: unknown): Promise<void> {
  if (isPlace(place)) return openRule(place);
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const file = vscode.Uri.joinPath(folder.uri, guardrailsFileName);
  if (await exists(file)) {
    await vscode.window.showTextDocument(file);
    return;
  }
  // Unsaved until the person saves it: a rule holds from then on.
  const document = await vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => {
    edit.insert(new vscode.Position(0, 0), template);
  });
}

/** Shows what IAM can hold of the rules as a policy, and names what it can't. */
export async function exportGuardrailsCommand({ rules }: CommandContext): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const [guardrails] = await rules.read(vscode.Uri.joinPath(folder.uri, guardrailsFileName));
  if (guardrails === undefined) {
    const make = vscode.l10n.t('Make One');
    const message = vscode.l10n.t('{0} has no {1}.', folder.name, guardrailsFileName);
    if ((await vscode.window.showInformationMessage(message, make)) === make)
      await vscode.commands.executeCommand('glueSessions.openGuardrails');
    return;
  }
  const { policy, notHeld } = toPolicy(guardrails.rules);
  const remarks = [
    vscode.l10n.t(
      'Denies for those who start sessions, from {0}. Attach it beside what allows them to.',
      guardrails.source,
    ),
    vscode.l10n.t('Take the comments away before you give it to IAM.'),
    ...(notHeld.length === 0 ? [] : ['', vscode.l10n.t('Not in it, since IAM cannot hold it:')]),
    ...notHeld.map(({ rule, why }) => `- ${rule}: ${translated(why)}`),
  ];
  const content = [
    ...remarks.map((line) => `// ${line}`.trimEnd()),
    policy === undefined
      ? vscode.l10n.t('// IAM can hold none of these rules.')
      : JSON.stringify(policy, undefined, 2),
  ].join('\n');
  await vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: 'jsonc', content }),
  );
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 1) return vscode.window.showWorkspaceFolderPick();
  if (folders[0] === undefined)
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Guardrails stand in a folder: open one with "File: Open Folder…".'),
    );
  return folders[0];
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}

function isPlace(value: unknown): value is RulePlace {
  return typeof value === 'object' && value !== null && 'source' in value && typeof value.source === 'string';
}
