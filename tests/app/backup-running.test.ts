// Backups of a running CoPaw, over HTTP and in threads: made, checked, looked at and taken away while it answers; what is cut off leaves nothing.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BackupsView, RestoreOffer } from '../../src/core/backup.ts';
import { openBackups } from '../../src/open-backup.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openServerWorld, type ServerWorld } from '../security/server-world.ts';
import { openWorld } from './harness.ts';

let world: ServerWorld;
beforeEach(async () => {
  world = await openServerWorld();
});
afterEach(() => world.close());

const passphrase = 'correct horse battery';
async function ask<T>(path: string, body?: unknown): Promise<{ readonly status: number; readonly answer: T }> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await world.asOperator(path, init);
  return { status: response.status, answer: (await response.json()) as T };
}
const view = async (): Promise<BackupsView> => (await ask<BackupsView>('/api/backups')).answer;
async function make(options: object = {}): Promise<BackupsView> {
  expect((await ask('/api/backups', options)).status).toBe(202);
  await expect.poll(async () => (await view()).work?.state, { timeout: 20_000 }).not.toBe('running');
  return view();
}
const kindOf = async (path: string): Promise<string> => {
  const records = (await ask<{ records: { kind: string; detail: object }[] }>('/api/audit?limit=50')).answer.records;
  return JSON.stringify(records.filter(({ kind }) => kind === path).map(({ detail }) => detail));
};

test('one is made, checked, looked at and taken away; it is the same that the command line makes', async () => {
  writeFileSync(join(world.home, 'workspaces/main/notes.txt'), 'buy milk');
  const before = await view();
  expect([before.backups, before.work, before.schedule.days, before.schedule.weeks]).toEqual([[], undefined, 7, 4]);
  const { work, backups } = await make();
  expect(work).toMatchObject({ state: 'done', step: 'writing', made: { kind: 'archive', encrypted: false } });
  expect(backups).toMatchObject([{ name: work?.made?.name, kind: 'archive', encrypted: false }]);
  const name = work?.made?.name ?? '';

  expect((await ask(`/api/backups/${name}/verify`, {})).answer).toMatchObject({
    backup: { kind: 'archive', madeHere: true, version: '0', files: work?.files },
  });
  writeFileSync(join(world.home, 'workspaces/main/notes.txt'), 'buy tea');
  const { answer } = await ask<{ plan: RestoreOffer }>(`/api/backups/${name}/plan`, {});
  expect(answer.plan.replaces).toContainEqual(expect.stringContaining('1 files are overwritten'));
  expect(answer.plan.command).toBe(`copaw backup restore ${world.home}/backups/${name} --home ${world.home}`);

  const file = await world.asOperator(`/api/backups/${name}/file`);
  const bytes = Buffer.from(await file.arrayBuffer());
  expect(bytes.equals(readFileSync(join(world.home, 'backups', name)))).toBe(true);
  expect(gunzipSync(bytes).includes('buy milk')).toBe(true);
  expect(await (await openBackups(world.home, {}, '0')).list()).toEqual(backups);
  expect([await kindOf('backup-create'), await kindOf('backup-read')]).toEqual([
    expect.stringContaining('"encrypted":false'),
    expect.stringContaining(`"name":"${name}"`),
  ]);
  expect(readdirSync(world.home).filter((one) => /restore|copy/u.test(one))).toEqual([]);
});

