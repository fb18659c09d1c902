import * as vscode from 'vscode';
import type { Denial } from '../glue/denial';
import type { CreateSessionRequest } from '../glue/glueApi';

/** A denied start in a person's words, as Markdown: what was refused, by what, and what of the request caused it. */
export function denialMarkdown(denial: Denial, request: CreateSessionRequest | undefined): string {
  return [
    `**${vscode.l10n.t('The session was not started: access denied')}**`,
    '',
    `- ${vscode.l10n.t('Action')}: \`${denial.action}\``,
    ...(denial.resource === undefined ? [] : [`- ${vscode.l10n.t('On')}: \`${denial.resource}\``]),
    ...(denial.principal === undefined ? [] : [`- ${vscode.l10n.t('As')}: \`${denial.principal}\``]),
    `- ${vscode.l10n.t('By')}: ${policyText(denial)}`,
    '',
    causeText(denial, request),
  ].join('\n');
}

function policyText({ policyKind, policyArn, isExplicit }: Denial): string {
  const arn = policyArn === undefined ? '' : ` (\`${policyArn}\`)`;
  if (policyKind === undefined) return vscode.l10n.t('a policy that the service does not name') + arn;
  return (
    (isExplicit
      ? vscode.l10n.t('an explicit deny in an {0}', policyKind).replace(/an ([^aeiou])/, 'a $1')
      : vscode.l10n.t('no {0} allows it', policyKind)) + arn
  );
}

function causeText(denial: Denial, request: CreateSessionRequest | undefined): string {
  switch (denial.cause) {
    case 'noConnection':
      return vscode.l10n.t(
        'The request named **no connection**, so the session would run in no VPC of yours. A rule that denies `glue:CreateSession` outright usually wants sessions inside approved networks (`glue:VpcIds`, `glue:SubnetIds`, `glue:SecurityGroupIds`). Choose a connection with the button under this cell: it is written into the notebook as `%connections`, and the cells are run again.',
      );
    case 'connectionNotApproved':
      return vscode.l10n.t(
        'The request named the connection **{0}**. A rule that denies `glue:CreateSession` outright usually approves certain networks only, and this one seems not to be among them. Choose another one with the button under this cell.',
        request?.connections.join(', ') ?? '',
      );
    case 'passRole':
      return vscode.l10n.t(
        'You may not hand the runtime role **{0}** to Glue. Whoever manages your permissions has to allow `iam:PassRole` on it, with `iam:PassedToService` = `glue.amazonaws.com`; or choose another role with `%iam_role`.',
        request?.role ?? denial.resource ?? '',
      );
    case 'tagging':
      return vscode.l10n.t(
        'Tagging a session is allowed by itself (`glue:TagResource`), and rules may want certain tags or values. The request had: {0}. Change them with `%%tags`.',
        Object.entries(request?.tags ?? {})
          .map(([key, value]) => `\`${key}=${value}\``)
          .join(', '),
      );
    case 'missingPermission':
      return vscode.l10n.t(
        'The permission is missing. Copy the details with the button under this cell for whoever manages your permissions.',
      );
    case 'unknown':
      return vscode.l10n.t(
        'The message does not tell what of the request caused it. Copy the details with the button under this cell for whoever manages your permissions.',
      );
  }
}
