// The routes and their client carry everything, and who acts is told.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { Pairing, PeopleAdmin, PeopleView } from '../core/people.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { peopleRoutes } from './people.ts';
import { createRemotePeople } from './people-client.ts';

const pairing: Pairing = { channel: 'fake', account: 'main', sender: 'eve/..', code: 'AAAABBBB', state: 'pending', createdAt: 1, expiresAt: 2, answeredAt: 1 };
const view: PeopleView = {
  accounts: [{ channel: 'fake', account: 'main', enabled: true, allow: ['ana'], operators: [], groups: ['g'], pairing: true, weakened: ['channels.x'] }],
  identities: [
    {
      name: 'anna',
      ids: [
        { channel: 'fake', account: 'main', id: 'a/b', standing: 'direct' },
        { channel: 'other', account: 'main', id: 'x' },
      ],
      fault: 'No.',
    },
  ],
  pairings: [pairing],
  turnedAway: [{ channel: 'fake', account: 'main', sender: 'eve', rule: 'R9', firstAt: 1, lastAt: 2, count: 3 }],
};

function setUp(surface = 'cli') {
  const calls: unknown[] = [];
  const admin = (by: string): PeopleAdmin => ({
    view: async () => view,
    async approve(...given) {
      calls.push([by, 'approve', ...given]);
      if (given[0] === 'x/y') throw new CoPawError('not-found', 'No.', { rule: 'R9' });
      return pairing;
    },
    async deny(...given) {
      calls.push([by, 'deny', ...given]);
      return pairing;
    },
  });
  const mounted = mountRoutes(peopleRoutes, { people: async (by: string) => admin(by) }, surface);
  return { ...mounted, remote: createRemotePeople(mounted.ask), calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.view()).toEqual(view);
  expect(await remote.approve('AAAA-BBBB', true)).toEqual(pairing);
  expect(await remote.deny('AAAABBBB')).toEqual(pairing);
  await expect(remote.approve('x/y', false)).rejects.toMatchObject({ code: 'not-found', rule: 'R9' });
  expect(calls).toEqual([
    ['cli:dev_1', 'approve', 'AAAA-BBBB', true],
    ['cli:dev_1', 'deny', 'AAAABBBB'],
    ['cli:dev_1', 'approve', 'x/y', false],
  ]);
});

test('a program with a token is not taken for a person, nobody comes without one, and a half answer is none', async () => {
  const { remote, ask, strangers, calls } = setUp('script');
  await remote.approve('AAAABBBB', true);
  expect(calls).toEqual([['api:dev_1', 'approve', 'AAAABBBB', true]]);
  expect(new Set(await strangers())).toEqual(new Set([401]));
  for (const body of ['{}', '{"operator":"true"}', '{"operator":true,"more":1}'])
    expect((await ask('/api/pairings/AAAABBBB/approve', { method: 'POST', body })).status).toBe(400);
  expect(calls).toHaveLength(1);
});
