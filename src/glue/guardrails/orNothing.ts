import { AwsCallError } from '../errors';

/** Undefined when the service refuses to tell: AWS judges by itself what could not be looked at. */
export async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AwsCallError) return undefined;
    throw error;
  }
}
