import { expect, it } from 'vitest';
import { startedBy } from '../../../src/glue/startedBy';

const me = {
  account: '444455556666',
  arn: 'arn:aws:sts::444455556666:assumed-role/GlueSessionCreationRole/ISBlogUser',
  userId: 'AROAEXAMPLE1:ISBlogUser',
};

it('names who started a session, and the role they came through', () => {
  const role = 'arn:aws:iam::444455556666:role/GlueSessionCreationRole';
  expect(startedBy({ owner: 'AROAEXAMPLE1:ISBlogUser' }, me)).toEqual({
    name: 'ISBlogUser',
    userId: 'AROAEXAMPLE1:ISBlogUser',
    kind: 'roleSession',
    role,
    isCaller: true,
  });
  expect(startedBy({ owner: 'AROAEXAMPLE1:ada' }, me)).toMatchObject({ name: 'ada', role, isCaller: false });
  expect(startedBy({ owner: 'AROAOTHER9:ada' }, me)).toMatchObject({ name: 'ada', role: 'AROAOTHER9' });
  expect(startedBy({ userId: 'AROAOTHER9:ada' }, undefined)).toMatchObject({ name: 'ada', isCaller: false });
});

it('names users by their id, and takes what people write as it is', () => {
  const user = { account: '1', arn: 'arn:aws:iam::111122223333:user/path/ISBlogUser', userId: 'AIDAEXAMPLE' };
  expect(startedBy({ owner: 'AIDAEXAMPLE' }, user)).toMatchObject({ name: 'ISBlogUser', kind: 'user' });
  expect(startedBy({ owner: 'AIDAOTHER' }, user)).toMatchObject({ name: 'AIDAOTHER', isCaller: false });
  expect(startedBy({ owner: '111122223333' }, user)).toMatchObject({ kind: 'account' });
  expect(startedBy({ owner: 'ada' }, user)).toMatchObject({ name: 'ada', kind: 'name' });
  expect(startedBy({ team: 'x', owner: '' }, user)).toBeUndefined();
});
