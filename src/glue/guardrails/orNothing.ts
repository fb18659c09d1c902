import { AwsCallError } from '../errors';

/**
 * Undefined when the service refuses to tell, or knows no such thing: AWS judges by itself what could not be looked at.
 * @throws AwsCallError when no answer came or the service was busy: a rule is not dropped for that
 */
export async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AwsCallError && (error.isRefused || isUnknown(error))) return undefined;
    throw error;
  }
}

/** Glue says `EntityNotFound`, IAM `NoSuchEntity`, EC2 `InvalidSubnetID.NotFound`. */
function isUnknown({ code }: AwsCallError): boolean {
  return /NotFound$|^NoSuchEntity$/.test(code);
}
