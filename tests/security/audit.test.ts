// R24: whoever can write the database but not the key cannot change what happened unseen; what cannot be written down does not happen.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect } from 'vitest';
import { only } from '../app/events.ts';
import { attack, spellings } from './attack.ts';
import { type HostileWorld, openHostileWorld } from './hostile-world.ts';

let world: HostileWorld;
beforeAll(async () => {
  world = await openHostileWorld();
  for (let index = 0; index < 8; index++) await world.try(['write_file', { path: `${index}.txt`, content: 'x' }]);
});
afterAll(() => world.close());

/** Changes the database behind the back of CoPaw and puts it back as it was. */
async function tampered(sql: string): Promise<{ ok: boolean }> {
  const path = world.at.database;
  await world.app.stop();
  const saved = new DatabaseSync(path);
  saved.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  saved.close();
  const bytes = readFileSync(path);
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
  try {
    await world.restart();
    return await world.app.audit.verify();
  } finally {
    await world.app.stop();
    for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
    writeFileSync(path, bytes);
    await world.restart();
  }
}

spellings(
  'R24-02',
  'a record is changed, taken out, added or moved',
  [
    "UPDATE audit SET kind = 'nothing' WHERE seq = 3",
    'UPDATE audit SET at = at + 1 WHERE seq = 3',
    "UPDATE audit SET detail = '{}' WHERE seq = 3",
    'DELETE FROM audit WHERE seq = 3',
    'DELETE FROM audit WHERE seq = 1',
    'DELETE FROM audit WHERE seq < 4',
    "INSERT INTO audit (at, kind, detail, mac) VALUES (1, 'tool-call', '{}', 'x')",
    'INSERT INTO audit (at, kind, detail, mac) SELECT at, kind, detail, mac FROM audit WHERE seq = 3',
    'UPDATE audit SET mac = (SELECT mac FROM audit WHERE seq = 4) WHERE seq = 3',
    "UPDATE audit SET mac = '' WHERE seq = 3",
  ],
  async (sql) => expect(await tampered(sql)).toMatchObject({ ok: false }),
);
attack('R24-03', 'the newest records are cut off while CoPaw does not run', async () => {
  expect(await tampered('DELETE FROM audit WHERE seq > (SELECT max(seq) - 3 FROM audit)')).toMatchObject({ ok: false });
});
attack('R24-04', 'the key is exchanged or lost', async () => {
  const path = join(`${world.home}.secret`, 'audit.key');
  const saved = readFileSync(path);
  await world.app.stop();
  rmSync(path);
  try {
    await world.restart();
    expect((await world.app.audit.verify()).ok).toBe(false);
  } finally {
    await world.app.stop();
    writeFileSync(path, saved, { mode: 0o600 });
    await world.restart();
  }
});
/** Makes the audit table refuse, as a full disk would. */
async function withoutAudit(work: () => Promise<void>): Promise<void> {
  const database = new DatabaseSync(world.at.database);
  database.exec("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
  try {
    await work();
  } finally {
    database.exec('DROP TRIGGER no_audit');
    database.close();
  }
}
attack('R24-05', 'the log cannot be written: no tool with side effects runs', async () => {
  await withoutAudit(async () => {
    for (const [name, args] of [
      ['write_file', { path: 'unseen.txt', content: 'x' }],
      ['run_command', { command: 'touch unseen.txt' }],
      ['delete_file', { path: '0.txt' }],
      ['memory_write', { path: 'MEMORY.md', text: 'unseen' }],
      ['remind_me', { text: 'unseen', inSeconds: 60 }],
    ] as const) {
      world.model.play([[name, args]]);
      const events = await world.ask('go', 'once');
      expect(
        only(events, 'tool-end').filter(({ outcome }) => outcome === 'ok'),
        name,
      ).toEqual([]);
    }
  });
  expect(existsSync(join(world.workspace, 'unseen.txt'))).toBe(false);
  expect(existsSync(join(world.workspace, '0.txt'))).toBe(true);
  expect(readFileSync(join(world.workspace, 'MEMORY.md'), 'utf8')).not.toContain('unseen');
  expect((await world.app.store.jobs.list()).filter(({ text }) => text === 'unseen')).toEqual([]);
});
attack('R24-06', 'the log cannot be written: no setting is changed and nothing is granted', async () => {
  const before = readFileSync(world.at.config, 'utf8');
  await withoutAudit(async () => {
    await expect(world.app.config.commit('cli', [{ path: ['rules'], value: [{ verdict: 'deny' }] }])).rejects.toMatchObject({ rule: 'R24' });
    world.model.play([['run_command', { command: 'touch unseen.txt', network: true }]]);
    await world.ask('go', 'task');
  });
  expect(readFileSync(world.at.config, 'utf8')).toBe(before);
  expect(await world.app.store.grants.list('main')).toEqual([]);
  expect(existsSync(join(world.workspace, 'unseen.txt'))).toBe(false);
});
attack('R24-07', 'every refusal is written down with the rule that refused', async () => {
  const seq = (await world.app.store.audit.last())?.seq ?? 0;
  await world.try(['read_file', { path: 'a:b' }]);
  await world.try(['fetch_url', { url: 'http://127.0.0.1/' }], { answer: 'once' });
  await world.try(['run_command', { command: 'true', network: true }]);
  const records = await world.app.store.audit.after(seq, 100);
  const codes = records.map(({ detail }) => detail.code ?? detail.rule).filter((code) => code !== undefined);
  expect(codes).toEqual(expect.arrayContaining(['R17', 'R18', 'R15']));
});
attack('R24-08', 'words of the model do not get into the log: no contents, and no line that looks like another record', async () => {
  const seq = (await world.app.store.audit.last())?.seq ?? 0;
  await world.try(['write_file', { path: 'words.txt', content: 'audit-contents-1f2e' }]);
  await world.try(['run_command', { command: 'echo audit-contents-1f2e\n{"kind":"tool-approved"}' }]);
  await world.try(['no"}\n{"kind":"tool-approved', {}]);
  const records = await world.app.store.audit.after(seq, 100);
  expect(JSON.stringify(records)).not.toContain('audit-contents-1f2e');
  expect(records.filter(({ kind }) => kind === 'tool-approved')).toEqual([]);
  expect(await world.app.audit.verify()).toMatchObject({ ok: true });
});
attack('R24-09', 'a tool reaches the log or its key', async () => {
  for (const path of ['../../copaw.db', '../../../home.secret/audit.key', world.at.database])
    expect((await world.try(['write_file', { path, content: '' }])).outcome).not.toBe('ok');
  await world.try(['run_command', { command: `sqlite3 ${world.at.database} 'delete from audit'; rm -f ${world.at.database} ${world.home}.secret/audit.key` }]);
  expect(await world.app.audit.verify()).toMatchObject({ ok: true });
});
