import * as vscode from 'vscode';
import { InvalidInputError } from '../glue/errors';
import type { Profile } from '../glue/profile';
import { regions } from '../glue/regions';
import { parseTagList, formatTagList } from '../glue/tags';
import type { AssumedRole, Target } from '../glue/target';
import { checkEndpoint, checkRegion, roleChecks } from '../glue/targetSetting';
import { askText, pickOne } from '../host/multiStep';
import { back, isAnswer, runSteps, type Step, type StepPlace, type StepResult } from '../host/runSteps';
import { errorText } from '../host/reportError';

/** The questions, in their order. */
export const targetSteps = ['profile', 'role', 'roleFacts', 'region', 'endpoint'] as const;
export type TargetStep = (typeof targetSteps)[number];

/**
 * Asks for a target, step by step, with Back.
 * @param begin the question to begin with: those before are reached with Back
 * @returns undefined when cancelled
 */
export async function askTarget(
  target: Target,
  profiles: readonly Profile[],
  begin?: TargetStep,
): Promise<Target | undefined> {
  const steps: Readonly<Record<TargetStep, Step<Target>>> = {
    profile: { ask: (state, place) => askProfile(state, place, profiles) },
    role: { ask: askRole },
    roleFacts: { applies: ({ roles }) => roles.length > 0, ask: askRoleFacts },
    region: { ask: (state, place) => askRegion(state, place, profiles) },
    endpoint: { ask: askEndpoint },
  };
  const from = begin === undefined ? 0 : targetSteps.indexOf(begin);
  return runSteps(
    target,
    targetSteps.map((name) => steps[name]),
    from,
  );
}

type Asked = Promise<StepResult<Target>>;

interface ProfileItem extends vscode.QuickPickItem {
  /** Undefined: the ambient credentials. */
  readonly profile?: string;
}

async function askProfile(target: Target, place: StepPlace, profiles: readonly Profile[]): Asked {
  const fromRole: ProfileItem = {
    label: vscode.l10n.t('$(key) From the ARN of a role…'),
    detail: vscode.l10n.t('Assumed with the keys of a profile, which is asked for next'),
  };
  const items = profileItems(profiles);
  const picked = await pickOne<ProfileItem>({
    ...place,
    title: vscode.l10n.t('Add Target: whose keys'),
    items: [...items, fromRole],
    selected: items.filter(({ profile }) => profile === target.profile).slice(0, 1),
    placeholder: vscode.l10n.t('Profile of the AWS configuration'),
  });
  if (!isAnswer(picked)) return picked;
  if (picked !== fromRole) return withProfile(target, picked.profile);
  const role = await askRole(target, place);
  if (role === back) return askProfile(target, place, profiles);
  if (role === undefined) return undefined;
  const keys = await pickOne<ProfileItem>({
    ...place,
    title: vscode.l10n.t('Add Target: whose keys assume the role'),
    items,
    placeholder: vscode.l10n.t('Profile of the AWS configuration'),
  });
  if (keys === back) return askProfile(role, place, profiles);
  return keys === undefined ? undefined : withProfile(role, keys.profile);
}

function withProfile({ profile: _, ...target }: Target, profile: string | undefined): Target {
  return profile === undefined ? target : { ...target, profile };
}

function profileItems(profiles: readonly Profile[]): readonly ProfileItem[] {
  const ambient: ProfileItem = {
    label: vscode.l10n.t('$(vm) Ambient credentials'),
    description: process.env.AWS_PROFILE ?? '',
    detail: vscode.l10n.t(
      'What AWS tools take by default: environment, AWS_PROFILE, the profile "default", the role of the machine',
    ),
  };
  return [
    ...profiles.map((profile): ProfileItem => ({
      profile: profile.name,
      label: `$(${profile.source === 'sso' ? 'sign-in' : profile.source === 'role' ? 'key' : 'account'}) ${profile.name}`,
      description: [profile.region, profile.account].filter((part) => part !== undefined).join(' · '),
      detail: keysOf(profile),
    })),
    ambient,
  ];
}

/** Where the keys of a profile come from, in a line. */
function keysOf({ source, roleName = '', sourceProfile, mfaSerial, signInProfile }: Profile): string {
  const facts: Readonly<Record<Profile['source'], string>> = {
    sso: vscode.l10n.t('SSO sign-in, as {0}', roleName),
    role: vscode.l10n.t('assumes {0} with {1}', roleName, sourceProfile ?? vscode.l10n.t('other keys')),
    keys: vscode.l10n.t('access key'),
    process: vscode.l10n.t('keys from a program'),
    other: vscode.l10n.t('no keys of its own'),
  };
  const more = [
    ...(mfaSerial === undefined ? [] : [vscode.l10n.t('asks for an MFA code')]),
    ...(source === 'role' && signInProfile !== undefined
      ? [vscode.l10n.t('signs in with {0}', signInProfile)]
      : []),
  ];
  return [facts[source], ...more].join(' · ');
}

