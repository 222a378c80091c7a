// The routes carry everything, name who asks, and take names and no paths.
import { expect, test } from 'vitest';
import type { BackupMade, BackupReport, BackupsView, HomeBackups, RestoreOffer } from '../core/backup.ts';
import { CoPawError } from '../core/error.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { backupRoutes } from './backups.ts';
import { backupReport, backups, backupWork, restoreOffer } from './backups-schema.ts';

const name = 'copaw-2026-01-05T08-00-00Z.tar.gz';
const made: BackupMade = {
  ...{ name, path: `/home/backups/${name}`, kind: 'archive', at: 5, bytes: 7, encrypted: true, files: 3 },
  leftOut: [{ path: 'workspaces/main/.git', why: 'can be made again' }],
};
const { files: _files, leftOut: _leftOut, ...summary } = made;
const view: BackupsView = {
  backups: [summary],
  schedule: { days: 7, weeks: 4, nextAt: 9, problem: 'no room' },
  work: { startedAt: 1, state: 'failed', step: 'packing', files: 2, made, problem: { message: 'Full.', next: 'Free some.' } },
};
const report: BackupReport = {
  ...{ kind: 'archive', madeHere: true, at: 5, version: '1', dataVersion: 1, sessions: 2, entries: 3, files: 4 },
  leftOut: [{ path: 'x', why: 'is a link' }],
};
const offer: RestoreOffer = { ...report, replaces: ['all'], held: [{ item: 'devices', count: 2, what: '2 devices' }], command: 'copaw backup restore' };

function setUp() {
  const calls: unknown[] = [];
  const parts = async (by: string): Promise<HomeBackups> => {
    const known = <T>(what: string, given: string, options: { readonly passphrase?: string; readonly signal?: AbortSignal }, answer: T): T => {
      const { signal: _, ...rest } = options;
      calls.push([by, what, given, rest]);
      if (given !== name) throw new CoPawError('not-found', 'No.', { next: 'Look.' });
      return answer;
    };
    return {
      view: async () => view,
      async create(options) {
        calls.push([by, 'create', options]);
        return { startedAt: 1, state: 'running', step: 'database', files: 0 };
      },
      verify: async (given, options) => known('verify', given, options, report),
      plan: async (given, options) => known('plan', given, options, offer),
      read: async (given) => known('read', given, {}, { bytes: 3, body: new Blob(['abc']).stream() }),
    };
  };
  return { ...mountRoutes(backupRoutes, { backups: parts }, 'console'), calls };
}
const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });

test('everything goes through, and who asks is told', async () => {
  const { ask, calls } = setUp();
  const json = async (path: string, init?: RequestInit): Promise<unknown> => (await ask(path, init)).json();
  expect(backups.strict().parse(await json('/api/backups'))).toEqual(view);
  const begun = await ask('/api/backups', post({ passphrase: 'twelve letters' }));
  expect([begun.status, backupWork.strict().parse(await begun.json()).work.state]).toEqual([202, 'running']);
  expect(backupReport.strict().parse(await json(`/api/backups/${name}/verify`, post({})))).toEqual({ backup: report });
  expect(restoreOffer.strict().parse(await json(`/api/backups/${name}/plan`, post({ passphrase: 'p' })))).toEqual({ plan: offer });
  const file = await ask(`/api/backups/${name}/file`);
  expect([await file.text(), file.headers.get('content-length'), file.headers.get('content-disposition'), file.headers.get('cache-control')]).toEqual([
    'abc',
    '3',
    `attachment; filename="${name}"`,
    'no-store',
  ]);
  expect(calls).toEqual([
    ['api:dev_1', 'create', { passphrase: 'twelve letters' }],
    ['api:dev_1', 'verify', name, {}],
    ['api:dev_1', 'plan', name, { passphrase: 'p' }],
    ['api:dev_1', 'read', name, {}],
  ]);
});

test('attack: nobody without a credential learns of a backup, makes one or takes one', async () => {
  const { strangers, calls } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  expect(calls).toEqual([]);
});

test('a name that is not listed is not found, and half a request is none', async () => {
  const { ask, calls } = setUp();
  for (const other of ['none', '..%2F..%2Fcopaw.db', '%2Fetc%2Fpasswd', `${name}%00`])
    expect((await ask(`/api/backups/${other}/verify`, post({}))).status, other).toBe(404);
  calls.splice(0);
  for (const body of [{ passphrase: 'too short' }, { passphrase: 'x'.repeat(1_001) }, { out: '/tmp/x' }])
    expect((await ask('/api/backups', post(body))).status).toBe(400);
  expect((await ask('/api/backups', { method: 'POST' })).status).toBe(400);
  expect((await ask(`/api/backups/${name}/plan`, post({ with: 'devices' }))).status).toBe(400);
  expect(calls).toEqual([]);
});