test('an encrypted one is opened by its passphrase alone, which is written down nowhere', async () => {
  const { work } = await make({ passphrase });
  const name = work?.made?.name ?? '';
  expect((await view()).backups).toMatchObject([{ name, encrypted: true }]);
  expect(await ask(`/api/backups/${name}/verify`, {})).toMatchObject({ status: 400, answer: { error: { code: 'invalid', next: 'Give its passphrase.' } } });
  expect(await ask(`/api/backups/${name}/verify`, { passphrase: 'another one' })).toMatchObject({
    status: 400,
    answer: { error: { code: 'artifact-refused' } },
  });
  expect((await ask(`/api/backups/${name}/verify`, { passphrase })).status).toBe(200);
  const { answer } = await ask<{ plan: RestoreOffer }>(`/api/backups/${name}/plan`, { passphrase });
  expect(answer.plan.command).toMatch(/^printf %s "\$PASSPHRASE" \| copaw backup restore .* --passphrase-stdin --yes$/u);
  expect(JSON.stringify([await view(), await kindOf('backup-create'), answer])).not.toContain(passphrase);
});

test('attack: a path is no name, however it is spelled', async () => {
  for (const name of ['../copaw.db', '../../etc/passwd', `${world.home}/copaw.db`, '.', 'copaw.db', 'config.json'])
    for (const [what, body] of [
      ['verify', {}],
      ['plan', {}],
      ['file', undefined],
    ] as const) {
      const response = await ask<{ error: { code: string } }>(`/api/backups/${encodeURIComponent(name)}/${what}`, body);
      expect([response.status, response.answer.error.code], `${what} ${name}`).toEqual([404, 'not-found']);
    }
});

test('damage is said, and a second piece of work waits its turn', async () => {
  const name = 'copaw-2026-01-05T08-00-00Z.tar.gz';
  await make();
  writeFileSync(join(world.home, 'backups', name), 'no archive');
  expect(await ask(`/api/backups/${name}/verify`, {})).toMatchObject({ status: 400, answer: { error: { code: 'artifact-refused' } } });
  const [first, second] = await Promise.all([ask('/api/backups', {}), ask('/api/backups', {})]);
  expect([first.status, second.status].sort()).toEqual([202, 429]);
  await expect.poll(async () => (await view()).work?.state, { timeout: 20_000 }).not.toBe('running');
});

test('a second look is refused while one goes on, and when CoPaw stops nothing of either is left', async () => {
  const { work } = await make();
  const verify = () =>
    world.asOperator(`/api/backups/${work?.made?.name}/verify`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  const both = [verify(), verify()];
  expect((await Promise.race(both)).status).toBe(429);
  expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 429]);
  expect((await ask('/api/backups', {})).status).toBe(202);
  await world.server.stop();
  expect(readdirSync(world.home).filter((name) => /restore|copy/u.test(name))).toEqual([]);
  expect(readdirSync(join(world.home, 'backups')).filter((name) => /\.new|^\./u.test(name))).toEqual([]);
  await (await openStore(join(world.home, 'copaw.db'))).close();
});

test('a look ends with who asked for it, and makes room for the next', async () => {
  const other = await openWorld();
  try {
    const backups = await other.app.backups('cli');
    await backups.create({});
    await expect.poll(async () => (await backups.view()).work?.state, { timeout: 20_000 }).toBe('done');
    const name = (await backups.view()).backups[0]?.name ?? '';
    const gone = new AbortController();
    const look = backups.verify(name, { signal: gone.signal });
    gone.abort();
    await expect(look).rejects.toMatchObject({ name: 'AbortError' });
    expect(await backups.verify(name, { signal: new AbortController().signal })).toMatchObject({ madeHere: true });
    expect(readdirSync(other.home).filter((one) => /restore|copy/u.test(one))).toEqual([]);
    expect(other.faults).toEqual([]);
  } finally {
    await other.close();
  }
});

test('what a crash left of going back is gone after the next start', async () => {
  const other = await openWorld();
  try {
    const left = ['copaw.db.restore_01kb', 'copaw.db.restore_4194305_x_01kb.built-journal', 'copaw.db.copy_4194305_x_01kb.new'].map((name) =>
      join(other.home, name),
    );
    for (const path of left) writeFileSync(path, 'half');
    await other.restart();
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect(other.faults).toEqual([]);
  } finally {
    await other.close();
  }
});
