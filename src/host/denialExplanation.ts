import * as vscode from 'vscode';
import { denialDetails, keeperOf, readDenial, type Denial } from '../glue/denial';
import { AwsCallError } from '../glue/errors';
import type { CreateSessionRequest, GlueApi } from '../glue/glueApi';
import { likelyConditions, type DenialSurroundings, type LikelyCondition } from '../glue/likelyConditions';
import type { ListedSession } from '../glue/listedSession';
import { readSeenSessions } from '../glue/seenSessions';

/** A refusal in a person's words, and what can be done about it. */
export interface DenialExplanation {
  /** As Markdown, for a cell. */
  readonly markdown: string;
  /** In one to three sentences, for a message. */
  readonly sentence: string;
  /** Plain text for an administrator. */
  readonly details: string;
  readonly offers: DenialOffers;
}

/** Changes that may satisfy the rule. */
export interface DenialOffers {
  readonly connection: boolean;
  /** A tag that is missing or has an odd value, with the values in use. */
  readonly tag?: { readonly key: string; readonly values: readonly string[] };
  /** Another runtime role, with those in use. */
  readonly role?: { readonly others: readonly string[] };
}

/** What supports a guess at the condition is waited for so long (milliseconds). */
const patienceMs = 3000;

/** Where a call was refused. */
export interface DenialPlace {
  readonly api: GlueApi;
  /** Of the session, when one was to start. */
  readonly request?: CreateSessionRequest;
  /** Sessions of the same place that are known already. */
  readonly known: readonly ListedSession[];
  readonly log: vscode.LogOutputChannel;
}

/** Explains a refused call by what other sessions of the place have; undefined when the failure is no refusal. */
export async function explainDenialIn(
  error: unknown,
  { api, request, known, log }: DenialPlace,
): Promise<DenialExplanation | undefined> {
  if (readDenial(error) === undefined) return undefined;
  const signal = AbortSignal.timeout(patienceMs);
  const unread = (failure: unknown) => {
    log.info(`what other sessions have is not known: ${String(failure)}`);
    return undefined;
  };
  const [seen, caller] = await Promise.all([
    readSeenSessions(api, known, signal, unread),
    api.callerIdentity(signal).catch(unread),
  ]);
  return explainDenial(error, {
    seen,
    ...(request && { request }),
    ...(caller && { callerUserId: caller.userId }),
  });
}

/** Explains a refused call, whichever it was; undefined when the failure is no refusal. */
export function explainDenial(error: unknown, around: DenialSurroundings): DenialExplanation | undefined {
  const denial = readDenial(error);
  if (denial === undefined || !(error instanceof AwsCallError)) return undefined;
  const likely = likelyConditions(denial, around);
  const isStart = around.request !== undefined;
  const words = [formText(denial), ...likelyTexts(denial, likely)].filter((text) => text !== '');
  const keeper = keeperText(denial);
  return {
    markdown: markdownOf(denial, isStart, words, keeper, error.message),
    sentence: sentenceOf(denial, isStart, words, keeper, error.message),
    details: denialDetails(denial, error, around.request),
    offers: offersOf(denial, likely, isStart),
  };
}

function markdownOf(
  denial: Denial,
  isStart: boolean,
  words: readonly string[],
  keeper: string,
  message: string,
): string {
  const title = isStart
    ? vscode.l10n.t('The session was not started: access denied')
    : vscode.l10n.t('Access denied');
  if (denial.form === 'unknown') {
    const unknown = vscode.l10n.t('The service refused {0} and gave only this reason:', code(denial.action));
    return [`**${title}**`, '', unknown, '', `> ${escaped(message)}`].join('\n');
  }
  const rows: readonly (readonly [string, string | undefined])[] = [
    [vscode.l10n.t('Action'), code(denial.action)],
    [vscode.l10n.t('On'), denial.resource && code(denial.resource)],
    [vscode.l10n.t('As'), denial.principal && code(denial.principal)],
    [vscode.l10n.t('By'), policyText(denial)],
    [vscode.l10n.t('Who can change it'), keeper],
  ];
  const links =
    denial.detailsUrl === undefined
      ? []
      : ['', `[${vscode.l10n.t('Details in the AWS console')}](<${denial.detailsUrl}>)`];
  return [
    `**${title}**`,
    '',
    ...rows.flatMap(([name, value]) => (value ? [`- ${name}: ${value}`] : [])),
    '',
    words.join('\n\n'),
    ...links,
  ].join('\n');
}

