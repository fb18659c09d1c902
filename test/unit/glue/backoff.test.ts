import { describe, expect, it } from 'vitest';
import { retryDelay } from '../../../src/glue/backoff';

describe('retryDelay', () => {
  it('doubles up to ten seconds', () => {
    expect([0, 1, 2, 10].map(retryDelay)).toEqual([500, 1000, 2000, 10_000]);
  });
});
