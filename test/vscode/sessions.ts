import * as vscode from 'vscode';
import { createAwsAccess } from '../../src/aws/glueApis';
import type { GlueApi, Tags } from '../../src/glue/glueApi';
import type { ListedSession } from '../../src/glue/listedSession';
import { configurationSection, settings } from '../../src/manifest';
import { smallSession } from '../local/smallSession';
import { until } from './notebooks';

const target = { profile: 'session-creator', region: 'us-east-1', roles: [] };

/** Local Glue itself, asked past the extension. */
export const glue: GlueApi = createAwsAccess({
  roleSessionName: () => undefined,
  mfaCode: () => Promise.reject(new Error('no MFA here')),
}).of(target);

/** Starts a session past the extension, as another person's tool would. @param tags `owner` left out is the caller */
export async function startedSession(id: string, tags: Tags): Promise<ListedSession> {
  await glue.createSession({ ...smallSession, id, tags });
  await untilStatus(id, 'READY');
  const arn = `arn:aws:glue:us-east-1:444455556666:session/${id}`;
  return { target, session: await glue.getSession(id), arn };
}

/** Polls the service itself. */
export async function untilStatus(id: string, status: string): Promise<void> {
  let seen = '';
  const look = setInterval(() => {
    void glue.getSession(id).then((session) => {
      seen = session.status;
    });
  }, 100);
  try {
    await until(() => seen === status, 20_000);
  } finally {
    clearInterval(look);
  }
}

/** Has the view look at the place where these sessions are, while `work` is done. */
export async function inView(work: () => Promise<void>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(configurationSection);
  const { Global } = vscode.ConfigurationTarget;
  await configuration.update(settings.targets, [{ profile: target.profile, region: target.region }], Global);
  try {
    await vscode.commands.executeCommand('glueSessions.refresh');
    await work();
  } finally {
    await configuration.update(settings.targets, undefined, Global);
  }
}
