import * as vscode from 'vscode';
import { errorText } from '../host/reportError';
import { InvalidInputError } from '../glue/errors';
import { parseFilter } from '../glue/sessionFilter';

/** Asks what sessions have to be like to be seen. @returns undefined when cancelled; an empty text shows all */
export async function askFilter(current: string): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Filter Sessions'),
    prompt: vscode.l10n.t('All words must hold: team=analytics  status=ready  owner=me  age>2h  or any text'),
    placeHolder: 'team=analytics owner=me age>2h',
    value: current,
    validateInput: (text) => {
      try {
        parseFilter(text);
        return undefined;
      } catch (error) {
        if (error instanceof InvalidInputError) return errorText(error);
        throw error;
      }
    },
  });
}
