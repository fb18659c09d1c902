export { createRoleFacts } from './roleFacts';
import { IAMClient, ListAccountAliasesCommand, type IAMClientConfig } from '@aws-sdk/client-iam';

/** IAM in a file of its own: asked only for the name of an account, beside all that matters. */
export function createAliasReader(
  config: IAMClientConfig,
): (signal?: AbortSignal) => Promise<string | undefined> {
  const client = new IAMClient(config);
  return async (signal) => {
    const { AccountAliases } = await client.send(
      new ListAccountAliasesCommand({}),
      signal === undefined ? {} : { abortSignal: signal },
    );
    return AccountAliases?.[0];
  };
}
