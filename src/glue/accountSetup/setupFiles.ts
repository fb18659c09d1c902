import type { AccountSetup } from './readSetup';
import { setupFieldList, type SetupTemplate } from './setupFields';

/** Names of the files that set-up writes, beside which the commands are run. */
export const setupFileNames = {
  a: { template: 'account-a.yaml', parameters: 'account-a.parameters.json' },
  b: { template: 'account-b.yaml', parameters: 'account-b.parameters.json' },
} as const satisfies Record<SetupTemplate, object>;

/** Parameters of one template as `aws cloudformation deploy --parameter-overrides file://…` reads them: `Name=value`. */
export function parameterFile(setup: AccountSetup, template: SetupTemplate): string {
  const lines = setupFieldList
    .filter(([, { templates }]) => templates.includes(template))
    .map(([name]) => `${name}=${name === 'AdministratorArns' ? administrators(setup) : setup[name]}`);
  return `${JSON.stringify(lines, undefined, 2)}\n`;
}

/** The administrator that account A's stack makes, and those named besides. */
function administrators(setup: AccountSetup): string {
  const { AdministratorUserName: name, AdministratorArns: others, LoginAccountId: account } = setup;
  const made = name === '' ? [] : [`arn:${partitionOf(setup.Region)}:iam::${account}:user/${name}`];
  return [...made, ...(others === '' ? [] : [others])].join(',');
}

/** Part of every ARN: `aws`, `aws-cn`, `aws-us-gov`. */
export function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
