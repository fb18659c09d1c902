import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAwsAccess } from '../../src/aws/glueApis';
import { systemClock } from '../../src/glue/clock';
import { SessionInventory } from '../../src/glue/sessionInventory';
import { rolesForGlue } from '../../src/glue/access/trust';
import type { AssumedRole, Target } from '../../src/glue/target';
import { ProfileWatch } from '../../src/host/profileWatch';
import { creationRole, startLocalGlue, until, type LocalGlue } from './localGlue';

/** Who is asked, and in which account: over HTTP with the real SDK. */
describe('a target', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'] });
  });
  afterAll(() => local.stop());

  const access = createAwsAccess({
    roleSessionName: () => undefined,
    mfaCode: () => Promise.resolve('123456'),
  });
  const target = (profile: string, change: Partial<Target> = {}): Target => ({
    profile,
    roles: [],
    files: { configFile: local.configFile, credentialsFile: local.credentialsFile },
    ...change,
  });

  it('has the alias of its account where the caller may ask, and is refused where not', async () => {
    await expect(local.api('isbloguser', [{ roleArn: creationRole }]).accountAlias()).resolves.toBe(
      'production',
    );
    await expect(local.api('isbloguser').accountAlias()).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 'iam:ListAccountAliases',
    });
  });

  it('has the roles of its account that trust Glue where the caller may list them, and is refused where not', async () => {
    const listed: string[] = [];
    const list = (roles: readonly AssumedRole[]) =>
      local.api('isbloguser', roles).access.listRoles((page) => {
        listed.push(...rolesForGlue(page).map(({ arn }) => arn));
      });
    await list([]);
    expect(listed).toEqual(['arn:aws:iam::111122223333:role/AWSGlueServiceRole-notebooks']);
    await expect(list([{ roleArn: creationRole }])).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 'iam:ListRoles',
    });
  });

  it('asks who calls once for the same keys', async () => {
    const api = access.of(target('isbloguser'));
    const asked = () =>
      local.journal().filter(({ operation }) => operation === 'sts:GetCallerIdentity').length;
    const before = asked();
    await Promise.all([api.callerIdentity(), api.callerIdentity()]);
    await api.callerIdentity();
    expect(asked()).toBe(before + 1);
  });

  it('is of the account that its profile says now, once it was forgotten', async () => {
    const text = await readFile(local.configFile, 'utf8');
    const says = (body: string) =>
      writeFile(
        local.configFile,
        `${text}\n[profile moving]\nregion = us-east-1\nendpoint_url = ${local.endpoint}\n${body}\n`,
      );
    const [, id, secret] =
      /aws_access_key_id = (\S+)\naws_secret_access_key = (\S+)/.exec(
        await readFile(local.credentialsFile, 'utf8'),
      ) ?? [];
    await says(`role_arn = ${creationRole}\nsource_profile = isbloguser`);
    const moving = target('moving');
    const api = access.of(moving);
    expect((await api.callerIdentity()).account).toBe('444455556666');
    await says(`aws_access_key_id = ${id!}\naws_secret_access_key = ${secret!}`);
    access.forget(moving);
    expect((await api.callerIdentity()).account).toBe('111122223333');
    await writeFile(local.configFile, text);
  });
});

describe('a profile that is edited', () => {
  let local: LocalGlue;
  beforeAll(async () => {
    local = await startLocalGlue({ args: ['--engine', 'python'] });
  });
  afterAll(() => local.stop());

  it('shows the other account by itself, and the one before no longer; others stay as they are', async () => {
    const text = await readFile(local.configFile, 'utf8');
    const says = (body: string) =>
      writeFile(
        local.configFile,
        `${text}\n[profile moving]\nregion = us-east-1\nendpoint_url = ${local.endpoint}\n${body}\n`,
      );
    await says(`role_arn = ${creationRole}\nsource_profile = isbloguser`);
    const files = { configFile: local.configFile, credentialsFile: local.credentialsFile };
    const moving: Target = { profile: 'moving', roles: [], files };
    // Of another caller: two names of one place are looked at once.
    const staying: Target = { profile: 'isbloguser', roles: [], files };
    const access = createAwsAccess({
      roleSessionName: () => undefined,
      mfaCode: () => Promise.resolve('123456'),
    });
    const inventory = new SessionInventory(access, systemClock);
    const forgotten: unknown[] = [];
    const watch = new ProfileWatch({
      // Whoever keeps keys must let them go: calls nobody looks at would be made as the caller before.
      apis: [access, { forget: ({ profile }) => forgotten.push(profile) }],
      profiles: access,
      inventory,
      onFailure: (error) => {
        throw error;
      },
    });
    inventory.setTargets([moving, staying]);
    inventory.setWatched(true);
    const accountOf = (target: Target) => inventory.snapshot(target).identity?.account;
    await until('the account of the role', () => accountOf(moving) === '444455556666');
    await until('both are read', () => inventory.snapshot(staying).state === 'ready');
    const kept = inventory.snapshot(staying).identity;
    // Its stat must have been taken before it changes.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await says('role_arn = arn:aws:iam::111122223333:role/nobody\nsource_profile = isbloguser');
    await until('what was shown is gone', () => accountOf(moving) !== '444455556666');
    await until('why is told', () => inventory.snapshot(moving).state === 'failed');
    expect(inventory.snapshot(moving)).toMatchObject({ sessions: [], error: { code: 'AccessDenied' } });
    expect(inventory.snapshot(moving).identity).toBeUndefined();
    expect(forgotten).toEqual(['moving']);
    expect(inventory.snapshot(staying).identity).toEqual(kept);
    inventory.dispose();
    watch.dispose();
  });

  it('has the facts of its keys in the list of profiles, and another fingerprint', async () => {
    const files = { configFile: local.configFile, credentialsFile: local.credentialsFile };
    const text = await readFile(local.configFile, 'utf8');
    const sso =
      '[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = us-east-1\n' +
      '[profile people]\nsso_session = corp\nsso_account_id = 777788889999\nsso_role_name = Analyst\n' +
      '[profile over]\nrole_arn = arn:aws:iam::444455556666:role/path/Over\nsource_profile = people\nmfa_serial = GAHT12345678\n';
    await writeFile(local.configFile, text + sso);
    const access = createAwsAccess({
      roleSessionName: () => undefined,
      mfaCode: () => Promise.resolve('123456'),
    });
    const of = async (name: string) =>
      (await access.listProfiles(files)).find((profile) => profile.name === name);
    expect(await of('people')).toMatchObject({
      source: 'sso',
      account: '777788889999',
      roleName: 'Analyst',
      ssoToken: 'corp',
      signInProfile: 'people',
    });
    const over = await of('over');
    expect(over).toMatchObject({
      source: 'role',
      account: '444455556666',
      roleName: 'Over',
      sourceProfile: 'people',
      mfaSerial: 'GAHT12345678',
      ssoToken: 'corp',
      signInProfile: 'people',
    });
    expect(JSON.stringify(await access.listProfiles(files))).not.toContain('aws_secret_access_key');
    await writeFile(local.configFile, text + sso.replace('777788889999', '777788880000'));
    expect((await of('over'))?.fingerprint).not.toBe(over?.fingerprint);
    expect(await access.signedInUntil('never-signed-in')).toBeUndefined();
    await writeFile(local.configFile, text);
  });
});