function sentenceOf(
  denial: Denial,
  isStart: boolean,
  words: readonly string[],
  keeper: string,
  message: string,
): string {
  const begin = isStart
    ? vscode.l10n.t('The session was not started: {0} is denied.', denial.action)
    : vscode.l10n.t('{0} is denied.', denial.action);
  const [first] = words;
  if (denial.form === 'unknown' || first === undefined) return `${begin} ${message}`;
  const who = keeper === '' ? '' : ` ${vscode.l10n.t('Who can change it: {0}.', keeper)}`;
  return `${begin} ${plain(first)}${plain(who)}`;
}

/** Which kind of policy it was, as far as the message tells. */
function policyText({ policyKind, policyArn, isExplicit, wantedAction, form }: Denial): string | undefined {
  const arn = policyArn === undefined ? '' : ` (${code(policyArn)})`;
  const wanted = wantedAction === undefined ? '' : ` (${code(wantedAction)})`;
  if (policyKind !== undefined) {
    if (!isExplicit) return vscode.l10n.t('no {0} allows it', policyKind) + wanted + arn;
    // In the words of AWS, so that they can be searched for.
    const article = /^[aeiou]/i.test(policyKind) ? 'an' : 'a';
    return vscode.l10n.t('an explicit deny in {0}', `${article} ${policyKind}`) + arn;
  }
  if (form !== 'authorization') return undefined;
  return isExplicit
    ? vscode.l10n.t('an explicit deny in a policy that the service does not name')
    : vscode.l10n.t('a policy that the service does not name');
}

function keeperText(denial: Denial): string {
  const found = keeperOf(denial);
  const account = found?.account;
  switch (found?.keeper) {
    case 'account':
      return account === undefined
        ? vscode.l10n.t('an administrator of the account')
        : vscode.l10n.t('an administrator of account {0}', account);
    case 'organization':
      return vscode.l10n.t('an administrator of the organization; administrators of the account cannot');
    case 'endpoint':
      return vscode.l10n.t('the owner of the VPC endpoint that the call went through');
    case 'resource':
      return account === undefined
        ? vscode.l10n.t('the owner of the resource')
        : vscode.l10n.t('the owner of the resource, in account {0}', account);
    case 'session':
      return vscode.l10n.t('whoever gave out these temporary credentials: they were limited when made');
    case undefined:
      return '';
  }
}

/** What the form and the action mean, where that is known. */
function formText(denial: Denial): string {
  const { resource, action } = denial;
  switch (denial.form) {
    case 'roleTrust':
      return vscode.l10n.t(
        'The trust policy of the role {0} does not let Glue assume it: {1} must be named in it as the principal of {2}. Or the role does not exist, or you may not pass it.',
        code(resource ?? ''),
        '`glue.amazonaws.com`',
        '`sts:AssumeRole`',
      );
    case 'otherAccountsRole':
      return vscode.l10n.t(
        'The runtime role is one of another account. A role can be passed within its own account only: take a role of the account that the session starts in.',
      );
    case 'lakeFormation':
      return vscode.l10n.t(
        'Lake Formation refuses this, not IAM: its administrator has to grant the permission; a policy cannot.',
      );
    case 'key':
      return vscode.l10n.t(
        'The KMS key is not there, is in another Region, or is closed to the caller: KMS does not tell which. Its key policy is changed by the owner of the key.',
      );
    case 'usageProfile':
      return vscode.l10n.t(
        'A Glue usage profile is assigned to the caller, and the request is outside of its limits (number of workers, worker type, timeout or idle timeout). Whoever manages Glue in the account changes the profile; or ask for less.',
      );
    case 'unknown':
      return '';
    case 'authorization':
      return actionText(action, resource, denial);
  }
}

function actionText(action: string, resource: string | undefined, denial: Denial): string {
  switch (action) {
    case 'iam:PassRole':
      return vscode.l10n.t(
        'You may not hand the runtime role {0} to Glue. That takes {1} on this role, with {2}.',
        code(resource ?? ''),
        '`iam:PassRole`',
        '`iam:PassedToService` = `glue.amazonaws.com`',
      );
    case 'sts:AssumeRole':
      return vscode.l10n.t(
        'The role {0} cannot be assumed. Both sides have to allow it: a policy of the caller, and the trust policy of the role (which may want an external id, MFA or certain principals). A role that does not exist is refused in the same words.',
        code(resource ?? ''),
      );
    case 'sts:TagSession':
      return vscode.l10n.t(
        'The role was to be assumed with session tags, and both the policy of the caller and the trust policy of the role have to allow {0} besides {1}. Or leave the session tags away.',
        '`sts:TagSession`',
        '`sts:AssumeRole`',
      );
    case 'sts:SetSourceIdentity':
      return vscode.l10n.t(
        'The role was to be assumed with a source identity, and both the policy of the caller and the trust policy of the role have to allow {0}.',
        '`sts:SetSourceIdentity`',
      );
    case 'glue:GetUsageProfile':
      return vscode.l10n.t(
        'A Glue usage profile is assigned to the caller (tag {0}), who may not read it: a start under it takes {1} on the profile.',
        '`glue:UsageProfile`',
        '`glue:GetUsageProfile`',
      );
    case 'glue:TagResource':
    case 'glue:UntagResource':
      return vscode.l10n.t('Tags of a session are allowed by themselves ({0}).', code(action));
  }
  if (action.startsWith('kms:'))
    return vscode.l10n.t(
      'A KMS key wants both: a policy of the caller, and the key policy, which the owner of the key changes.',
    );
  if (denial.isExplicit) return '';
  return denial.policyKind === undefined
    ? vscode.l10n.t('The message does not tell what of the request caused it.')
    : vscode.l10n.t('The permission is missing, or is given on a condition that the request does not meet.');
}

