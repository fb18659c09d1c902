import * as vscode from 'vscode';
import { reportError } from './reportError';

/** Registers commands so that each is logged, and its failure told once. */
export class CommandRegistrar {
  constructor(
    private readonly keep: (registered: vscode.Disposable) => void,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  register(id: string, run: (...args: unknown[]) => Promise<unknown>): void {
    const wrapped = async (...args: unknown[]): Promise<unknown> => {
      this.log.debug(`command ${id}`);
      try {
        return await run(...args);
      } catch (error) {
        reportError(this.log, `command ${id}`, error);
        return undefined;
      }
    };
    this.keep(vscode.commands.registerCommand(id, wrapped));
  }
}
