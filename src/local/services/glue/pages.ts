import { ServiceError } from '../serviceError';

/** One page of a list. The token is opaque to callers and good for this list only. */
export function page<T>(
  all: readonly T[],
  size: number,
  token: string | undefined,
): { items: readonly T[]; nextToken?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) {
    throw new ServiceError('InvalidInputException', `The nextToken is not valid: ${String(token)}`);
  }
  const end = start + size;
  return {
    items: all.slice(start, end),
    ...(end < all.length && { nextToken: Buffer.from(String(end)).toString('base64url') }),
  };
}
