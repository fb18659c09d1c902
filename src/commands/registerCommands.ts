import type { CommandRegistrar } from '../host/registerCommand';
import type { CommandContext } from './commandContext';
import { verbIds } from './verbIds';

/** Registers every command on sessions; what they do is loaded with the first one that is run. */
export function registerCommands(registrar: CommandRegistrar, context: CommandContext): void {
  for (const id of verbIds) {
    registrar.register(id, async (node, nodes) => {
      const { verbs } = await import('./verbs');
      return verbs[id](context, node, nodes);
    });
  }
}
