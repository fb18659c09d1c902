import { setupFieldList, type SetupFieldName } from './setupFields';

/** Values of every field, each as the templates take it. */
export type AccountSetup = Readonly<Record<SetupFieldName, string>>;

/** What is wrong with a value: `form` for its writing, the others for what doesn't go together. */
export type SetupProblem =
  | 'form'
  | 'needed'
  | 'sameAccount'
  | 'sameProfile'
  | 'notLowerCase'
  | 'tagTwice'
  | 'ownerIsGoverned'
  | 'bothNames';

export type ReadSetup =
  | { readonly setup: AccountSetup; readonly problems?: undefined }
  | {
      /** What was given, to be shown again. */
      readonly setup: AccountSetup;
      readonly problems: Readonly<Partial<Record<SetupFieldName, SetupProblem>>>;
    };

/** What is proposed before anything was chosen, with what a person chose last in place of it. */
export function initialSetup(last: Readonly<Record<string, unknown>> = {}): AccountSetup {
  return record((name, { initial }) => {
    const value = last[name];
    return typeof value === 'string' ? value : initial;
  });
}

/** Reads a form: values trimmed, lists without empty members; what CloudFormation or IAM would refuse is told by field. */
export function readSetup(given: Readonly<Record<string, readonly string[]>>): ReadSetup {
  const setup = record((name, { choices, isList }) => {
    const text = (given[name] ?? []).join(',').trim();
    // A check box that isn't ticked is not in the form at all.
    if (text === '' && choices?.includes('false') === true) return 'false';
    if (isList !== true) return text;
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .join(',');
  });
  const problems = { ...misfits(setup), ...malformed(setup) };
  return Object.keys(problems).length === 0 ? { setup } : { setup, problems };
}

function malformed(setup: AccountSetup): Partial<Record<SetupFieldName, SetupProblem>> {
  const found = setupFieldList.flatMap(([name, { pattern, choices, isList }]) => {
    const value = setup[name];
    const items = isList === true ? value.split(',') : [value];
    const isFine = items.every(
      (item) =>
        (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(item)) &&
        choices?.includes(item) !== false,
    );
    return isFine ? [] : [[name, value === '' ? ('needed' as const) : ('form' as const)] as const];
  });
  return Object.fromEntries(found);
}

/** What each value alone doesn't show. */
function misfits(setup: AccountSetup): Partial<Record<SetupFieldName, SetupProblem>> {
  const problems: Partial<Record<SetupFieldName, SetupProblem>> = {};
  if (setup.LoginAccountId === setup.ProductionAccountId) problems.LoginAccountId = 'sameAccount';
  if (setup.LoginProfile === setup.ProductionProfile) problems.LoginProfile = 'sameProfile';
  if (setup.CreateNetwork === 'false') {
    for (const name of ['ExistingVpcId', 'ExistingSubnetId', 'ExistingSecurityGroupId'] as const) {
      if (setup[name] === '') problems[name] = 'needed';
    }
  }
  const isStrict = setup.Profile === 'leastPrivilege';
  const keys = ['RequiredTag1Key', 'RequiredTag2Key', 'RequiredTag3Key'] as const;
  for (const [index, name] of keys.entries()) {
    const key = setup[name];
    if (key === '') continue;
    const before = keys.slice(0, index).map((other) => setup[other].toLowerCase());
    if (before.includes(key.toLowerCase())) problems[name] = 'tagTwice';
    if (isStrict && key.toLowerCase() === 'owner') problems[name] = 'ownerIsGoverned';
    if (isStrict && setup.LowerCaseTagKeys === 'true' && key !== key.toLowerCase()) {
      problems[name] = 'notLowerCase';
    }
  }
  if (setup.UserName !== '' && setup.UserName === setup.AdministratorUserName) {
    problems.AdministratorUserName = 'bothNames';
  }
  return problems;
}

function record(
  read: (name: SetupFieldName, field: (typeof setupFieldList)[number][1]) => string,
): AccountSetup {
  return Object.fromEntries(setupFieldList.map(([name, field]) => [name, read(name, field)])) as Record<
    SetupFieldName,
    string
  >;
}
