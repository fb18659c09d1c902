import { describe, expect, it } from 'vitest';
import type { Denial } from '../../../src/glue/denial';
import type { CreateSessionRequest } from '../../../src/glue/glueApi';
import { likelyConditions, type SeenSession } from '../../../src/glue/likelyConditions';
import { request } from '../scriptedApi';

const start: Denial = {
  form: 'authorization',
  action: 'glue:CreateSession',
  principal: 'arn:aws:sts::444455556666:assumed-role/GlueSessionCreationRole/ada',
  policyKind: 'identity-based policy',
  isExplicit: true,
};
const seen = (count: number, tags: (index: number) => Record<string, string>): readonly SeenSession[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `s${String(index)}`,
    role: 'arn:aws:iam::444455556666:role/Usual',
    connections: ['session_vpc'],
    tags: tags(index),
  }));
const likely = (
  change: Partial<CreateSessionRequest>,
  others: readonly SeenSession[] = [],
  denial: Partial<Denial> = {},
) => likelyConditions({ ...start, ...denial }, { request: { ...request, ...change }, seen: others });

describe('likelyConditions', () => {
  it('takes a start without a connection for one outside of the approved networks', () => {
    expect(likely({ connections: [] })).toEqual([{ kind: 'noNetwork' }]);
  });

  it('takes one with a connection for one in the wrong network', () => {
    expect(likely({ connections: ['scratch_vpc'] })).toEqual([
      { kind: 'network', connections: ['scratch_vpc'] },
    ]);
  });

  it('finds the tag that nearly all others have, with the values in use', () => {
    const others = seen(5, (index) => ({
      team: 'analytics',
      billing: index < 3 ? 'platform' : 'research',
    }));
    expect(likely({ connections: ['session_vpc'], tags: { team: 'analytics' } }, others)).toEqual([
      { kind: 'missingTag', key: 'billing', values: ['platform', 'research'] },
      { kind: 'network', connections: ['session_vpc'] },
    ]);
  });

  it('finds the tag whose value is nobody else’s', () => {
    const others = seen(4, () => ({ team: 'analytics' }));
    expect(likely({ connections: ['session_vpc'], tags: { team: 'Analytics' } }, others)[0]).toEqual({
      kind: 'tagValue',
      key: 'team',
      value: 'Analytics',
      values: ['analytics'],
    });
  });

  it.each([
    ['too few sessions', seen(2, () => ({ billing: 'x' }))],
    ['a tag of a few', seen(5, (index): Record<string, string> => (index === 0 ? { billing: 'x' } : {}))],
    ['a tag that is free text', seen(5, (index) => ({ team: `t${String(index)}` }))],
    ['tags that were not read', seen(5, () => ({ billing: 'x' })).map(({ tags: _, ...rest }) => rest)],
  ])('makes no habit of %s', (_, others) => {
    expect(likely({ connections: [], tags: { team: 'mine' } }, others)).toEqual([{ kind: 'noNetwork' }]);
  });

  it('does not blame the network when nothing denies', () => {
    const missing = { isExplicit: false };
    expect(likely({ connections: [] }, [], missing)).toEqual([]);
    expect(
      likely(
        { connections: ['scratch_vpc'], tags: {} },
        seen(3, () => ({ team: 'a' })),
        missing,
      ),
    ).toEqual([{ kind: 'missingTag', key: 'team', values: ['a'] }]);
  });

  it('takes a missing allow for one inside approved networks when all others have a connection', () => {
    const missing = { isExplicit: false };
    const others = seen(3, () => ({}));
    expect(likely({ connections: [] }, others, missing)).toEqual([
      { kind: 'noNetwork', others: ['session_vpc'] },
    ]);
    expect(likely({ connections: ['session_vpc'] }, others, missing)).toEqual([]);
    expect(likely({ connections: [] }, others.slice(0, 2), missing)).toEqual([]);
    expect(likely({ connections: [] }, [...others, { id: 'bare', connections: [] }], missing)).toEqual([]);
  });

  it('concludes nothing of networks from a refusal that names no policy, or another action', () => {
    const { policyKind: _, ...unnamed } = start;
    const around = { request: { ...request, connections: [] }, seen: seen(3, () => ({})) };
    expect(likelyConditions({ ...unnamed, isExplicit: false }, around)).toEqual([]);
    const other = { ...start, isExplicit: false, wantedAction: 'ec2:DescribeSubnets' };
    expect(likelyConditions(other, around)).toEqual([]);
  });

  it('sees that the owner is somebody else, by user id or by the name of the role session', () => {
    const owner = { tags: { owner: 'AROAEXAMPLE:bob' }, connections: ['session_vpc'] };
    expect(likely(owner)[0]).toEqual({ kind: 'network', connections: ['session_vpc'] });
    expect(likely(owner).at(1)).toEqual({ kind: 'ownerTag', value: 'AROAEXAMPLE:bob' });
    expect(likely({ ...owner, tags: { owner: 'AROAEXAMPLE:ada' } })).toHaveLength(1);
    const around = { request: { ...request, ...owner }, callerUserId: 'AIDAADA' };
    expect(likelyConditions(start, around)).toContainEqual({
      kind: 'ownerTag',
      value: 'AROAEXAMPLE:bob',
      expected: 'AIDAADA',
    });
  });

  it('names the roles that others run as when this one may not be passed, or is closed to Glue', () => {
    const others = seen(2, () => ({}));
    const role = {
      kind: 'runtimeRole',
      role: request.role,
      others: ['arn:aws:iam::444455556666:role/Usual'],
    };
    expect(likely({}, others, { action: 'iam:PassRole', resource: request.role })).toEqual([role]);
    expect(
      likely({}, others, { action: 'sts:AssumeRole', form: 'roleTrust', resource: request.role }),
    ).toEqual([role]);
    expect(likely({}, others, { action: 'sts:AssumeRole', resource: 'arn:aws:iam::4:role/Creator' })).toEqual(
      [],
    );
  });

  it('tells whose session it is when one of another is refused', () => {
    const others = seen(1, () => ({ owner: 'AROAEXAMPLE:bob' }));
    const stop = { ...start, action: 'glue:StopSession', resource: 'arn:aws:glue:us-east-1:4:session/s0' };
    expect(likelyConditions(stop, { seen: others })).toEqual([
      { kind: 'otherOwner', owner: 'AROAEXAMPLE:bob' },
    ]);
    const own = seen(1, () => ({ owner: 'AROAEXAMPLE:ada' }));
    expect(likelyConditions(stop, { seen: own })).toEqual([]);
  });

  it.each(['glue:TagResource', 'glue:UntagResource'])('tells it of %s on one of another too', (action) => {
    const others = seen(1, () => ({ owner: 'AROAEXAMPLE:bob' }));
    const change = { ...start, action, resource: 'arn:aws:glue:us-east-1:4:session/s0' };
    expect(likelyConditions(change, { seen: others })).toEqual([
      { kind: 'otherOwner', owner: 'AROAEXAMPLE:bob' },
    ]);
    const own = seen(1, () => ({ owner: 'AROAEXAMPLE:ada' }));
    expect(likelyConditions(change, { seen: own })).toEqual([]);
  });
});
