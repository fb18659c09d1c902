import * as vscode from 'vscode';
import { commands } from '../manifest';
import type { CommandContext } from './commandContext';
import { toolNames } from './toolNames';

/** Offers the tools to language models, and takes links from elsewhere; what they do is loaded with the first one. */
export function registerAutomation(context: CommandContext): vscode.Disposable {
  const tools = toolNames.map((name) =>
    vscode.lm.registerTool<unknown>(name, {
      prepareInvocation: async ({ input }) =>
        (await import('./sessionTools')).prepareTool(context, name, input),
      invoke: async ({ input }, token) => {
        const { invokeTool } = await import('./sessionTools');
        const cancelling = new AbortController();
        const listening = token.onCancellationRequested(() => {
          cancelling.abort(new vscode.CancellationError());
        });
        try {
          const text = await invokeTool(context, name, input, cancelling.signal);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        } finally {
          listening.dispose();
        }
      },
    }),
  );
  const links = vscode.window.registerUriHandler({
    handleUri: async (uri) => {
      // VS Code has decoded it once and would encode the signs between the parameters too.
      await vscode.commands.executeCommand(commands.openLink, uri.toString(true));
    },
  });
  return vscode.Disposable.from(...tools, links);
}
