import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { pythonTools } from '../../scripts/pythonTools.mjs';
import { initialSetup } from '../../src/glue/accountSetup/readSetup';
import { cleanUpCommands, setupCommands } from '../../src/glue/accountSetup/setupCommands';
import { parameterFile } from '../../src/glue/accountSetup/setupFiles';
import { startLocalGlue } from './localGlue';

const execute = promisify(execFile);
let programs: string;
beforeAll(async () => {
  programs = await pythonTools('aws-tools-1', ['boto3==1.40.40', 'awscli==1.42.40']);
}, 300_000);

/** As a person would: the text pasted into a shell, with the real AWS CLI. */
async function shell(
  text: string,
  environment: Readonly<Record<string, string>>,
  cwd?: string,
): Promise<string> {
  const { stdout } = await execute('sh', ['-ec', text], {
    cwd,
    env: {
      PATH: `${programs}:${process.env.PATH ?? ''}`,
      HOME: '/nonexistent',
      AWS_PAGER: '',
      ...environment,
    },
  });
  return stdout;
}

const setup = {
  ...initialSetup(),
  LoginAccountId: '111122223333',
  ProductionAccountId: '444455556666',
  LoginProfile: 'isbloguser',
  ProductionProfile: 'session-creator',
  RequiredTag1Key: 'team',
  RequiredTag1Values: 'data platform,finance-*',
};

it('hands CloudFormation the template and the parameters that were chosen', { timeout: 60_000 }, async () => {
  const asked: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const form = new URLSearchParams(body);
      asked.push(form);
      const answers: Readonly<Record<string, string>> = {
        CreateChangeSet: '<Id>arn:aws:cloudformation:change-set</Id><StackId>s</StackId>',
        DescribeChangeSet: '<Status>CREATE_COMPLETE</Status>',
      };
      const action = form.get('Action') ?? '';
      const answer = answers[action];
      response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'text/xml' });
      response.end(
        answer === undefined
          ? `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id glue-sessions does not exist</Message></Error></ErrorResponse>`
          : `<${action}Response><${action}Result>${answer}</${action}Result></${action}Response>`,
      );
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(path.join(tmpdir(), 'setup '));
  for (const account of ['a', 'b'] as const) {
    const template = `account-${account}.yaml`;
    await writeFile(path.join(folder, template), await readFile(`setup/${template}`));
    await writeFile(path.join(folder, `account-${account}.parameters.json`), parameterFile(setup, account));
  }
  const configuration = path.join(folder, 'config');
  await writeFile(
    configuration,
    `[profile session-creator]\naws_access_key_id = x\naws_secret_access_key = y\nendpoint_url = http://127.0.0.1:${String((server.address() as AddressInfo).port)}\n`,
  );
  const review = setupCommands(setup).find(({ step }) => step === 'reviewB')!;
  const said = await shell(review.text, { AWS_CONFIG_FILE: configuration }, folder);
  server.close();
  await rm(folder, { recursive: true, force: true });

  expect(said).toMatch(/describe-change-set --change-set-name arn:aws:cloudformation:change-set/);
  expect(asked.map((form) => form.get('Action'))).not.toContain('ExecuteChangeSet');
  const created = asked.find((form) => form.get('Action') === 'CreateChangeSet')!;
  expect(created.get('TemplateBody')).toBe(await readFile('setup/account-b.yaml', 'utf8'));
  expect(created.get('Capabilities.member.1')).toBe('CAPABILITY_NAMED_IAM');
  const parameters = new Map<string, string | null>();
  for (let index = 1; created.has(`Parameters.member.${String(index)}.ParameterKey`); index++) {
    const member = `Parameters.member.${String(index)}`;
    parameters.set(created.get(`${member}.ParameterKey`)!, created.get(`${member}.ParameterValue`));
  }
  expect(parameters.get('LoginAccountId')).toBe('111122223333');
  expect(parameters.get('RequiredTag1Values')).toBe('data platform,finance-*');
  expect(parameters.get('ExternalId')).toBe('');
});

it('stops and deletes the sessions of the role, and no others', { timeout: 60_000 }, async () => {
  const sessions = [
    { id: 'running', status: 'READY' },
    { id: 'ended', status: 'TIMEOUT' },
    { id: 'of-another-role', status: 'READY', role: 'AnotherRole' },
  ];
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const local = await startLocalGlue({
    args: ['--engine', 'python'],
    world: JSON.stringify({
      accounts: {
        '444455556666': {
          users: { root: { profile: 'session-creator', inlinePolicies: { everything } } },
          regions: { 'us-east-1': { sessions } },
        },
      },
    }),
  });
  const environment = {
    AWS_CONFIG_FILE: local.configFile,
    AWS_SHARED_CREDENTIALS_FILE: local.credentialsFile,
  };
  const [stop, remove] = cleanUpCommands(setup);
  expect((await shell(stop!.text, environment)).trim()).toBe('running');
  await expect
    .poll(() => local.api('session-creator').getSession('running'), { timeout: 20_000 })
    .toMatchObject({ status: 'STOPPED' });
  const removed = (await shell(remove!.text, environment)).trim().split('\n');
  expect(removed.sort()).toEqual(['ended', 'running']);
  const left = await local.api('session-creator').listSessions({});
  expect(left.sessions.map(({ id }) => id)).toEqual(['of-another-role']);
  await local.stop();
});
