import * as vscode from 'vscode';
import { guardrailsFileName, type RulePlace } from '../glue/guardrails/guardrails';

/** Shows a rule of the project in its file. */
export async function openRule({ source, line = 1 }: RulePlace): Promise<void> {
  const files = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) =>
    vscode.Uri.joinPath(uri, guardrailsFileName),
  );
  const file = files.find((uri) => vscode.workspace.asRelativePath(uri) === source);
  if (file === undefined) return;
  const start = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(file, { selection: new vscode.Range(start, start) });
}
