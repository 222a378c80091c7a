// Records lead to the conversation they belong to, by whatever they name of it; filters and pages leave nothing out and show nothing twice.
import { expect, test } from 'vitest';
import { outcomeOf, subjectOf } from '../core/activity.ts';
import type { AuditRecord } from '../core/audit.ts';
import { approval, session, turn } from '../testing/store-rows.ts';
import { readActivity } from './activity.ts';

function storeOf(records: readonly (readonly [kind: string, detail: AuditRecord['detail']])[]) {
  const looks: number[] = [];
  const all = records.map(([kind, detail], index) => ({ seq: index + 1, at: index, kind, detail, mac: `mac${index}` }));
  return {
    looks,
    audit: {
      async before(seq: number, limit: number) {
        looks.push(seq);
        return all
          .filter((one) => one.seq < seq)
          .toReversed()
          .slice(0, limit);
      },
    },
    approvals: { get: async (id: string) => (id === 'a1' ? approval('a1') : undefined) },
    sessions: { get: async (id: string) => (id === 's1' || id === 'moved' ? { ...session(id), agentId: 'main' } : undefined) },
    turns: {
      get: async (id: string) => (id === 't1' ? turn('t1') : id === 't2' ? { ...turn('t2'), sessionId: 'moved', agentId: 'other' } : undefined),
      byAnswer: async (id: string) => (id === 'ans-t1' ? turn('t1') : undefined),
    },
  };
}

test('a record leads to its conversation by the turn, the answer or the approval it names, and to none that is gone', async () => {
  const store = storeOf([
    ['tool-call', { turnId: 't1', tool: 'read_file' }],
    ['tool-denied', { turnId: 't2', agentId: 'other', sessionId: 'was', tool: 'x' }],
    ['tool-approved', { approvalId: 'a1', tool: 'x' }],
    ['part-retry', { answerId: 'ans-t1', part: 0 }],
    ['session-exported', { sessionId: 's1' }],
    ['session-removed', { sessionId: 'gone' }],
    ['tool-call', { turnId: 'gone' }],
    ['config-change', { actor: 'cli', paths: 'x' }],
  ]);
  const { records, older } = await readActivity(store, { limit: 50 });
  expect(older).toBeUndefined();
  expect(records.map(({ seq, subject, outcome, agentId, sessionId }) => [seq, subject, outcome, agentId, sessionId])).toEqual([
    [8, 'settings', 'done', undefined, undefined],
    [7, 'tools', 'done', undefined, undefined],
    [6, 'data', 'done', undefined, undefined],
    [5, 'data', 'done', 'main', 's1'],
    [4, 'data', 'done', 'main', 's1'],
    [3, 'tools', 'approved', 'main', 's1'],
    [2, 'tools', 'refused', 'other', 'moved'],
    [1, 'tools', 'done', 'main', 's1'],
  ]);
  expect(records[0]).not.toHaveProperty('mac');
  expect((await readActivity(store, { limit: 50, agent: 'other' })).records.map(({ seq }) => seq)).toEqual([2]);
});

test('pages put together are all that fits, newest first, also where what fits is rare', async () => {
  const store = storeOf(
    Array.from({ length: 1_203 }, (_, index): [string, AuditRecord['detail']] => [
      index % 100 === 0 ? 'login-refused' : index % 2 ? 'tool-call' : 'device-add',
      {},
    ]),
  );
  const found: number[] = [];
  for (let before: number | undefined, turns = 0; turns < 20; turns++) {
    const page = await readActivity(store, { limit: 5, subject: 'access', outcome: 'refused', ...(before === undefined ? {} : { before }) });
    found.push(...page.records.map(({ seq }) => seq));
    before = page.older;
    if (before === undefined) break;
  }
  expect(found).toEqual([1201, 1101, 1001, 901, 801, 701, 601, 501, 401, 301, 201, 101, 1]);
  // No more was looked at than it took.
  store.looks.length = 0;
  await readActivity(store, { limit: 1, subject: 'access', outcome: 'refused' });
  expect(store.looks).toHaveLength(1);
});

test('each kind is about one thing and came out one way', () => {
  const kinds = {
    'tool-call': 'tools done',
    undo: 'tools done',
    'egress-refused': 'tools refused',
    'login-refused': 'access refused',
    'device-add': 'access done',
  };
  const more = {
    'pairing-deny': 'access refused',
    'pairing-approve': 'access approved',
    'grant-add': 'settings approved',
    'skill-lock-refused': 'settings refused',
  };
  const last = { 'secret-set': 'settings done', 'backup-create': 'data done', 'memory-forget': 'data done', 'audit-prune': 'data done', undone: 'data done' };
  for (const [kind, expected] of Object.entries({ ...kinds, ...more, ...last })) expect(`${subjectOf(kind)} ${outcomeOf(kind)}`, kind).toBe(expected);
});
