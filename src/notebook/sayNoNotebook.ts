import * as vscode from 'vscode';

/** Nothing can be done without a notebook. */
export function sayNoNotebook(): Promise<void> {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'There is no notebook with a Glue session in front. Open one and choose the kernel "Glue PySpark".',
    ),
  );
  return Promise.resolve();
}