function likelyTexts(denial: Denial, likely: readonly LikelyCondition[]): readonly string[] {
  if (likely.length === 0 && denial.isExplicit && denial.action === 'glue:CreateSession')
    return [vscode.l10n.t('A rule denies it outright. The message never names its condition.')];
  return likely.map(likelyText);
}

/** One condition. Says "likely", for the message never names it. */
function likelyText(condition: LikelyCondition): string {
  switch (condition.kind) {
    case 'noNetwork':
      if (condition.others !== undefined)
        return vscode.l10n.t(
          'Likely: the request named **no connection**, while all other sessions that were looked at have one ({0}). The permission may be given inside approved networks only ({1}, {2}, {3}).',
          condition.others.map(code).join(', '),
          '`glue:VpcIds`',
          '`glue:SubnetIds`',
          '`glue:SecurityGroupIds`',
        );
      return vscode.l10n.t(
        'Likely: the request named **no connection**, so the session would run in no VPC of yours, and a rule wants sessions inside approved networks ({0}, {1}, {2}).',
        '`glue:VpcIds`',
        '`glue:SubnetIds`',
        '`glue:SecurityGroupIds`',
      );
    case 'network':
      return vscode.l10n.t(
        'Likely: the network of the connection {0} is not an approved one (VPC, subnet or security group).',
        condition.connections.map(code).join(', '),
      );
    case 'missingTag':
      return vscode.l10n.t(
        'Likely: the tag {0} is missing, which nearly all other sessions have. Values in use: {1}.',
        code(condition.key),
        condition.values.map(code).join(', '),
      );
    case 'tagValue':
      return vscode.l10n.t(
        'Likely: the tag {0} has the value {1}, which no other session has. Values in use: {2}.',
        code(condition.key),
        code(condition.value),
        condition.values.map(code).join(', '),
      );
    case 'ownerTag':
      return condition.expected === undefined
        ? vscode.l10n.t('Likely: the tag {0} names somebody else: {1}.', '`owner`', code(condition.value))
        : vscode.l10n.t(
            'Likely: the tag {0} is {1}, and a rule wants the user id of the caller: {2}.',
            '`owner`',
            code(condition.value),
            code(condition.expected),
          );
    case 'otherOwner':
      return vscode.l10n.t(
        'Likely: the session belongs to {0} (its tag {1}), and a rule lets only its owner do this.',
        code(condition.owner),
        '`owner`',
      );
    case 'runtimeRole':
      return condition.others.length === 0
        ? ''
        : vscode.l10n.t(
            'Likely: another role is meant. Other sessions here run as {0}.',
            condition.others.slice(0, 5).map(code).join(', '),
          );
  }
}

function offersOf(denial: Denial, likely: readonly LikelyCondition[], isStart: boolean): DenialOffers {
  if (!isStart) return { connection: false };
  const tag = likely
    .flatMap((condition): { key: string; values: readonly string[] }[] => {
      if (condition.kind === 'missingTag' || condition.kind === 'tagValue')
        return [{ key: condition.key, values: condition.values }];
      if (condition.kind !== 'ownerTag' || condition.expected === undefined) return [];
      return [{ key: 'owner', values: [condition.expected] }];
    })
    .at(0);
  const role = likely.find((condition) => condition.kind === 'runtimeRole');
  const isRole = role !== undefined || denial.form === 'otherAccountsRole';
  return {
    connection: likely.some(({ kind }) => kind === 'noNetwork' || kind === 'network'),
    ...(tag !== undefined && { tag }),
    ...(isRole && { role: { others: role?.others ?? [] } }),
  };
}

/** Code in Markdown, whatever the text holds: names are others' and must not become links or HTML. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const gap = longest > 0 ? ' ' : '';
  return `${fence}${gap}${text.replace(/\s+/g, ' ')}${gap}${fence}`;
}

function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|!]/g, '\\$&');
}

function plain(markdown: string): string {
  return markdown.replace(/[*`]/g, '');
}
