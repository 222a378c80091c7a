// The routes and their client carry everything, whatever is in a key.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { ArrivedMessage, MessageLife, MessagesAdmin, SentPart } from '../core/messages.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { messageRoutes } from './messages.ts';
import { createRemoteMessages } from './messages-client.ts';

const key = 'fake:main:a%2Fb%25:x%3F y#retry-1';
const message: ArrivedMessage = {
  ...{ key, seq: 4, state: 'failed', channel: 'fake', account: 'main', chat: { id: 'a/b%', kind: 'direct', thread: 't' }, sender: { id: 'ana', bot: true } },
  ...{ kind: 'message', receivedAt: 1, rule: 'R9', sessionId: 's', turnId: 't', nextTry: 'k#retry-2', text: 'hi' },
};
const part: SentPart = {
  ...{ answerId: 'ans/1', part: 2, seq: 5, sessionId: 's', to: { channel: 'fake', account: 'main', chat: 'c', peer: 'ana' }, state: 'unknown' },
  ...{ attempts: 1, nextAt: 9, ref: 'r', text: 'yes', files: 1 },
};
const life: MessageLife = {
  ...{ messages: [message], tries: [{ key, state: 'failed', receivedAt: 1 }], noRetry: 'No.', parts: [part] },
  turn: {
    ...{ id: 't', sessionId: 's', agentId: 'main', answerId: 'ans/1', origin: 'direct', startedAt: 1, endedAt: 2, outcome: 'failed' },
    steps: [{ kind: 'tool', at: 1, endedAt: 2, name: 'run_command', outcome: 'ok', sideEffect: 'outside', detail: 'x' }],
  },
};

function setUp() {
  const calls: unknown[] = [];
  const admin = (by: string): MessagesAdmin => {
    const note = <T>(answer: T, ...call: unknown[]): T => {
      calls.push([by, ...call]);
      return answer;
    };
    return {
      inbox: async (page) => note([message], 'inbox', page),
      message: async (given) => note(life, 'message', given),
      retryMessage: async (given) => note(message, 'retryMessage', given),
      settleMessage: async (given, settled) => note(undefined, 'settleMessage', given, settled),
      settleAnswer: async (given, settled) => note(undefined, 'settleAnswer', given, settled),
      outbox: async (page) => note([part], 'outbox', page),
      answer: async (given) => note(life, 'answer', given),
      retryPart: async (answerId, number, evenIfSent) => {
        note(part, 'retryPart', answerId, number, evenIfSent);
        if (!evenIfSent) throw new CoPawError('conflict', 'It may arrive twice.', { next: 'Look.' });
        return part;
      },
    };
  };
  const mounted = mountRoutes(messageRoutes, { messages: async (by: string) => admin(by) });
  return { ...mounted, remote: createRemoteMessages(mounted.ask), calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.inbox({ show: 'failed', limit: 5, before: 7 })).toEqual([message]);
  expect(await remote.message(key)).toEqual(life);
  expect(await remote.retryMessage(key)).toEqual(message);
  expect(await remote.outbox({ show: 'unknown', limit: 500 })).toEqual([part]);
  expect(await remote.answer('ans/1')).toEqual(life);
  expect(await remote.retryPart('ans/1', 2, true)).toEqual(part);
  await expect(remote.retryPart('ans/1', 2, false)).rejects.toMatchObject({ code: 'conflict', next: 'Look.' });
  await remote.settleMessage(key, true);
  await remote.settleAnswer('ans/1', false);
  expect(calls).toEqual([
    ['cli:dev_1', 'inbox', { show: 'failed', limit: 5, before: 7 }],
    ['cli:dev_1', 'message', key],
    ['cli:dev_1', 'retryMessage', key],
    ['cli:dev_1', 'outbox', { show: 'unknown', limit: 500 }],
    ['cli:dev_1', 'answer', 'ans/1'],
    ['cli:dev_1', 'retryPart', 'ans/1', 2, true],
    ['cli:dev_1', 'retryPart', 'ans/1', 2, false],
    ['cli:dev_1', 'settleMessage', key, true],
    ['cli:dev_1', 'settleAnswer', 'ans/1', false],
  ]);
});

test('nobody comes without a credential, and what is not asked well is not asked', async () => {
  const { ask, strangers, calls } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  for (const query of ['show=none', 'limit=0', 'limit=501', 'before=-1', 'before=x', 'more=1', 'show=dead'])
    expect((await ask(`/api/inbox?${query}`)).status, query).toBe(400);
  for (const body of ['{}', '{"evenIfSent":"true"}', '{"evenIfSent":true,"more":1}'])
    expect((await ask('/api/outbox/a/0/retry', { method: 'POST', body })).status).toBe(400);
  expect(calls).toEqual([]);
});
