import { expect, it } from 'vitest';
import { wholeSession } from '../../../src/glue/wholeSession';
import { session } from '../scriptedApi';

it('asks for the arguments of a session that comes from disk, and for nothing of any other', async () => {
  const asked: string[] = [];
  const arguments_ = { '--session-language': 'scala' };
  const api = {
    getSession: (id: string) => {
      asked.push(id);
      return Promise.resolve(session({ id, defaultArguments: arguments_ }));
    },
  };
  const listed = { target: { roles: [] }, arn: 'a', tags: { team: 'x' }, session: session({ id: 's1' }) };
  expect(await wholeSession(listed, api)).toEqual(listed);
  const whole = await wholeSession({ ...listed, isRemembered: true }, api);
  expect(whole.session.defaultArguments).toEqual(arguments_);
  expect(whole).toMatchObject({ tags: { team: 'x' } });
  expect(whole.isRemembered).toBeUndefined();
  expect(asked).toEqual(['s1']);
});
