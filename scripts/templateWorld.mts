/**
 * Prints the world that the templates of `setup` make, for Local Glue, so that rules can be tried before they hold:
 * `npm run setup:world -- --a account-a.parameters.json --b account-b.parameters.json > world.json`, then
 * `npm run local -- --world world.json`. The files are those that "Set Up Accounts…" writes.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readTemplate } from './setupWorld/template.mjs';
import { worldOf } from './setupWorld/world.mjs';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { a: text, b: text, region: text } });
const [a, b] = await Promise.all([parametersOf(values.a), parametersOf(values.b)]);
const region = values.region ?? 'us-east-1';
const login = b.LoginAccountId ?? '111122223333';
const production = a.ProductionAccountId ?? '444455556666';
const setups = [
  { name: 'a', account: login, parameters: { ProductionAccountId: production, ...a } },
  { name: 'b', account: production, parameters: { LoginAccountId: login, ...b } },
].map(async ({ name, account, parameters }) => ({
  template: readTemplate(await readFile(`setup/account-${name}.yaml`, 'utf8')),
  account,
  region,
  parameters,
}));
const user = a.UserName ?? 'ISBlogUser';
const administrator = a.AdministratorUserName ?? '';
const { world } = worldOf(await Promise.all(setups), {
  users: { [user]: 'isbloguser', ...(administrator !== '' && { [administrator]: 'administrator' }) },
  roles: {},
});
console.log(JSON.stringify(world, undefined, 2));

/** `Name=value` lines as `aws cloudformation deploy` reads them. */
async function parametersOf(file: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (file === undefined) return {};
  const lines = JSON.parse(await readFile(file, 'utf8')) as string[];
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
}
