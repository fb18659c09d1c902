import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateTemplate, readTemplate } from '../../../scripts/setupWorld/template.mjs';
import { initialSetup, readSetup } from '../../../src/glue/accountSetup/readSetup';
import { cleanUpCommands, setupCommands } from '../../../src/glue/accountSetup/setupCommands';
import { setupFieldList, type SetupFieldName } from '../../../src/glue/accountSetup/setupFields';
import { parameterFile } from '../../../src/glue/accountSetup/setupFiles';

const accounts = {
  ProductionAccountId: '444455556666',
  LoginAccountId: '111122223333',
  LoginProfile: 'login',
  ProductionProfile: 'production',
};

/** What the form posts: a check box that isn't ticked is left out. */
function form(change: Partial<Record<SetupFieldName, string>> = {}): Record<string, string[]> {
  const all = Object.entries({ ...initialSetup(), ...accounts, ...change });
  return Object.fromEntries(
    all.filter(([, value]) => value !== 'false').map(([name, value]) => [name, [value]]),
  );
}

const read = (change?: Partial<Record<SetupFieldName, string>>) => {
  const result = readSetup(form(change));
  if (result.problems !== undefined) throw new Error(JSON.stringify(result.problems));
  return result.setup;
};

describe.each(['a', 'b'] as const)('the fields of account %s', (account) => {
  const template = readTemplate(readFileSync(`setup/account-${account}.yaml`, 'utf8'));
  const definitions = Object.entries(template.Parameters ?? {});

  it('are the parameters of the template, with its defaults and limits', () => {
    const fields = setupFieldList.filter(([, { templates }]) => templates.includes(account));
    expect(fields.map(([name]) => name).sort()).toEqual(definitions.map(([name]) => name).sort());
    for (const [name, { initial, pattern, choices, isList }] of fields) {
      const definition = template.Parameters![name]!;
      expect([name, initial]).toEqual([name, definition.Default ?? '']);
      expect([name, pattern]).toEqual([name, definition.AllowedPattern]);
      expect([name, choices]).toEqual([name, definition.AllowedValues]);
      expect([name, isList ?? false]).toEqual([name, definition.Type === 'CommaDelimitedList']);
    }
  });

  it('are written as the template takes them', () => {
    const setup = read({
      AdministratorUserName: 'root-of-all',
      RequiredTag1Key: 'team',
      OtherVpcIds: 'vpc-12345678',
    });
    const lines = JSON.parse(parameterFile(setup, account)) as string[];
    const parameters = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
    );
    const stack = evaluateTemplate(template, {
      stackName: 's',
      account: '444455556666',
      region: 'us-east-1',
      parameters,
      physical: ({ logicalId }) => ({
        ref: logicalId,
        attributes: { Arn: logicalId, GroupId: logicalId, AvailabilityZone: 'a' },
      }),
    });
    expect(stack.resources.length).toBeGreaterThan(4);
    if (account === 'b') {
      expect(parameters).toMatchObject({
        AdministratorArns: 'arn:aws:iam::111122223333:user/root-of-all',
        LoginAccountId: '111122223333',
      });
    }
  });
});

