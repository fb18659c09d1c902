import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { ListedSession } from '../glue/listedSession';
import { boto3Code, cliCode, type SessionToCopy } from '../glue/sessionCode';
import { wholeSession } from '../glue/wholeSession';
import type { CommandContext } from './commandContext';
import { oneSession } from './sessionPicker';
import { translated } from '../host/translated';

export type CodeForm = 'cli' | 'boto3' | 'magics';

interface FormItem extends vscode.QuickPickItem {
  readonly form: CodeForm;
}

/** Puts code on the clipboard that starts a session like one that is there. */
export async function copyAsCodeCommand(context: CommandContext, node: unknown): Promise<void> {
  const title = vscode.l10n.t('Copy Session as Code');
  const listed = await oneSession(context, node, { title });
  if (listed === undefined) return;
  const items: readonly FormItem[] = [
    { form: 'magics', label: '$(notebook) ' + vscode.l10n.t('Notebook magics') },
    { form: 'boto3', label: '$(code) ' + vscode.l10n.t('Python with boto3') },
    {
      form: 'cli',
      label: '$(terminal) ' + vscode.l10n.t('AWS CLI command'),
      description: vscode.l10n.t('for bash and zsh; on Windows Git Bash or WSL'),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Code that starts a session like {0}', listed.session.id),
  });
  if (picked !== undefined) await copyCode(context, listed, picked.form);
}

/** Puts the code on the clipboard and says so. */
export async function copyCode(
  { apis }: Pick<CommandContext, 'apis'>,
  listed: ListedSession,
  form: CodeForm,
): Promise<void> {
  const { session, target, arn } = await wholeSession(listed, apis.of(listed.target));
  const tags = listed.tags ?? (await apis.of(target).getTags(arn));
  const copied = { session, target, tags, region: arn.split(':')[3] ?? '' };
  await vscode.env.clipboard.writeText(await codeOf(copied, form));
  vscode.window.setStatusBarMessage(
    vscode.l10n.t('Copied: code that starts a session like {0}.', session.id),
    4000,
  );
}

async function codeOf(copied: SessionToCopy, form: CodeForm): Promise<string> {
  switch (form) {
    case 'cli':
      return cliCode(copied, randomUUID());
    case 'boto3':
      return boto3Code(copied, randomUUID());
    case 'magics': {
      const { magicsCode } = await import('../magics/sessionMagics');
      return magicsCode(copied, translated);
    }
  }
}
