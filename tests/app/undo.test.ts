// Undo in the whole product: a model changes files through the gate, and the operator takes it back, in process and by `copaw undo`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { probeSandbox } from '../../src/security/process.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';
import { only } from './events.ts';
import { openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('in process', () => {
  async function world(config: object = {}) {
    const model = createScriptedModel();
    const opened = await openWorld({ provider: model.provider, config });
    closing.push(() => opened.close());
    return { opened, model };
  }
  const read = (opened: World, path: string): string => readFileSync(join(opened.workspace, path), 'utf8');

  test('what a turn did through its tools is taken back after a restart, and the audit log says so', async () => {
    const { opened, model } = await world();
    mkdirSync(join(opened.workspace, 'notes'));
    writeFileSync(join(opened.workspace, 'notes/a.md'), 'mine\n');
    writeFileSync(join(opened.workspace, 'b.md'), 'one\ntwo\n');
    const memory = read(opened, 'MEMORY.md');
    model.play(
      [
        ['write_file', { path: 'new.md', content: 'new' }],
        ['edit_file', { path: 'b.md', oldText: 'two', newText: 'three' }],
      ],
      [['delete_file', { path: 'notes' }]],
      [['memory_write', { path: 'MEMORY.md', text: 'theirs' }]],
      [['read_file', { path: 'b.md' }]],
      ...(sandboxed ? [[['run_command', { command: 'echo x > made-by-a-command' }] as const]] : []),
    );
    const events = await opened.ask('go on');
    expect(only(events, 'tool-end').map(({ outcome, changed }) => `${outcome} ${changed?.join()}`)).toEqual([
      'ok new.md',
      'ok b.md',
      'ok notes/a.md',
      'ok MEMORY.md',
      'ok undefined',
      ...(sandboxed ? ['ok undefined'] : []),
    ]);
    const turnId = events[0]?.turnId ?? '';
    await opened.restart();
    const { undo, store, audit } = opened.app;
    const admin = await undo('test');
    expect(await admin.recent({ sessionId: 'test', limit: 9 })).toMatchObject([{ turnId, files: 4, paths: ['MEMORY.md', 'b.md', 'new.md', 'notes/a.md'] }]);
    const report = await admin.undo(turnId, { force: false, dryRun: false });
    expect(report).toMatchObject({
      commands: sandboxed,
      files: [{ result: 'restored' }, { result: 'restored' }, { result: 'restored' }, { result: 'removed' }],
    });
    expect([read(opened, 'notes/a.md'), read(opened, 'b.md'), read(opened, 'MEMORY.md')]).toEqual(['mine\n', 'one\ntwo\n', memory]);
    expect(() => read(opened, 'new.md')).toThrow();
    if (sandboxed) expect(read(opened, 'made-by-a-command')).toBe('x\n');
    const [written] = await store.audit.newest(1, 'undo');
    expect(written?.detail).toEqual({ actor: 'test', turnId, undoId: report.undoId, files: 4, left: 0, force: false });
    expect(await audit.verify()).toMatchObject({ ok: true });
  });

  test('a file that is too large to keep is said to the model and to the person', async () => {
    const { opened, model } = await world();
    writeFileSync(join(opened.workspace, 'big.bin'), new Uint8Array(10 * 1024 * 1024 + 1));
    model.play([['write_file', { path: 'big.bin', content: 'small' }]]);
    const [end] = only(await opened.ask('go on'), 'tool-end');
    expect(end?.text).toContain('too large to keep');
  });

  test('undo.megabytes 0 switches it off', async () => {
    const { opened, model } = await world({ undo: { megabytes: 0 } });
    model.play([['write_file', { path: 'a.md', content: 'x' }]]);
    const [end] = only(await opened.ask('go on'), 'tool-end');
    expect([end?.outcome, end?.changed]).toEqual(['ok', undefined]);
    expect(await (await opened.app.undo('test')).recent({ limit: 9 })).toEqual([]);
  });
});

describe('on the command line', () => {
  async function life(here: CommandHome): Promise<void> {
    const path = join(here.workspace, 'notes.txt');
    const json = async (...words: string[]) => {
      const { code, stdout } = await here.run('undo', ...words, '--json');
      return { code, answer: JSON.parse(stdout) };
    };
    expect(await json()).toMatchObject({ code: 1, answer: { error: { code: 'not-found' } } });
    writeFileSync(path, 'mine');
    const { events } = await here.ask('write hello to notes.txt and read it back');
    const turnId = events[0]?.turnId ?? '';
    const theirs = readFileSync(path, 'utf8');
    expect(theirs).toContain('hello');
    expect(await json('--list')).toMatchObject({ code: 0, answer: { turns: [{ turnId, paths: ['notes.txt'], files: 1 }] } });
    expect(await json('--dry-run')).toMatchObject({ code: 0, answer: { turnId, dryRun: true, files: [{ path: 'notes.txt', result: 'restored' }] } });
    expect(readFileSync(path, 'utf8')).toBe(theirs);
    const { answer } = await json('--session', events[0]?.sessionId ?? '');
    expect(answer).toMatchObject({ turnId, dryRun: false, files: [{ path: 'notes.txt', result: 'restored' }], commands: false });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(await json()).toMatchObject({ code: 1, answer: { error: { code: 'not-found' } } });
    expect(await json(answer.undoId)).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8')).toBe(theirs);
    writeFileSync(path, 'changed by hand');
    const left = await here.run('undo');
    expect(left.code).toBe(1);
    expect(left.stdout).toBe('left alone: notes.txt (It was changed since.)\n');
    expect(left.stderr).toContain(`copaw undo ${turnId} --force`);
    const forced = await here.run('undo', turnId, '--force');
    expect([forced.code, forced.stdout]).toEqual([0, 'restored: notes.txt\n']);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(await json(turnId, '--list')).toMatchObject({ code: 2, answer: { error: { code: 'usage' } } });
  }
  function open(): CommandHome {
    const here = openCommandHome({});
    closing.push(() => here.close());
    return here;
  }
  const actors = (here: CommandHome): Promise<readonly unknown[]> =>
    here.inStore(async (store) => (await store.audit.newest(99, 'undo')).map(({ detail }) => detail.actor));

  test('on a home where no server runs', async () => {
    const here = open();
    await life(here);
    expect(await actors(here)).toEqual(['cli', 'cli', 'cli']);
  });

  test('through the running server', async () => {
    const here = open();
    const server = await here.start();
    await life(here);
    await server.end('SIGTERM');
    expect(await actors(here)).toEqual(['cli:run', 'cli:run', 'cli:run']);
  });
});
