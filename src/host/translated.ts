import * as vscode from 'vscode';
import { filled, type Said } from '../glue/sentence';

/** What a part without VS Code says, in the language of VS Code. */
export function translated(said: Said): string {
  if (typeof said === 'string') return said;
  // Filled in here: VS Code takes braces of JSON in a text for the begin of a placeholder.
  return filled(
    vscode.l10n.t(said.text),
    said.parts.map((part) => (typeof part === 'object' ? translated(part) : part)),
  );
}
