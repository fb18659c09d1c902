import * as vscode from 'vscode';
import type { AccessQuestion } from '../../glue/access/accessFacts';
import { judgeAccess, type Link } from '../../glue/access/links';
import { readAccess } from '../../glue/access/readAccess';
import { rolesInUse } from '../../glue/likelyConditions';
import type { ListedSession } from '../../glue/listedSession';
import type { Target } from '../../glue/target';
import { isAccessQuestion } from '../../host/accessQuestion';
import { withProgress } from '../../host/cancellation';
import { defaultConfiguration } from '../../host/defaultConfiguration';
import { Page } from '../../host/page';
import { targetLabel } from '../../host/targets';
import { demandTrust } from '../../host/trust';
import type { CommandContext } from '../commandContext';
import { sessionsOfNodes, targetOfNode } from '../sessionPicker';
import { accessPage, accessText, copiedText, type AccessResult } from './accessPage';

/** Goes through the links of a start, and shows each on a page. Changes nothing. */
export async function checkAccessCommand(context: CommandContext, node: unknown): Promise<void> {
  demandTrust();
  const question = await questionOf(context, node);
  if (question === undefined) return;
  const first = await check(context, question);
  let result: AccessResult = { question, ...first, isChecking: false };
  const page = new Page({
    type: 'glueSessions.access',
    title: vscode.l10n.t('Access: {0}', targetLabel(question.target)),
    extensionUri: context.extensionUri,
    log: context.log,
    render: () => accessPage(result),
    onAction: async ({ action, value }) => {
      if (action === 'again' && !result.isChecking) {
        const show = (change: Partial<AccessResult>) => {
          result = { ...result, ...change };
          page.update();
        };
        show({ isChecking: true });
        // Credentials and profile may have been mended; those that work are kept, for they may have cost a code.
        if (result.links.some(({ id, status }) => status === 'failed' && isSignIn(id)))
          context.apis.forget(question.target);
        try {
          // What AWS said before may have been mended meanwhile.
          const { refusal: _, ...afresh } = question;
          show(await check(context, afresh));
        } finally {
          show({ isChecking: false });
        }
        return;
      }
      const text = action === 'copyAll' ? accessText(result) : copiedText(result.links, value);
      if (text === undefined) return;
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied to the clipboard.'), 4000);
    },
  });
}

function isSignIn(id: Link['id']): boolean {
  return id === 'credentials' || id === 'assumeRole';
}

async function check(
  context: CommandContext,
  question: AccessQuestion,
): Promise<{ readonly links: readonly Link[]; readonly checkedAt: number }> {
  const { apis, inventory, clock } = context;
  const known = inventory.snapshot(question.target).sessions;
  const facts = await withProgress(vscode.l10n.t('Checking access'), (signal, report) =>
    readAccess(question, { apis, known, signal, report }),
  );
  return { links: judgeAccess(question, facts), checkedAt: clock.now() };
}

/** From a refusal, a session's row, a target's row, or a target that is chosen. */
async function questionOf(context: CommandContext, node: unknown): Promise<AccessQuestion | undefined> {
  if (isAccessQuestion(node)) return node.accessQuestion;
  const [listed] = sessionsOfNodes(node, undefined);
  if (listed !== undefined && isSessionRow(node)) return questionOfSession(listed);
  const target = targetOfNode(node) ?? (await chooseTarget(context));
  return target && questionOfTarget(context, target);
}

function isSessionRow(node: unknown): boolean {
  return typeof node === 'object' && node !== null && 'listed' in node;
}

function questionOfSession({ target, session, tags }: ListedSession): AccessQuestion {
  const { role, connections, workerType, numberOfWorkers } = session;
  const { owner: _, ...own } = tags ?? {};
  return {
    target,
    ...(role !== undefined && { role }),
    connections,
    // The tag `owner` becomes that of the caller.
    tags: own,
    ...(workerType !== undefined && { workerType }),
    ...(numberOfWorkers !== undefined && { numberOfWorkers }),
  };
}

/** What a session would be by the settings; without a role there, that of most sessions. */
function questionOfTarget({ inventory }: CommandContext, target: Target): AccessQuestion {
  const { iamRole, connections, tags, workerType, numberOfWorkers } = defaultConfiguration(target, true);
  const seen = inventory.snapshot(target).sessions.map(({ session }) => session);
  const role = iamRole?.value ?? rolesInUse(seen)[0];
  return {
    target,
    ...(role !== undefined && { role }),
    connections: connections.value,
    tags: tags.value,
    workerType: workerType.value,
    numberOfWorkers: numberOfWorkers.value,
  };
}

async function chooseTarget({ targets }: CommandContext): Promise<Target | undefined> {
  const all = targets.all();
  if (all.length < 2) return all[0] ?? targets.defaultTarget();
  const items = all.map((target) => ({
    target,
    label: targetLabel(target),
    ...(target.region !== undefined && { description: target.region }),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Check Access'),
    placeHolder: vscode.l10n.t('Who would start the session'),
  });
  return picked?.target;
}
