import { request } from 'node:http';
import { readFile } from 'node:fs/promises';

/** A world in which people sign in; the permission set may do what sessions need, and assume a role in the other account. */
export const ssoWorld = (options = '', set = '') => `
accounts:
  '444455556666':
    alias: production
    roles:
      AWSGlueServiceRole-blog:
        trustPolicy:
          Version: '2012-10-17'
          Statement: [{ Effect: Allow, Principal: { Service: glue.amazonaws.com }, Action: sts:AssumeRole }]
    regions:
      us-east-1:
        sessions: [{ id: of-everyone, status: READY }]
sso:
  session: people
  region: us-east-1
  startUrl: https://people.awsapps.com/start
  user: alice@example.com
  ${options}
  permissionSets:
    Analyst:
      account: '444455556666'
      profile: analyst
      ${set}
      inlinePolicies:
        Sessions:
          Version: '2012-10-17'
          Statement:
            - { Effect: Allow, Action: 'glue:*', Resource: '*' }
            - Effect: Allow
              Action: iam:PassRole
              Resource: arn:aws:iam::444455556666:role/AWSGlueServiceRole-blog
    Reader:
      account: '444455556666'
      profile: reader
      managedPolicies: [AWSGlueServiceNotebookRole]
`;

/** The password of the sign-in page, from where a person finds it. */
export async function passwordOf(configFile: string): Promise<string> {
  const text = await readFile(configFile, 'utf8');
  return /^# Password of \S+: (\S+)$/m.exec(text)?.[1] ?? '';
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** One request, with whatever headers. @param body of a form, or members of JSON */
export async function ask(
  url: string,
  method: 'GET' | 'POST',
  headers: Readonly<Record<string, string>> = {},
  body?: URLSearchParams | object,
): Promise<Answered> {
  const text =
    body === undefined ? '' : body instanceof URLSearchParams ? body.toString() : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers }, (response) => {
      let received = '';
      response.on('data', (chunk: Buffer) => (received += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: received });
      });
    });
    call.on('error', reject);
    call.end(text);
  });
}

/** What a browser sends when the form of the page is sent on the page itself. */
export async function approve(endpoint: string, userCode: string, password: string): Promise<Answered> {
  const form = new URLSearchParams({ user_code: userCode, password });
  return ask(`${endpoint}/device`, 'POST', { origin: endpoint }, form);
}
