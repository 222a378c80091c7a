// The routes and their client carry everything, who acts is told, and a half answer is none.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { ChangedTurn, UndoAdmin, UndoReport } from '../core/undo.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { undoRoutes } from './undo.ts';
import { createRemoteUndo } from './undo-client.ts';

const turns: readonly ChangedTurn[] = [
  { turnId: 'undo_1', agentId: 'main', sessionId: 's1', at: 2, paths: ['a'], files: 1, undoes: 't1' },
  { turnId: 't1', agentId: 'main', sessionId: 's1', at: 1, paths: ['a', 'b'], files: 2, undoneBy: 'undo_1' },
];
const report: UndoReport = {
  turnId: 't1',
  agentId: 'main',
  sessionId: 's1',
  undoId: 'undo_1',
  dryRun: false,
  files: [
    { path: 'a', result: 'restored' },
    { path: 'b', result: 'left', why: 'changed-since', detail: 'It was changed since.' },
  ],
  commands: true,
};

function setUp() {
  const calls: unknown[] = [];
  const admin = (by: string): UndoAdmin => ({
    async recent(filter) {
      calls.push([by, 'recent', filter]);
      return turns;
    },
    async undo(...given) {
      calls.push([by, 'undo', ...given]);
      if (given[0] === 'none') throw new CoPawError('not-found', 'No.', { next: 'Look.' });
      return report;
    },
  });
  const mounted = mountRoutes(undoRoutes, { undo: async (by: string) => admin(by) });
  return { ...mounted, remote: createRemoteUndo(mounted.ask), calls };
}

test('the client and the routes carry everything', async () => {
  const { remote, calls } = setUp();
  expect(await remote.recent({ limit: 7 })).toEqual(turns);
  await remote.recent({ limit: 1000, sessionId: 's/1&x' });
  expect(await remote.undo('t1', { force: true, dryRun: false })).toEqual(report);
  await expect(remote.undo('none', { force: false, dryRun: true })).rejects.toMatchObject({ code: 'not-found', next: 'Look.' });
  expect(calls).toEqual([
    ['cli:dev_1', 'recent', { limit: 7 }],
    ['cli:dev_1', 'recent', { limit: 1000, sessionId: 's/1&x' }],
    ['cli:dev_1', 'undo', 't1', { force: true, dryRun: false }],
    ['cli:dev_1', 'undo', 'none', { force: false, dryRun: true }],
  ]);
});

test('nobody comes without a credential, and what is not a request is none', async () => {
  const { ask, strangers, calls } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  for (const body of ['{}', '{"turnId":""}', '{"turnId":"t1","force":"yes"}', '{"turnId":"t1","more":1}'])
    expect((await ask('/api/undo', { method: 'POST', body })).status).toBe(400);
  for (const query of ['limit=0', 'limit=1001', 'limit=x', 'turn=t1']) expect((await ask(`/api/undo?${query}`)).status).toBe(400);
  expect(calls).toEqual([]);
});