async function askRole(target: Target, place: StepPlace): Asked {
  const [first, ...others] = target.roles;
  const arn = await askText({
    ...place,
    title: vscode.l10n.t('Add Target: role to assume'),
    prompt: vscode.l10n.t('ARN, such as arn:aws:iam::444455556666:role/NAME; leave empty for none'),
    value: first?.roleArn ?? '',
    validate: (text) => (text.trim() === '' ? undefined : problem(() => roleChecks.roleArn(text))),
  });
  if (!isAnswer(arn)) return arn;
  if (arn.trim() === '') return { ...target, roles: [] };
  return { ...target, roles: [{ ...first, roleArn: roleChecks.roleArn(arn) }, ...others] };
}

/** What is asked of one of the roles. */
interface Fact {
  readonly label: string;
  readonly prompt: string;
  readonly show: (role: AssumedRole) => string | undefined;
  /** @throws InvalidInputError */
  readonly set: (role: AssumedRole, text: string, isChained: boolean) => AssumedRole;
}

const facts: readonly Fact[] = [
  {
    label: vscode.l10n.t('External id'),
    prompt: vscode.l10n.t('What the trust policy of the role wants as sts:ExternalId; leave empty for none'),
    show: ({ externalId }) => externalId,
    set: ({ externalId: _, ...role }, text) =>
      text === '' ? role : { ...role, externalId: roleChecks.externalId(text) },
  },
  {
    label: vscode.l10n.t('MFA device'),
    prompt: vscode.l10n.t('arn:aws:iam::ACCOUNT:mfa/NAME of your own device; leave empty for none'),
    show: ({ mfaSerial }) => mfaSerial,
    set: ({ mfaSerial: _, ...role }, text) =>
      text === '' ? role : { ...role, mfaSerial: roleChecks.mfaSerial(text) },
  },
  {
    label: vscode.l10n.t('Session name'),
    prompt: vscode.l10n.t('RoleSessionName; leave empty for your own name, the same on every day'),
    show: ({ sessionName }) => sessionName,
    set: ({ sessionName: _, ...role }, text) =>
      text === '' ? role : { ...role, sessionName: roleChecks.sessionName(text) },
  },
  {
    label: vscode.l10n.t('Session tags'),
    prompt: vscode.l10n.t(
      'key=value, key=value; they need sts:TagSession on both sides; leave empty for none',
    ),
    show: ({ sessionTags }) => sessionTags && formatTagList(sessionTags),
    set: ({ sessionTags: _, ...role }, text) =>
      text === '' ? role : { ...role, sessionTags: roleChecks.sessionTags(parseTagList(text)) },
  },
  {
    label: vscode.l10n.t('Duration'),
    prompt: vscode.l10n.t(
      'Seconds that the keys hold before they are renewed, 900 to 43200; leave empty for one hour',
    ),
    show: ({ durationSeconds }) =>
      durationSeconds === undefined ? undefined : vscode.l10n.t('{0} seconds', durationSeconds),
    set: ({ durationSeconds: _, ...role }, text, isChained) =>
      text === ''
        ? role
        : { ...role, durationSeconds: roleChecks.durationSeconds(Number(text), undefined, isChained) },
  },
];

interface FactItem extends vscode.QuickPickItem {
  readonly act: 'goOn' | 'another' | 'remove' | Fact;
}

/** Goes round what the last role of the chain needs, until the person goes on. */
async function askRoleFacts(target: Target, place: StepPlace): Asked {
  let current = target;
  for (;;) {
    const role = current.roles.at(-1);
    if (role === undefined) return current;
    const isChained = current.roles.length > 1;
    const items: FactItem[] = [
      { label: vscode.l10n.t('$(arrow-right) Go on'), description: chainText(current), act: 'goOn' },
      ...facts.map((fact) => ({
        label: fact.label,
        description: fact.show(role) ?? vscode.l10n.t('not set'),
        act: fact,
      })),
      {
        label: vscode.l10n.t('$(add) Assume a further role with its keys…'),
        description: vscode.l10n.t('one hour at most'),
        act: 'another',
      },
      ...(isChained
        ? [{ label: vscode.l10n.t('$(remove) Leave the last role out'), act: 'remove' as const }]
        : []),
    ];
    const picked = await pickOne<FactItem>({
      ...place,
      title: vscode.l10n.t('Add Target: what {0} needs', role.roleArn.split('/').at(-1) ?? ''),
      items,
      placeholder: vscode.l10n.t('Most roles need nothing of this'),
    });
    if (!isAnswer(picked)) return picked;
    const { act } = picked;
    if (act === 'goOn') return current;
    if (act === 'remove') current = { ...current, roles: current.roles.slice(0, -1) };
    else {
      const changed =
        act === 'another' ? await askFurtherRole(current, place) : await askFact(current, act, place);
      if (changed === undefined) return undefined;
      if (changed !== back) current = changed;
    }
  }
}

