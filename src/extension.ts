import * as vscode from 'vscode';
import { createAwsAccess } from './aws/glueApis';
import { registerAutomation } from './commands/registerAutomation';
import { registerCommands } from './commands/registerCommands';
import { SessionDetails } from './commands/sessionDetails';
import type { CommandContext } from './commands/commandContext';
import { watchBudgets } from './commands/watchBudgets';
import { systemClock } from './glue/clock';
import { SessionInventory } from './glue/sessionInventory';
import { OwnSessions } from './forgotten/ownSessions';
import { TargetFacts } from './glue/targetFacts';
import { Approvals } from './host/approvals';
import { LocalGlue } from './host/localGlue';
import { askMfaCode, refuseMfaCode } from './host/mfaCode';
import { followProfiles } from './host/followProfiles';
import { CommandRegistrar } from './host/registerCommand';
import { ProjectRules } from './host/projectRules';
import { QuietApis } from './host/quietApis';
import { rememberedSessions } from './host/rememberedSessions';
import { readSettings } from './host/settings';
import { StartedSessions } from './host/startedSessions';
import { StartMemory } from './host/startMemory';
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
  const unasked = createAwsAccess({ roleSessionName: readSettings.roleSessionName, mfaCode: refuseMfaCode });
  const quietApis = new QuietApis({ apis, unasked, profiles: apis });
  const localGlue = new LocalGlue(context.asAbsolutePath('dist/localGlue.js'), log);
  const targets = new Targets(localGlue);
  const inventory = new SessionInventory(
    apis,
    clock,
    rememberedSessions(context.globalStorageUri, clock, log),
  );
  const rules = new ProjectRules(apis);
  const registrar = new CommandRegistrar((registered) => context.subscriptions.push(registered), log);
  const started = new StartedSessions(context.globalState);
  const starts = new StartMemory(context.globalState, log);
  const approvals = new Approvals(context.globalState, targets);
  const notebooks = new Notebooks({
    context,
    started,
    starts,
    approvals,
    apis,
    quietApis,
    profiles: apis,
    clock,
    inventory,
    targets,
    rules,
    registrar,
    log,
  });
  const targetFacts = new TargetFacts(apis, inventory, (what, error) => {
    log.debug(`${what} can't be read: ${String(error)}`);
  });
  const profileWatch = followProfiles({ apis: [apis, unasked], profiles: apis, inventory, log });
  const tree = new SessionTree({
    inventory,
    targets,
    targetFacts,
    registrar,
    memory: context.workspaceState,
    log,
  });

  inventory.setTargets(targets.all());
  const following = targets.onDidChange(() => {
    inventory.setTargets(targets.all());
  });

  const myself = () => ({
    userIds: inventory.userIds(),
    isStartedHere: (id: string) => started.has(id),
  });
  const details = new SessionDetails(
    { apis, clock, inventory, myself, log, extensionUri: context.extensionUri },
    targets,
  );
  const commandContext: CommandContext = {
    apis,
    approvals,
    starts,
    clock,
    inventory,
    targets,
    rules,
    localGlue,
    profiles: apis,
    attachment: notebooks,
    details,
    memory: context.globalState,
    workspaceMemory: context.workspaceState,
    log,
    extensionUri: context.extensionUri,
    linkBase: `${vscode.env.uriScheme}://${context.extension.id}`,
    started,
    selectedSessions: () => tree.selectedSessions,
    viewFilter: () => tree.filterText,
    myself,
  };
  registerCommands(registrar, commandContext);
  const own = new OwnSessions({
    quietApis,
    clock,
    inventory,
    notebooks,
    targets,
    myself,
    registrar,
    memory: context.globalState,
    folder: vscode.Uri.joinPath(context.globalStorageUri, 'forgotten').fsPath,
    stop: async (sessions) => (await import('./commands/verbs')).stopAgreed(commandContext, sessions),
    log,
  });
  context.subscriptions.push(watchBudgets(commandContext));
  ending = () => notebooks.endOfWindow();
  context.subscriptions.push(log, localGlue, targets, inventory, notebooks, tree, details, own, following);
  context.subscriptions.push(targetFacts, profileWatch, registerAutomation(commandContext));
}

/** Called when the window ends or is loaded anew; VS Code waits for about five seconds. */
export async function deactivate(): Promise<void> {
  await ending?.();
}
