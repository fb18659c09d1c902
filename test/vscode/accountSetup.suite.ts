import * as assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { CleanUpForm } from '../../src/commands/accountSetup/cleanUpForm';
import { SetUpForm } from '../../src/commands/accountSetup/setUpForm';
import { htmlText } from '../../src/glue/html';
import { commands } from '../../src/manifest';
import { until } from './notebooks';

const extensionId = 'glue-sessions.glue-sessions';

/** What VS Code keeps, kept here. */
class Memory implements vscode.Memento {
  private readonly values = new Map<string, unknown>();
  keys = () => [...this.values.keys()];
  get = <T>(key: string, fallback?: T): T => (this.values.get(key) ?? fallback) as T;
  update = (key: string, value: unknown) => Promise.resolve(void this.values.set(key, value));
}

const whole = {
  ProductionAccountId: ['444455556666'],
  LoginAccountId: ['111122223333'],
  LoginProfile: ['login'],
  ProductionProfile: ['production'],
  Region: ['eu-west-2'],
  Profile: ['leastPrivilege'],
  ExternalId: ['blog-42'],
  SessionNames: ['own'],
  CreateNetwork: ['true'],
  VpcCidr: ['10.0.0.0/24'],
  ConnectionName: ['session_vpc'],
  RestrictVpcs: ['true'],
  ...Object.fromEntries(['1', '2', '3'].map((number) => [`RequiredTag${number}Values`, ['?*']])),
  RequiredTag1Key: ['team'],
  LowerCaseTagKeys: ['true'],
  RuntimeRoleName: ['AWSGlueServiceRole-blog'],
  SessionCreationRoleName: ['GlueSessionCreationRole'],
  AdministratorRoleName: ['GlueSessionAdministratorRole'],
  GroupName: ['GlueSessionUsers'],
  UserName: ["O'Hara"],
  NotebookRoleName: ['AWSGlueServiceRole-notebooks'],
  StackName: ['glue-sessions'],
};

describe('setting accounts up', () => {
  let folder: string;
  let asked: (readonly string[])[];
  let answer: boolean;
  const memory = new Memory();
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'account setup '));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const open = () => {
    asked = [];
    return new SetUpForm({
      extensionUri: vscode.extensions.getExtension(extensionId)!.extensionUri,
      memory,
      pickFolder: () => Promise.resolve(vscode.Uri.file(folder)),
      mayOverwrite: (_, names) => {
        asked.push(names);
        return Promise.resolve(answer);
      },
    });
  };
  const write = async (form: SetUpForm, change: Record<string, string[]> = {}) => {
    await form.act({ action: 'write', value: '', fields: { ...whole, UserName: ['ada'], ...change } });
    return htmlText(form.render());
  };

  it('tells what is wrong by the field, and writes nothing', async () => {
    const page = await write(open(), { LoginAccountId: ['12'], UserName: ["O'Hara <b>"] });
    assert.match(page, /id="problem-LoginAccountId"/);
    assert.match(page, /id="problem-UserName"/);
    assert.match(page, /2 values need another look/);
    assert.match(page, /value="O&#39;Hara &lt;b&gt;"/);
    assert.deepEqual(await readdir(folder), []);
  });

  it('writes the templates that ship with their parameters, and shows the commands', async () => {
    const form = open();
    const page = await write(form);
    assert.deepEqual((await readdir(folder)).sort(), [
      'account-a.parameters.json',
      'account-a.yaml',
      'account-b.parameters.json',
      'account-b.yaml',
    ]);
    const parameters = JSON.parse(
      await readFile(path.join(folder, 'account-b.parameters.json'), 'utf8'),
    ) as string[];
    assert.ok(
      parameters.includes('RequiredTag1Key=team') && parameters.includes('LoginAccountId=111122223333'),
    );
    assert.match(page, /--no-execute-changeset/);
    await form.act({ action: 'copy', value: '1', fields: {} });
    assert.equal(
      await vscode.env.clipboard.readText(),
      'aws cloudformation deploy --stack-name glue-sessions --template-file account-a.yaml --parameter-overrides file://account-a.parameters.json --capabilities CAPABILITY_NAMED_IAM --profile login --region eu-west-2',
    );
    assert.deepEqual(asked, []);
  });

  it('writes over other files only when that was agreed to', async () => {
    await writeFile(path.join(folder, 'account-a.yaml'), 'mine');
    answer = false;
    const form = open();
    assert.doesNotMatch(await write(form), /--no-execute-changeset/);
    assert.deepEqual(asked, [['account-a.yaml']]);
    assert.equal(await readFile(path.join(folder, 'account-a.yaml'), 'utf8'), 'mine');
    answer = true;
    assert.match(await write(form), /--no-execute-changeset/);
    assert.notEqual(await readFile(path.join(folder, 'account-a.yaml'), 'utf8'), 'mine');
  });

  it('remembers what was chosen but the external id, and cleans up by it', async () => {
    assert.match(htmlText(open().render()), /value="eu-west-2"/);
    assert.doesNotMatch(JSON.stringify(memory.get('accountSetup')), /blog-42/);
    const form = new CleanUpForm(memory);
    assert.match(htmlText(form.render()), /delete-stack --stack-name glue-sessions --profile production/);
    await form.act({ action: 'show', value: '', fields: { ...whole, StackName: ['; rm'] } });
    assert.doesNotMatch(htmlText(form.render()), /delete-stack/);
  });

  it('calls nothing of the clean-up wrong before it was asked for', async () => {
    const form = new CleanUpForm(new Memory());
    const wrong = () => htmlText(form.render()).includes('aria-invalid="true"');
    assert.equal(wrong(), false);
    await form.act({ action: 'show', value: '', fields: {} });
    assert.equal(wrong(), true);
  });

  it('opens as pages', async () => {
    await vscode.commands.executeCommand(commands.setUpAccounts);
    await vscode.commands.executeCommand(commands.showCleanUp);
    const titles = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
    await until(() => titles().includes('Set Up Accounts') && titles().includes('Clean Up'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
