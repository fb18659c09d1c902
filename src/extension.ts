import * as vscode from 'vscode';
import { createAwsAccess } from './aws/glueApis';
import { registerCommands } from './commands/registerCommands';
import { SessionDetails } from './commands/sessionDetails';
import type { CommandContext } from './commands/commandContext';
import { systemClock } from './glue/clock';
import { SessionInventory } from './glue/sessionInventory';
import { LocalGlue } from './host/localGlue';
import { askMfaCode } from './host/mfaCode';
import { CommandRegistrar } from './host/registerCommand';
import { readSettings } from './host/settings';
import { Targets } from './host/targets';
import { Notebooks } from './notebook/notebooks';
import { SessionTree } from './tree/sessionTree';

/** What has something to do when the window ends. */
let ending: (() => Promise<void>) | undefined;

/** Builds the parts and hands each what it needs. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Glue Sessions', { log: true });
  const clock = systemClock;
  const apis = createAwsAccess({ roleSessionName: readSettings.roleSessionName, mfaCode: askMfaCode });
  const localGlue = new LocalGlue(context.asAbsolutePath('dist/localGlue.js'), log);
  const targets = new Targets(localGlue);
  const inventory = new SessionInventory(apis, clock);
  const registrar = new CommandRegistrar((registered) => context.subscriptions.push(registered), log);
  const notebooks = new Notebooks({
    context,
    apis,
    profiles: apis,
    clock,
    inventory,
    targets,
    registrar,
    log,
  });
  const tree = new SessionTree({ inventory, registrar, memory: context.workspaceState, log });

  inventory.setTargets(targets.all());
  const following = targets.onDidChange(() => {
    inventory.setTargets(targets.all());
  });

  const details = new SessionDetails(inventory);
  const commandContext: CommandContext = {
    apis,
    clock,
    inventory,
    targets,
    localGlue,
    profiles: apis,
    attachment: notebooks,
    details,
    memory: context.globalState,
    log,
    extensionUri: context.extensionUri,
    selectedSessions: () => tree.selection.flatMap((node) => (node.kind === 'session' ? [node.listed] : [])),
  };
  registerCommands(registrar, commandContext);
  ending = () => notebooks.endOfWindow();
  context.subscriptions.push(log, localGlue, targets, inventory, notebooks, tree, details, following);
}

/** Called when the window ends or is loaded anew; VS Code waits for about five seconds. */
export async function deactivate(): Promise<void> {
  await ending?.();
}
