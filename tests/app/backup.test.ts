// Going back: talks, memory and files return; what gives somebody a right does not unless it is named; damage is undone by the command the refusal prints.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BackupsAdmin, type RestoreItem, restoreItems } from '../../src/core/backup.ts';
import { openBackups } from '../../src/open-backup.ts';
import { openPath } from '../../src/security/open-path.ts';
import { migrations } from '../../src/store/database.ts';
import { inboxRow, outboxRow, session, turn, usageRow } from '../../src/testing/store-rows.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';
import { answerOf, openWorld, type World } from './harness.ts';

const skill = '---\nname: tea\ndescription: Makes tea.\n---\nBoil water.\n';
const account = { enabled: false, allow: ['ana'] };

describe('an archive', () => {
  let world: World;
  let admin: BackupsAdmin;
  beforeEach(async () => {
    world = await openWorld({ config: { limits: { dayCost: 3 }, channels: { chat: { main: account } }, rules: [] } });
    admin = await openBackups(world.home, {}, '9.9.9');
  });
  afterEach(() => world.close());

  const file = (path: string): string => join(world.workspace, path);
  const config = (): Record<string, unknown> => JSON.parse(readFileSync(join(world.home, 'config.json'), 'utf8')) as Record<string, unknown>;

  /** Everything that gives somebody a right, and things on their way. */
  async function giveRights(): Promise<void> {
    const { store } = world.app;
    await store.devices.add({ id: 'd1', name: 'old phone', tokenHash: 'h1', createdAt: 1, seenAt: 1 });
    await store.grants.add({ id: 'g1', agentId: 'main', scope: 'always', template: 'x', createdAt: 1 });
    await store.senders.putPairing({
      channel: 'chat',
      account: 'main',
      sender: 'eve',
      code: 'ABCDEFGH',
      state: 'pending',
      createdAt: 1,
      expiresAt: 2,
      answeredAt: 2,
    });
    await store.commit({
      jobs: [{ id: 'j1', agentId: 'main', sessionId: 's1', address: turn('t').address, dueAt: 9e15, text: 'later', state: 'scheduled', createdAt: 1 }],
    });
    const source = join(world.folder, 'tea');
    mkdirSync(source);
    writeFileSync(join(source, 'SKILL.md'), skill);
    const skills = await world.app.skills('cli');
    const { hash = '' } = await skills.install({ path: source });
    await skills.enable('tea', hash);
    await world.app.config.commit('cli', [
      { path: ['rules'], value: [{ effect: 'run', verdict: 'allow' }] },
      { path: ['sandbox'], value: { dangerouslyOff: true } },
    ]);
  }

  async function takeRights(): Promise<void> {
    const { store } = world.app;
    await store.devices.remove('d1');
    await store.devices.add({ id: 'd2', name: 'new phone', tokenHash: 'h2', createdAt: 1, seenAt: 1 });
    await store.grants.remove('g1');
    await store.senders.putPairing({
      channel: 'chat',
      account: 'main',
      sender: 'eve',
      code: 'ABCDEFGH',
      state: 'denied',
      createdAt: 1,
      expiresAt: 2,
      answeredAt: 2,
    });
    await store.jobs.settle('j1', 'cancelled');
    await (await world.app.skills('cli')).disable('tea');
    await world.app.config.commit('cli', [
      { path: ['rules'], value: [] },
      { path: ['sandbox'], value: undefined },
      { path: ['channels', 'chat', 'main', 'allow'], value: [] },
      { path: ['limits', 'dayCost'], value: 1 },
    ]);
  }

  const rights = async () => {
    const { store } = world.app;
    return {
      devices: (await store.devices.list()).map(({ id }) => id),
      grants: (await store.grants.list()).map(({ id }) => id),
      pairings: (await store.senders.pairings()).map(({ state }) => state),
      jobs: (await store.jobs.list()).map(({ state }) => state),
      skills: (await (await world.app.skills('cli')).list()).map(({ state }) => state),
      rules: [(config().rules as unknown[]).length, config().sandbox ?? null],
      allowed: (config().channels as { chat: { main: { allow: string[] } } }).chat.main.allow,
    };
  };
  const taken = { devices: ['d2'], grants: [], pairings: ['denied'], jobs: ['cancelled'], skills: ['disabled'], rules: [0, null], allowed: [] };
  const given = {
    devices: ['d1'],
    grants: ['g1'],
    pairings: ['pending'],
    jobs: ['scheduled'],
    skills: ['enabled'],
    rules: [1, { dangerouslyOff: true }],
    allowed: ['ana'],
  };

  async function goBack(path: string, bring: readonly RestoreItem[] = []) {
    await world.app.stop();
    const restored = await admin.restore(path, { bring });
    await world.restart();
    return restored;
  }

  test('brings back talk, memory and files, keeps what is replaced, and sends nothing old', async () => {
    await world.ask('remember that the cat is called Miso');
    await world.ask('write one to notes.txt');
    await world.app.store.commit({
      session: session('old'),
      turn: turn('t-old', { sessionId: 'old' }),
      inbox: [inboxRow('m-old', { state: 'assigned', sessionId: 'old', turnId: 't-old' })],
      outbox: [outboxRow('ans-t-old', 0, { sessionId: 'old', nextAt: 9e15 })],
    });
    symlinkSync('/etc/passwd', file('link'));
    mkdirSync(file('.git'));
    const { path, leftOut } = await admin.create({});
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(leftOut.map((one) => one.path).sort()).toEqual([`${world.home}.secret`, 'workspaces/main/.git', 'workspaces/main/link'].sort());
    expect(await admin.verify(path)).toMatchObject({ kind: 'archive', madeHere: true, version: '9.9.9', dataVersion: migrations.length });

    await world.ask('write two to notes.txt');
    await world.ask('write three to newer.txt');
    const found = async (text: string): Promise<number> =>
      (await (await world.app.sessions('test')).search({ text, limit: 9 })).hits.filter(({ role }) => role === 'user').length;
    expect([await found('write one'), await found('write two')]).toEqual([1, 1]);
    writeFileSync(file('MEMORY.md'), '# Memory\n');
    const records = (await world.app.audit.verify()).records;
    const plan = await admin.plan(path);
    expect(plan.held).toEqual([]);
    expect(plan.replaces).toEqual([expect.stringContaining('the database'), expect.stringContaining('2 files are overwritten, 0 appear again')]);

    const { kept, replaced } = await goBack(path);
    expect(replaced).toEqual(['copaw.db', 'workspaces/main/MEMORY.md', 'workspaces/main/notes.txt']);
    expect([readFileSync(file('notes.txt'), 'utf8'), existsSync(file('newer.txt'))]).toEqual(['one', true]);
    expect(readFileSync(join(kept, 'workspaces/main/notes.txt'), 'utf8')).toBe('two');
    expect(existsSync(join(kept, 'copaw.db'))).toBe(true);
    const said = (await world.app.operator.history('test', { limit: 500 })).events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []));
    expect([said.includes('write one to notes.txt'), said.includes('write two to notes.txt')]).toEqual([true, false]);
    expect([await found('write one'), await found('two'), await found('cat')]).toEqual([1, 0, 1]);
    expect(answerOf(await world.ask('what do you know about the cat?'))).toContain('Miso');
    // The audit log was gone on with, not gone back with.
    const verdict = await world.app.audit.verify();
    expect([verdict.ok, verdict.records > records]).toEqual([true, true]);
    expect((await world.app.store.audit.newest(9, 'backup-restore')).map(({ detail }) => detail.madeHere)).toEqual([true]);
    const { store } = world.app;
    expect([(await store.turns.get('t-old'))?.outcome, (await store.inbox.get('m-old'))?.state, (await store.outbox.ofAnswer('ans-t-old'))[0]?.state]).toEqual([
      'interrupted',
      'interrupted',
      'dead',
    ]);
    expect(readdirSync(world.home).filter((name) => name.includes('restore'))).toEqual([]);
  });

  test('a file of any size comes back, sealed or not, and lies beside the home only while it is looked at', async () => {
    const large = randomBytes(9 * 1024 * 1024 + 5);
    for (const passphrase of [undefined, 'correct horse battery']) {
      writeFileSync(file('large.bin'), large);
      const words = passphrase === undefined ? {} : { passphrase };
      const { path, encrypted } = await admin.create({ ...words, out: join(world.folder, `${passphrase}.tar.gz`) });
      expect([encrypted, await admin.verify(path, passphrase)]).toEqual([
        passphrase !== undefined,
        expect.objectContaining({ madeHere: true, leftOut: [expect.anything()] }),
      ]);
      writeFileSync(file('large.bin'), 'small');
      await world.app.stop();
      const { replaced, kept } = await admin.restore(path, { ...words, bring: [] });
      await world.restart();
      expect(replaced).toContain('workspaces/main/large.bin');
      expect([readFileSync(file('large.bin')).equals(large), readFileSync(join(kept, 'workspaces/main/large.bin'), 'utf8')]).toEqual([true, 'small']);
      expect(readdirSync(world.home).filter((name) => /restore|copy/u.test(name))).toEqual([]);
      rmSync(kept, { recursive: true });
    }
  });

  test('stopped in the middle it leaves nothing, and what stands in the way is said before anything is changed', async () => {
    await world.ask('write one to notes.txt');
    const { path } = await admin.create({});
    const backups = (): string[] => readdirSync(join(world.home, 'backups')).filter((name) => !name.startsWith('config-'));
    const before = backups();
    const stop = new AbortController();
    const onStep = (step: string): void => void (step === 'packing' && stop.abort(new Error('enough')));
    await expect(admin.create({ out: join(world.home, 'backups/half.tar.gz'), signal: stop.signal, onStep })).rejects.toThrow('enough');
    const look = { bring: [], signal: stop.signal };
    for (const stopped of [() => admin.verify(path, undefined, stop.signal), () => admin.plan(path, undefined, stop.signal), () => admin.restore(path, look)])
      await expect(stopped()).rejects.toThrow('enough');
    rmSync(file('notes.txt'));
    mkdirSync(file('notes.txt'));
    await world.app.config.commit('cli', [{ path: ['limits', 'dayCost'], value: 1 }]);
    await expect(admin.plan(path)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('main/notes.txt') });
    await world.app.stop();
    await expect(admin.restore(path, { bring: [] })).rejects.toMatchObject({ code: 'conflict' });
    expect((config().limits as { dayCost: number }).dayCost).toBe(1);
    expect(backups()).toEqual(before);
    expect(readdirSync(world.home).filter((name) => /restore|copy/u.test(name))).toEqual([]);
    await world.restart();
  });

  test('attack: rights that were taken do not come back with it', async () => {
    await giveRights();
    const { path } = await admin.create({});
    await takeRights();
    expect(await rights()).toEqual(taken);
    expect((await admin.plan(path)).held.map(({ item }) => item)).toEqual(['devices', 'allowlists', 'grants', 'skills', 'schedules', 'rules']);
    await goBack(path);
    expect(await rights()).toEqual(taken);
    expect((config().limits as { dayCost: number }).dayCost).toBe(3);
  });

  test('each comes back when it is named', async () => {
    await giveRights();
    const { path } = await admin.create({});
    await takeRights();
    await goBack(path, restoreItems);
    expect(await rights()).toEqual(given);
  });

  test('attack: one of another home brings no models and no limits, and this home keeps its own log', async () => {
    const elsewhere = await openWorld({
      config: { models: { providers: { evil: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', models: [] } } }, limits: { dayCost: 999 } },
    });
    try {
      await elsewhere.ask('remember that the dog is called Rex');
      const { path } = await (await openBackups(elsewhere.home, {}, '9')).create({ out: join(world.folder, 'theirs.tar.gz') });
      const plan = await admin.plan(path);
      expect([plan.madeHere, plan.held.map(({ item }) => item)]).toEqual([false, ['allowlists', 'models', 'rules']]);
      await world.ask('hello');
      const before = (await world.app.audit.verify()).records;
      await goBack(path);
      expect([config().models ?? null, config().limits]).toEqual([null, { dayCost: 3 }]);
      expect(await world.app.audit.verify()).toEqual({ ok: true, records: before + 1 });
      expect(readFileSync(file('MEMORY.md'), 'utf8')).toContain('Rex');
    } finally {
      await elsewhere.close();
    }
  });

  test('attack: a trigger in the database of a stranger gives nobody a right, and no other thing of theirs comes in', async () => {
    const { store } = world.app;
    await world.ask('first');
    const path = join(world.folder, 'theirs.db');
    await store.backup(path);
    const raw = new DatabaseSync(path);
    raw.exec(`CREATE TRIGGER gift AFTER INSERT ON usage BEGIN
        INSERT OR IGNORE INTO devices VALUES ('evil', 'phone', 'hash', 1, 1);
        INSERT OR IGNORE INTO grants VALUES ('evil', 'main', 'always', 'x', NULL, 1);
      END;
      CREATE TABLE "extra; DROP TABLE devices" (x TEXT);
      CREATE VIEW seen AS SELECT * FROM entries;
      CREATE UNIQUE INDEX one_turn ON turns (agent_id)`);
    raw.close();
    const schema = (file: string): unknown[] => {
      const opened = new DatabaseSync(file, { readOnly: true });
      const rows = opened.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
      opened.close();
      return rows;
    };
    const before = schema(join(world.home, 'copaw.db'));
    await goBack(path);
    expect(schema(join(world.home, 'copaw.db'))).toEqual(before);
    await world.app.store.commit({ usage: [usageRow('p/m', 1)] });
    await world.ask('second');
    expect([await world.app.store.devices.list(), await world.app.store.grants.list()]).toEqual([[], []]);
    const said = (await world.app.operator.history('test', { limit: 500 })).events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []));
    expect(said).toEqual(expect.arrayContaining(['first', 'second']));
  });

  test('a database that lacks a column of ours is refused, and then nothing has changed', async () => {
    await world.ask('first');
    const path = join(world.folder, 'theirs.db');
    await world.app.store.backup(path);
    const raw = new DatabaseSync(path);
    const last = await world.app.store.entries.lastSeq();
    raw.exec('ALTER TABLE inbox RENAME COLUMN rule TO other');
    raw.close();
    await world.app.stop();
    await expect(admin.restore(path, { bring: [] })).rejects.toMatchObject({ code: 'artifact-refused' });
    expect(readdirSync(world.home).filter((name) => name.includes('restore'))).toEqual([]);
    await world.restart();
    expect(await world.app.store.entries.lastSeq()).toBe(last);
  });

  test('a database alone goes back by the same way', async () => {
    await world.ask('first');
    const path = join(world.home, 'backups/copaw-2026-01-05T08-00-00Z.db');
    await world.app.store.backup(path);
    await world.ask('second');
    await world.app.store.devices.add({ id: 'd2', name: 'new phone', tokenHash: 'h2', createdAt: 1, seenAt: 1 });
    expect(await admin.list()).toMatchObject([{ path, kind: 'database', at: Date.UTC(2026, 0, 5, 8) }]);
    expect(await admin.verify(path)).toMatchObject({ kind: 'database', madeHere: true, sessions: 1 });
    const { replaced } = await goBack(path);
    const said = (await world.app.operator.history('test', { limit: 500 })).events.flatMap((event) => (event.type === 'message' ? [event.message.text] : []));
    expect([replaced, said.includes('first'), said.includes('second')]).toEqual([['copaw.db'], true, false]);
    expect((await world.app.store.devices.list()).map(({ id }) => id)).toEqual(['d2']);
    expect(existsSync(path)).toBe(true);
  });

  test('is refused while CoPaw runs, and then nothing has changed', async () => {
    await world.ask('write one to notes.txt');
    const { path } = await admin.create({});
    await world.ask('write two to notes.txt');
    await expect(admin.restore(path, { bring: [] })).rejects.toMatchObject({ code: 'home-locked' });
    expect(readFileSync(file('notes.txt'), 'utf8')).toBe('two');
    expect(readdirSync(join(world.home, 'backups')).filter((name) => name.startsWith('replaced'))).toEqual([]);
    await expect(admin.create({ out: path })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('no tool reaches the backups', async () => {
    const { path } = await admin.create({});
    await expect(openPath(world.workspace, `../../backups/${path}`, 'read')).rejects.toMatchObject({ code: 'path-refused' });
  });
});

describe('on the command line', () => {
  let home: CommandHome;
  beforeEach(() => {
    home = openCommandHome({});
  });
  afterEach(() => home.close());

  test('the command that a damaged database prints brings CoPaw back', async () => {
    await home.ask('remember that the cat is called Miso');
    const made = await home.run('backup', 'create', '--json');
    expect(made.code).toBe(0);
    truncateSync(join(home.home, 'copaw.db'), 8192);
    const refused = await home.run('ask', 'hello', '--json');
    const { error } = JSON.parse(refused.stdout) as { error: { code: string; next: string } };
    expect([refused.code, error.code]).toEqual([3, 'store-corrupt']);
    const [, command = ''] = /: copaw (backup restore .+) --home \S+$/u.exec(error.next) ?? [];
    const restored = await home.run(...command.split(' '), '--yes', '--json');
    expect([restored.code, restored.stderr]).toEqual([0, '']);
    expect((await home.ask('what do you know about the cat?')).stdout).toContain('Miso');
    const listed = JSON.parse((await home.run('backup', 'list', '--json')).stdout) as { backups: { kind: string }[] };
    expect(listed.backups.map(({ kind }) => kind)).toEqual(['archive']);
  });

  test('asks before it replaces anything, and names what it does not know', async () => {
    await home.ask('hello');
    const { stdout } = await home.run('backup', 'create', '--json');
    const { backup } = JSON.parse(stdout) as { backup: { path: string } };
    expect(await home.run('backup', 'restore', backup.path)).toMatchObject({ code: 2, stderr: expect.stringContaining('nobody to ask') });
    expect(await home.run('backup', 'restore', backup.path, '--yes', '--with', 'devices,everything')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"everything"'),
    });
    writeFileSync(join(home.home, 'backups/mine.tar.gz'), 'no archive');
    expect(await home.run('backup', 'verify', join(home.home, 'backups/mine.tar.gz'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('neither a database nor an archive'),
    });
  });
});
