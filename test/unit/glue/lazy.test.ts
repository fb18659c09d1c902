import { describe, expect, it } from 'vitest';
import { lazy } from '../../../src/glue/lazy';

describe('what is loaded at the first use', () => {
  it('is loaded once, and tried again when it could not be', async () => {
    const outcomes = [Promise.reject(new Error('no file')), Promise.resolve('there')];
    let loads = 0;
    const get = lazy(() => outcomes[loads++]!);
    await expect(Promise.allSettled([get(), get()])).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'rejected' },
    ]);
    expect(loads).toBe(1);
    await expect(get()).resolves.toBe('there');
    await expect(get()).resolves.toBe('there');
    expect(loads).toBe(2);
  });
});
