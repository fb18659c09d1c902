import * as vscode from 'vscode';
import { AwsCallError } from '../glue/errors';
import type { GlueApi, Session, Tags } from '../glue/glueApi';
import { sessionArn } from '../glue/roleArn';
import type { Configured, Origin, SessionConfiguration } from '../glue/sessionConfiguration';
import { formatTagList } from '../glue/tags';
import { readSettings } from '../host/settings';
import { sessionFacts } from '../host/sessionFacts';
import { targetLabel } from '../host/targets';
import type { NotebookSession } from './notebookSession';
import { translated } from '../host/translated';

/** What `%status` shows: the settings with where each comes from, and the session as it is now. */
export async function statusText(notebook: NotebookSession, signal: AbortSignal): Promise<string> {
  const api = notebook.api();
  const [identity, region, expires, next] = await Promise.all([
    api.callerIdentity(signal),
    api.region(),
    api.credentialsExpireAt(signal),
    notebook.nextConfiguration(),
  ]);
  const until =
    expires === undefined ? '' : ` (${vscode.l10n.t('until {0}', new Date(expires).toLocaleTimeString())})`;
  const lines = [
    vscode.l10n.t('Target'),
    row(vscode.l10n.t('Called as'), `${identity.arn}${until}`),
    row(vscode.l10n.t('By way of'), targetLabel(notebook.target)),
    row(
      vscode.l10n.t('Account and Region'),
      `${identity.account}, ${region}  (${originText(regionOrigin(notebook))})`,
    ),
    '',
    ...settingsLines(next),
    '',
  ];
  const session = await notebook.refresh(signal);
  if (session === undefined)
    return [...lines, vscode.l10n.t('No session yet: it starts with the first code.')].join('\n');
  const arn = sessionArn(region, identity.account, session.id);
  const [tags, network] = await Promise.all([readTags(api, arn, signal), networkOf(api, session, signal)]);
  const facts = sessionFacts(session, { arn, tags, network }, readSettings.pricePerDpuHour(), Date.now());
  return [
    ...lines,
    vscode.l10n.t('Session'),
    ...facts.map(([name, value]) => row(name, value)),
    ...localNote(notebook, session),
  ].join('\n');
}

function settingsLines(configuration: SessionConfiguration): string[] {
  const shown: readonly (readonly [string, Configured<unknown> | undefined])[] = [
    [vscode.l10n.t('Runtime role'), configuration.iamRole],
    [vscode.l10n.t('Session id'), configuration.sessionId],
    [vscode.l10n.t('Session id prefix'), configuration.sessionIdPrefix],
    [vscode.l10n.t('Session type'), configuration.sessionType],
    [vscode.l10n.t('Glue version'), configuration.glueVersion],
    [vscode.l10n.t('Worker type'), configuration.workerType],
    [vscode.l10n.t('Number of workers'), configuration.numberOfWorkers],
    [vscode.l10n.t('Capacity (DPU)'), configuration.maxCapacity],
    [vscode.l10n.t('Idle timeout (minutes)'), configuration.idleTimeout],
    [vscode.l10n.t('Timeout (minutes)'), configuration.timeout],
    [vscode.l10n.t('Connections'), configuration.connections],
    [vscode.l10n.t('Security configuration'), configuration.securityConfiguration],
    [vscode.l10n.t('Extra Python files'), configuration.extraPyFiles],
    [vscode.l10n.t('Extra JARs'), configuration.extraJars],
    [vscode.l10n.t('Python modules'), configuration.additionalPythonModules],
    [vscode.l10n.t('Spark configuration'), configuration.sparkConf],
  ];
  return [
    vscode.l10n.t('Settings of the next session'),
    ...shown.flatMap(([name, item]) => {
      if (item === undefined) return [];
      const value = Array.isArray(item.value) ? item.value.join(', ') : String(item.value);
      return value === '' ? [] : [row(name, `${value}  (${originText(item.origin)})`)];
    }),
    ...Object.entries(configuration.extraArguments.value).map(([name, value]) =>
      row(name, `${value}  (${originText(configuration.extraArguments.origin)})`),
    ),
    row(vscode.l10n.t('Tags'), tagsText(configuration)),
    ...Object.values(configuration.problems ?? {}).map((problem) =>
      row(vscode.l10n.t('Problem'), translated(problem)),
    ),
  ];
}

/** Each tag with where it came from: they may come from several places. */
function tagsText({ tags, tagOrigins = {} }: SessionConfiguration): string {
  const shown = Object.entries(tags.value).map(
    ([key, value]) => `${formatTagList({ [key]: value })} (${originText(tagOrigins[key] ?? tags.origin)})`,
  );
  return shown.length === 0 ? `${vscode.l10n.t('none')}  (${originText(tags.origin)})` : shown.join(', ');
}

function originText(origin: Origin): string {
  return {
    magic: vscode.l10n.t('magic'),
    environment: vscode.l10n.t('environment'),
    profile: vscode.l10n.t('profile'),
    setting: vscode.l10n.t('setting'),
    guardrails: vscode.l10n.t('guardrails'),
    default: vscode.l10n.t('default'),
  }[origin];
}

/** Where the Region of the calls comes from: a magic, the environment, a setting, else the profile. */
function regionOrigin({ target, configuration }: NotebookSession): Origin {
  if (target.region !== undefined) return configuration.regionOrigin ?? configuration.target.origin;
  const ambient = process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  return target.profile === undefined && ambient !== undefined ? 'environment' : 'profile';
}

/** VPC and subnet, as far as the caller may ask for them. */
async function networkOf(api: GlueApi, session: Session, signal: AbortSignal): Promise<string | undefined> {
  const [name] = session.connections;
  if (name === undefined) return undefined;
  try {
    const connection = await api.getConnection(name, signal);
    const subnets =
      connection.subnetId === undefined ? [] : await api.describeSubnets([connection.subnetId], signal);
    const parts = [subnets[0]?.vpcId, connection.subnetId, ...connection.securityGroupIds];
    return parts.filter((part) => part !== undefined).join(', ');
  } catch (error) {
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}

async function readTags(api: GlueApi, arn: string, signal: AbortSignal): Promise<Tags | undefined> {
  return api.getTags(arn, signal).catch((error: unknown) => {
    if (error instanceof AwsCallError && error.isAccessDenied) return undefined;
    throw error;
  });
}

/** What a person should know of Local Glue: one Spark stands for all versions. */
function localNote(notebook: NotebookSession, session: Session): string[] {
  const endpoint = notebook.target.endpoint ?? notebook.target.files?.configFile;
  const isOlder = session.glueVersion !== undefined && !session.glueVersion.startsWith('5.');
  if (endpoint === undefined || !isOlder) return [];
  return [
    '',
    vscode.l10n.t(
      'Local Glue runs every Glue version on Spark 3.5.6: Glue {0} on AWS has other versions.',
      session.glueVersion ?? '',
    ),
  ];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(24)} ${value}`;
}
