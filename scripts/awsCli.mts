/** The AWS CLI of version 2, which signs people in: of this machine, or of Debian's packages. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findAwsCli, type AwsCli } from '../src/host/awsCli';
import { ensurePackages } from './vscodeHost/install.mjs';

/** @throws Error when there is none and this user may not install it */
export async function ensureAwsCli(report: (message: string) => void): Promise<AwsCli> {
  const found = await findAwsCli();
  if (found !== undefined) return found;
  await ensurePackages(['awscli'], report);
  const installed = await findAwsCli();
  if (installed === undefined) throw new Error('the package awscli has no aws of version 2 on the PATH');
  return installed;
}

const parameter = { required: false, documentation: '' };

/**
 * Variables that lead the sign-in of an AWS CLI older than 2.13, which takes no `endpoint_url` of a profile, to an endpoint:
 * a rule of its own for where IAM Identity Center is.
 * @param folder gets the rule
 */
export async function signInAt(endpoint: string, folder: string): Promise<Readonly<Record<string, string>>> {
  const data = path.join(folder, 'aws-data');
  const service = path.join(data, 'sso-oidc', '2019-06-10');
  await mkdir(service, { recursive: true });
  const rules = {
    version: '1.0',
    parameters: {
      Region: { ...parameter, builtIn: 'AWS::Region', type: 'String' },
      UseDualStack: { ...parameter, builtIn: 'AWS::UseDualStack', type: 'Boolean' },
      UseFIPS: { ...parameter, builtIn: 'AWS::UseFIPS', type: 'Boolean' },
      Endpoint: { ...parameter, builtIn: 'SDK::Endpoint', type: 'String' },
    },
    rules: [{ conditions: [], endpoint: { url: endpoint, properties: {}, headers: {} }, type: 'endpoint' }],
  };
  await writeFile(path.join(service, 'endpoint-rule-set-1.json'), JSON.stringify(rules));
  return { AWS_DATA_PATH: data };
}
