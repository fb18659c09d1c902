import type * as vscode from 'vscode';

/** Builds the parts and hands each what it needs. */
export function activate(_context: vscode.ExtensionContext): void {
  // Composed as the parts arrive.
}