function chainText({ profile, roles }: Target): string {
  const names = roles.map(({ roleArn }) => roleArn.split('/').at(-1) ?? roleArn);
  return [profile ?? vscode.l10n.t('ambient credentials'), ...names].join(' → ');
}

async function askFurtherRole(target: Target, place: StepPlace): Asked {
  const arn = await askText({
    ...place,
    step: place.step + 1,
    title: vscode.l10n.t('Add Target: further role'),
    prompt: vscode.l10n.t('ARN of the role that is assumed with the keys of the last one'),
    value: '',
    validate: (text) => problem(() => roleChecks.roleArn(text)),
  });
  return isAnswer(arn) ? { ...target, roles: [...target.roles, { roleArn: roleChecks.roleArn(arn) }] } : arn;
}

async function askFact(target: Target, fact: Fact, place: StepPlace): Asked {
  const role = target.roles.at(-1);
  if (role === undefined) return target;
  const isChained = target.roles.length > 1;
  const text = await askText({
    ...place,
    step: place.step + 1,
    title: vscode.l10n.t('Add Target: {0}', fact.label),
    prompt: fact.prompt,
    value:
      fact.label === vscode.l10n.t('Duration') ? String(role.durationSeconds ?? '') : (fact.show(role) ?? ''),
    validate: (typed) => problem(() => fact.set(role, typed.trim(), isChained)),
  });
  if (!isAnswer(text)) return text;
  return { ...target, roles: [...target.roles.slice(0, -1), fact.set(role, text.trim(), isChained)] };
}

interface RegionItem extends vscode.QuickPickItem {
  readonly region?: string | undefined;
}

async function askRegion(target: Target, place: StepPlace, profiles: readonly Profile[]): Asked {
  const own = profiles.find(
    ({ name }) => name === (target.profile ?? process.env.AWS_PROFILE ?? 'default'),
  )?.region;
  const ofProfile: RegionItem = {
    label: own ?? vscode.l10n.t('That of the profile'),
    description: vscode.l10n.t('that of the profile, whatever it says later'),
  };
  const other: RegionItem = { label: vscode.l10n.t('$(edit) Another Region…') };
  const all = [...new Set([...(target.region === undefined ? [] : [target.region]), ...regions])];
  const items: RegionItem[] = [
    ...(own === undefined && target.profile !== undefined ? [] : [ofProfile]),
    ...all.map((region) => ({ label: region, region })),
    other,
  ];
  const picked = await pickOne<RegionItem>({
    ...place,
    title: vscode.l10n.t('Add Target: Region'),
    items,
    selected: items.filter(({ region }) => region === target.region).slice(0, 1),
    placeholder: vscode.l10n.t('Where the sessions live'),
  });
  if (!isAnswer(picked)) return picked;
  if (picked !== other) return withRegion(target, picked.region);
  const text = await askText({
    ...place,
    step: place.step + 1,
    title: vscode.l10n.t('Add Target: Region'),
    prompt: vscode.l10n.t('Region, such as us-east-1'),
    value: target.region ?? '',
    validate: (typed) => problem(() => checkRegion(typed)),
  });
  if (text === back) return askRegion(target, place, profiles);
  return text === undefined ? undefined : withRegion(target, checkRegion(text));
}

function withRegion({ region: _, ...target }: Target, region: string | undefined): Target {
  return region === undefined ? target : { ...target, region };
}

async function askEndpoint(target: Target, place: StepPlace): Asked {
  const text = await askText({
    ...place,
    title: vscode.l10n.t('Add Target: endpoint'),
    prompt: vscode.l10n.t(
      'URL of a Glue endpoint such as Local Glue’s; leave empty for AWS, or what the profile says',
    ),
    value: target.endpoint ?? '',
    validate: (typed) => (typed.trim() === '' ? undefined : problem(() => checkEndpoint(typed))),
  });
  if (!isAnswer(text)) return text;
  const { endpoint: _, ...rest } = target;
  return text.trim() === '' ? rest : { ...rest, endpoint: checkEndpoint(text) };
}

/** What a check says is wrong with a text. */
function problem(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidInputError) return errorText(error);
    throw error;
  }
}