describe('reading the form', () => {
  it('takes what is proposed, once accounts and profiles are named', () => {
    expect(readSetup(form()).problems).toBeUndefined();
    expect(Object.keys(readSetup({}).problems ?? {})).toEqual(
      expect.arrayContaining(['ProductionAccountId', 'LoginAccountId', 'LoginProfile', 'ProductionProfile']),
    );
  });

  it('trims, and leaves empty members of lists out', () => {
    const setup = read({ LoginAccountId: ' 111122223333 ', OtherVpcIds: ' vpc-12345678 , ,vpc-87654321,' });
    expect(setup.LoginAccountId).toBe('111122223333');
    expect(setup.OtherVpcIds).toBe('vpc-12345678,vpc-87654321');
  });

  it.each([
    [{ LoginAccountId: '12345' }, 'LoginAccountId', 'form'],
    [{ LoginAccountId: '' }, 'LoginAccountId', 'needed'],
    [{ LoginAccountId: '444455556666' }, 'LoginAccountId', 'sameAccount'],
    [{ LoginProfile: 'production' }, 'LoginProfile', 'sameProfile'],
    [{ Region: 'Ohio' }, 'Region', 'form'],
    [{ Profile: 'other' }, 'Profile', 'form'],
    [{ StackName: 'a; rm -rf ~' }, 'StackName', 'form'],
    [{ UserName: 'x y' }, 'UserName', 'form'],
    [{ AdministratorUserName: 'ISBlogUser' }, 'AdministratorUserName', 'bothNames'],
    [{ TrustedPrincipalArns: 'arn:aws:iam::111122223333:root' }, 'TrustedPrincipalArns', 'form'],
    [{ FixedNameRoleArns: 'arn:aws:iam::111122223333:user/ada' }, 'FixedNameRoleArns', 'form'],
    [{ CatalogDatabaseArns: 'sales' }, 'CatalogDatabaseArns', 'form'],
    [{ CreateNetwork: 'false' }, 'ExistingSubnetId', 'needed'],
    [{ RequiredTag1Key: 'Team' }, 'RequiredTag1Key', 'notLowerCase'],
    [{ RequiredTag1Key: 'team', RequiredTag3Key: 'team' }, 'RequiredTag3Key', 'tagTwice'],
    [{ RequiredTag2Key: 'owner' }, 'RequiredTag2Key', 'ownerIsGoverned'],
    [{ RequiredTag1Values: '' }, 'RequiredTag1Values', 'needed'],
    [{ RequiredTag1Values: 'a"b' }, 'RequiredTag1Values', 'form'],
  ] as const)('finds what is wrong with %j', (change, name, problem) => {
    expect(readSetup(form(change)).problems).toMatchObject({ [name]: problem });
  });

  it('lets keys have capitals where the rule on case is off', () => {
    expect(read({ RequiredTag1Key: 'CostCenter', LowerCaseTagKeys: 'false' }).RequiredTag1Key).toBe(
      'CostCenter',
    );
    expect(read({ RequiredTag1Key: 'CostCenter', Profile: 'story' }).RequiredTag1Key).toBe('CostCenter');
  });

  it('starts from what was chosen last, and from nothing else', () => {
    expect(initialSetup({ Region: 'eu-west-2', UserName: 7, Nonsense: 'x' })).toMatchObject({
      Region: 'eu-west-2',
      UserName: 'ISBlogUser',
    });
    expect(initialSetup({ Nonsense: 'x' })).not.toHaveProperty('Nonsense');
  });
});

describe('the commands', () => {
  const setup = read({ AdministratorUserName: 'admin', Region: 'cn-north-1' });

  it('review each stack before it is made, account A first', () => {
    const commands = setupCommands(setup);
    expect(commands.map(({ step }) => step)).toEqual([
      'reviewA',
      'deployA',
      'reviewB',
      'deployB',
      'outputs',
      'accessKey',
    ]);
    expect(commands.map(({ text }) => text.includes(' --no-execute-changeset'))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
    for (const { account, text } of commands) {
      expect(text).toContain(account === 'a' ? '--profile login' : '--profile production');
      expect(text).toContain('--region cn-north-1');
    }
  });

  it('take away sessions first and account A last', () => {
    const commands = cleanUpCommands(setup);
    expect(commands.map(({ step }) => step)).toEqual([
      'stopSessions',
      'deleteSessions',
      'deleteStackB',
      'deleteKeys',
      'deleteKeys',
      'deleteStackA',
    ]);
    expect(commands[0]!.text).toContain('arn:aws-cn:iam::444455556666:role/AWSGlueServiceRole-blog');
  });

  it('hold no secret', () => {
    const secret = read({ ExternalId: 'not-in-a-command' });
    const all = [...setupCommands(secret), ...cleanUpCommands(secret)].map(({ text }) => text).join('\n');
    expect(all).not.toContain('not-in-a-command');
  });
});
