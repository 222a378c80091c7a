// What turns do to files and what an undo makes of it, on a real workspace and a real store; only the model is missing.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTaint, type Taint } from '../../src/agent/taint.ts';
import { createUndo } from '../../src/agent/undo.ts';
import { createVersionKeeper, type VersionKeeper } from '../../src/agent/version-keeper.ts';
import { CoPawError } from '../../src/core/error.ts';
import type { Files } from '../../src/core/files.ts';
import type { NewNote } from '../../src/core/memory.ts';
import type { Store } from '../../src/core/store.ts';
import type { ToolHands } from '../../src/core/tool.ts';
import { newestToUndo, type UndoAdmin, type VersionKeep } from '../../src/core/undo.ts';
import { sha256 } from '../../src/lib/canonical-json.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createMemory } from '../../src/memory/memory.ts';
import { createFiles } from '../../src/security/workspace-files.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createCountingIds } from '../../src/testing/counting-ids.ts';
import { memoryParts } from '../../src/testing/memory-parts.ts';
import { entry, turn as turnRow } from '../../src/testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../../src/testing/temp-home.ts';

const large = 10 * 1024 * 1024 + 1;
let folder: TempFolder;
let root: string;
let store: Store;
let files: Files;
let taint: Taint;
let keeper: VersionKeeper;
let admin: UndoAdmin;
let keep: VersionKeep;
let audited: unknown[];

beforeEach(async () => {
  folder = tempFolder();
  root = join(folder.path, 'root');
  mkdirSync(root);
  store = await openStore(join(folder.path, 'copaw.db'));
  const ids = createCountingIds();
  const clock = systemClock;
  files = createFiles({ root, trash: join(folder.path, 'trash'), clock, ids });
  taint = createTaint({ store, files: () => files, clock });
  keep = { days: 30, megabytes: 100 };
  keeper = createVersionKeeper({ store, files: () => files, taint, clock, keep: () => keep });
  audited = [];
  const append = async (kind: string, detail: object): Promise<void> => void audited.push([kind, detail]);
  admin = createUndo({ store, files: () => files, keeper, audit: { append }, clock, ids, by: 'test' });
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

/** The hands of one call of a turn; of a session that read the words of strangers when `tainted`. */
function call(turnId: string, { tainted = false, sessionId = 's1' } = {}) {
  const place = { agentId: 'main', sessionId, turnId, callId: 'c1' };
  const memory = createMemory(memoryParts(store, () => files, systemClock));
  const bare = {
    place,
    files,
    memory: { write: (note: NewNote) => memory.write('main', note, { by: 'agent' }), forget: (at: string, what: string) => memory.forget('main', at, what) },
  } as unknown as ToolHands;
  return keeper.watch(taint.watch(bare, () => tainted).hands);
}
const write = (turnId: string, path: string, data: string | Uint8Array) => call(turnId).hands.files.write(path, data);
const trash = (turnId: string, path: string) => call(turnId).hands.files.trash(path);
const undo = (turnId: string, options: { force?: boolean; dryRun?: boolean } = {}) => admin.undo(turnId, { force: false, dryRun: false, ...options });
const put = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
/** Every file with its bytes. */
const tree = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((path) => [path.slice(root.length + 1), readFileSync(path, 'latin1')]),
  );
const result = async (done: ReturnType<typeof undo>): Promise<readonly string[]> =>
  (await done).files.map(({ path, result: what, why }) => `${path} ${what}${why === undefined ? '' : ` ${why}`}`);

describe('undo', () => {
  test('a new file goes to the trash, an overwritten one gets its text back, a deleted one comes back', async () => {
    put('old.txt', 'mine');
    put('gone/deep.txt', 'deep');
    const before = tree();
    await write('t1', 'notes/new.txt', 'new');
    await write('t1', './old.txt', 'theirs');
    await trash('t1', 'gone/deep.txt');
    expect(await result(undo('t1'))).toEqual(['gone/deep.txt restored', 'old.txt restored', 'notes/new.txt removed']);
    expect(tree()).toEqual(before);
    expect(readdirSync(join(folder.path, 'trash')).some((name) => name.endsWith('new.txt'))).toBe(true);
    expect(audited).toEqual([['undo', { actor: 'test', turnId: 't1', undoId: 'undo_1', files: 3, left: 0, force: false }]]);
  });

  test('two edits of one turn, and writing back what it was, count as one change or none', async () => {
    put('a.txt', 'one');
    await write('t1', 'a.txt', 'two');
    await write('t1', 'a.txt', 'three');
    await write('t1', 'b.txt', 'x');
    await trash('t1', 'b.txt');
    expect(await result(undo('t1'))).toEqual(['b.txt same', 'a.txt restored']);
    expect(tree()).toEqual({ 'a.txt': 'one' });
    await write('t2', 'a.txt', 'one');
    await expect(undo('t2')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a renaming, and a whole folder, with bytes that are no text', async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    writeFileSync(join(root, 'from.bin'), bytes);
    put('tree/a', 'a');
    put('tree/b/c', 'c');
    const before = tree();
    await write('t1', 'to.bin', bytes);
    await trash('t1', 'from.bin');
    await trash('t1', 'tree');
    expect(Object.keys(tree())).toEqual(['to.bin']);
    await undo('t1');
    expect(tree()).toEqual(before);
  });

  test('an edit of a note is undone too', async () => {
    put('MEMORY.md', '- tea\n');
    const { hands, changed } = call('t1');
    await hands.memory.write({ path: 'MEMORY.md', text: 'coffee' });
    await expect(hands.memory.write({ path: 'elsewhere.md', text: 'x' })).rejects.toMatchObject({ code: 'path-refused' });
    expect(changed()).toEqual(['MEMORY.md']);
    expect(await result(undo('t1'))).toEqual(['MEMORY.md restored']);
    expect(tree()).toEqual({ 'MEMORY.md': '- tea\n' });
  });

  test('a note that was forgotten comes back, and so does a whole file of them', async () => {
    put('MEMORY.md', '- tea\n- coffee\n');
    put('memory/a.md', '- milk\n');
    const { hands, changed } = call('t1');
    await hands.memory.forget('MEMORY.md', 'tea');
    await hands.memory.forget('memory/a.md', '*');
    expect(tree()).toMatchObject({ 'MEMORY.md': '- coffee\n' });
    expect(changed()).toEqual(['MEMORY.md', 'memory/a.md']);
    expect(await result(undo('t1'))).toEqual(['memory/a.md restored', 'MEMORY.md restored']);
    expect(tree()).toMatchObject({ 'MEMORY.md': '- tea\n- coffee\n', 'memory/a.md': '- milk\n' });
  });

  test('what somebody changed since is left alone and said; the rest is undone; force restores it and keeps what was there', async () => {
    put('a.txt', 'one');
    put('b.txt', 'one');
    await write('t1', 'a.txt', 'two');
    await write('t1', 'b.txt', 'two');
    await write('t1', 'new.txt', 'new');
    put('a.txt', 'mine');
    rmSync(join(root, 'new.txt'));
    const files = await undo('t1');
    expect(files.files.map(({ path, result: what, why }) => [path, what, why])).toEqual([
      ['new.txt', 'same', undefined],
      ['b.txt', 'restored', undefined],
      ['a.txt', 'left', 'changed-since'],
    ]);
    expect(tree()).toEqual({ 'a.txt': 'mine', 'b.txt': 'one' });
    expect(newestToUndo(await admin.recent({ limit: 9 }))?.turnId).toBe('t1');
    const forced = await undo('t1', { force: true });
    expect(tree()).toEqual({ 'a.txt': 'one', 'b.txt': 'one' });
    expect(newestToUndo(await admin.recent({ limit: 9 }))).toBeUndefined();
    await undo(forced.undoId ?? '');
    expect(tree()).toEqual({ 'a.txt': 'mine', 'b.txt': 'one' });
  });

  test('what somebody changed while the turn went on comes back as they left it', async () => {
    put('a.txt', 'one');
    await write('t1', 'a.txt', 'two');
    put('a.txt', 'mine');
    await write('t1', 'a.txt', 'three');
    expect(await result(undo('t1'))).toEqual(['a.txt restored changed-during']);
    expect(tree()).toEqual({ 'a.txt': 'mine' });
    await undo('t1', { force: true });
    expect(tree()).toEqual({ 'a.txt': 'one' });
  });

  test('an undo is undone, and that again; the list says which counts', async () => {
    put('a.txt', 'one');
    await write('t1', 'a.txt', 'two');
    await write('t1', 'b.txt', 'new');
    const after = tree();
    const first = await undo('t1');
    expect(await admin.recent({ limit: 9 })).toMatchObject([
      { turnId: first.undoId, undoes: 't1', sessionId: 's1', files: 2 },
      { turnId: 't1', undoneBy: first.undoId, paths: ['a.txt', 'b.txt'] },
    ]);
    const second = await undo(first.undoId ?? '');
    expect(tree()).toEqual(after);
    expect(newestToUndo(await admin.recent({ limit: 9 }))?.turnId).toBe('t1');
    await undo(second.undoId ?? '');
    expect(tree()).toEqual({ 'a.txt': 'one' });
    expect(await result(undo('t1'))).toEqual(['b.txt same', 'a.txt same']);
    expect((await undo('t1')).undoId).toBeUndefined();
  });

  test('a preview says the same and does nothing', async () => {
    put('a.txt', 'one');
    await write('t1', 'a.txt', 'two');
    await write('t1', 'b.txt', 'new');
    const after = tree();
    const preview = await undo('t1', { dryRun: true });
    expect([tree(), audited]).toEqual([after, []]);
    const { undoId, ...done } = await undo('t1');
    expect({ ...done, dryRun: true }).toEqual(preview);
  });

  test('a turn that goes on is not undone, and one without kept changes is not found', async () => {
    await store.commit({ turn: turnRow('t1') });
    await write('t1', 'a.txt', 'x');
    await expect(undo('t1')).rejects.toMatchObject({ code: 'conflict' });
    await store.commit({ turnEnd: { turnId: 't1', outcome: 'cancelled', at: 2 } });
    expect(await result(undo('t1'))).toEqual(['a.txt removed']);
    await expect(undo('t2')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('that a turn ran commands is said', async () => {
    const ran = { ...entry('s1', 't1', ''), event: { type: 'tool-start', callId: 'c', name: 'run_command', args: {} } as const };
    await store.commit({ entries: [ran, { ...ran, turnId: 't2' }] });
    await write('t1', 'a.txt', 'x');
    await write('t3', 'b.txt', 'x');
    expect([(await undo('t1', { dryRun: true })).commands, (await undo('t3')).commands]).toEqual([true, false]);
    await expect(undo('t2')).rejects.toMatchObject({ code: 'not-found', next: expect.stringContaining('commands') });
  });
});

describe('what cannot be kept', () => {
  test('a file that is too large is recorded and said, and left alone', async () => {
    put('big.bin', '');
    truncateSync(join(root, 'big.bin'), large);
    const { hands, notes } = call('t1');
    await hands.files.write('big.bin', 'small');
    expect(notes()).toEqual([expect.stringContaining('big.bin')]);
    expect(await result(undo('t1'))).toEqual(['big.bin left not-kept']);
    expect(await result(undo('t1', { force: true }))).toEqual(['big.bin left not-kept']);
    expect(tree()).toEqual({ 'big.bin': 'small' });
  });

  test('of one that was deleted the report names its place in the trash; so of a folder with too much in it', async () => {
    put('big.bin', '');
    truncateSync(join(root, 'big.bin'), large);
    for (let name = 0; name < 201; name++) put(`many/${name}`, 'x');
    const { hands, changed } = call('t1');
    const ids = [await hands.files.trash('big.bin'), await hands.files.trash('many')];
    expect(changed()).toEqual(['big.bin', 'many']);
    const { files: left } = await undo('t1');
    expect(left.map(({ detail }) => ids.some((id) => detail?.includes(id)))).toEqual([true, true]);
    await expect(undo('t1')).resolves.toMatchObject({ files: [{ why: 'not-kept' }, { why: 'not-kept' }] });
  });

  test('what the turn made is removed however large it is, and what must give way is moved aside, not lost', async () => {
    await write('t1', 'big.bin', new Uint8Array(large));
    expect(await result(undo('t1'))).toEqual(['big.bin removed']);
    put('a.txt', 'one');
    await write('t2', 'a.txt', 'two');
    truncateSync(join(root, 'a.txt'), large);
    const { undoId } = await undo('t2', { force: true });
    expect(tree()).toEqual({ 'a.txt': 'one' });
    const [kept] = await store.versions.ofTurn(undoId ?? '');
    expect(readFileSync(join(folder.path, 'trash', `${kept?.trash}-a.txt`)).length).toBe(large);
  });

  test('with no room at all an undo moves what it replaces aside too', async () => {
    put('a.txt', 'one');
    await write('t1', 'a.txt', 'two');
    keep = { days: 30, megabytes: 0 };
    const { undoId } = await undo('t1');
    expect(tree()).toEqual({ 'a.txt': 'one' });
    const [kept] = await store.versions.ofTurn(undoId ?? '');
    expect(readFileSync(join(folder.path, 'trash', `${kept?.trash}-a.txt`), 'utf8')).toBe('two');
  });

  test('switched off nothing is kept, and nothing is in the way', async () => {
    keep = { days: 30, megabytes: 0 };
    put('a.txt', 'one');
    const { hands, changed } = call('t1');
    await hands.files.write('a.txt', 'two');
    expect([changed(), await admin.recent({ limit: 9 }), existsSync(join(folder.path, 'versions'))]).toEqual([[], [], false]);
  });

  test('where what is there cannot be kept, nothing is changed', async () => {
    put('a.txt', 'one');
    writeFileSync(join(folder.path, 'versions'), 'in the way');
    await expect(write('t1', 'a.txt', 'two')).rejects.toMatchObject({ code: 'tool-failed', next: expect.stringContaining('undo.megabytes') });
    expect(tree()).toEqual({ 'a.txt': 'one' });
    expect(await admin.recent({ limit: 9 })).toEqual([]);
  });

  test('a change that a crash cut short is nothing to undo, or is left alone where what came of it is not known', async () => {
    put('a.txt', 'one');
    put('b.txt', 'one');
    const change = { agentId: 'main', sessionId: 's1', turnId: 't1', callId: 'c1', before: sha256('one'), at: systemClock.now() };
    await store.versions.add({ ...change, path: 'a.txt', after: sha256('two') }, Buffer.from('one'), keep);
    await store.versions.add({ ...change, path: 'b.txt', after: '' }, Buffer.from('one'), keep);
    put('b.txt', 'one and a note');
    expect(await result(undo('t1'))).toEqual(['b.txt left changed-since', 'a.txt same']);
    expect(await result(undo('t1', { force: true }))).toEqual(['b.txt restored', 'a.txt same']);
    expect(tree()).toEqual({ 'a.txt': 'one', 'b.txt': 'one' });
  });

  test('a content that is gone or damaged is said, and the file left as it is', async () => {
    put('a.txt', 'one');
    put('b.txt', 'two');
    await write('t1', 'a.txt', 'x');
    await write('t1', 'b.txt', 'x');
    const kept = readdirSync(join(folder.path, 'versions'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const [first, second] = kept.map((one) => join(one.parentPath, one.name));
    rmSync(first ?? '');
    truncateSync(second ?? '', 12);
    expect(await result(undo('t1'))).toEqual(['b.txt left gone', 'a.txt left gone']);
    expect(tree()).toEqual({ 'a.txt': 'x', 'b.txt': 'x' });
  });
});

describe('attack: an undo is led elsewhere', () => {
  test('a file or folder that became a link is reported and never followed, forced or not', async () => {
    const outside = join(folder.path, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'a.txt'), 'canary');
    put('a.txt', 'one');
    put('sub/a.txt', 'one');
    await write('t1', 'a.txt', 'two');
    await write('t1', 'sub/a.txt', 'two');
    await write('t1', 'sub/new.txt', 'two');
    rmSync(join(root, 'a.txt'));
    symlinkSync(join(outside, 'a.txt'), join(root, 'a.txt'));
    rmSync(join(root, 'sub'), { recursive: true });
    symlinkSync(outside, join(root, 'sub'));
    for (const force of [false, true]) {
      expect(await result(undo('t1', { force }))).toEqual(['sub/new.txt left refused', 'sub/a.txt left refused', 'a.txt left refused']);
    }
    expect(readdirSync(outside)).toEqual(['a.txt']);
    expect(readFileSync(join(outside, 'a.txt'), 'utf8')).toBe('canary');
  });

  test('a folder in the place of a file stays, forced or not', async () => {
    await write('t1', 'a', 'x');
    rmSync(join(root, 'a'));
    put('a/mine', 'mine');
    for (const force of [false, true]) expect(await result(undo('t1', { force }))).toEqual(['a left changed-since']);
    expect(tree()).toEqual({ 'a/mine': 'mine' });
  });

  test('what the door refuses is refused as before and leaves no record', async () => {
    symlinkSync('/etc/hostname', join(root, 'link'));
    for (const path of ['link', '../x', '.git/hooks/x', 'a/../../x'])
      await expect(write('t1', path, 'x'), path).rejects.toMatchObject({ code: 'path-refused' });
    await expect(trash('t1', 'none')).rejects.toMatchObject({ code: 'path-missing' });
    const denied = new CoPawError('tool-denied', 'No.', { rule: 'R14' });
    const place = { agentId: 'main', sessionId: 's1', turnId: 't1', callId: 'c' };
    put('a.txt', 'mine');
    for (const refusing of [{ write: () => Promise.reject(denied) }, { stat: () => Promise.reject(denied) }]) {
      const bare = { place, files: { ...files, ...refusing }, memory: { write: () => Promise.reject(denied) } } as unknown as ToolHands;
      const { hands } = keeper.watch(bare);
      await expect(hands.files.write('a.txt', 'x')).rejects.toBe(denied);
      await expect(hands.memory.write({ path: 'a.txt', text: 'x' })).rejects.toBe(denied);
    }
    expect(existsSync(join(folder.path, 'versions'))).toBe(false);
    expect(await admin.recent({ limit: 9 })).toEqual([]);
    expect(await store.versions.ofTurn('t1')).toEqual([]);
  });
});

describe("strangers' words", () => {
  const marks = async () => (await store.taint.list('main')).map(({ path, sessionId }) => `${path} ${sessionId}`);

  test('what was clean before a tainted turn is clean again', async () => {
    put('a.txt', 'mine');
    const { hands } = call('t1', { tainted: true });
    await hands.files.write('a.txt', 'theirs');
    await hands.files.write('a.txt', 'theirs again');
    await hands.files.write('new.txt', 'theirs');
    expect(await marks()).toEqual(['a.txt s1', 'new.txt s1']);
    const { undoId } = await undo('t1');
    expect(await marks()).toEqual([]);
    await undo(undoId ?? '');
    expect(await marks()).toEqual(['a.txt s1', 'new.txt s1']);
  });

  test('attack: undoing a clean turn does not wash what strangers wrote', async () => {
    const dirty = call('t1', { tainted: true, sessionId: 'bad' });
    await dirty.hands.files.write('a.txt', 'theirs');
    await dirty.hands.files.write('b/c.txt', 'theirs too');
    await write('t2', 'a.txt', 'mine');
    await trash('t2', 'b');
    expect(await marks()).toEqual([]);
    await undo('t2');
    expect(tree()).toEqual({ 'a.txt': 'theirs', 'b/c.txt': 'theirs too' });
    expect(await marks()).toEqual(['a.txt bad', 'b/c.txt bad']);
    expect(await taint.markOf('main', 'a.txt')).toBe('bad');
  });

  test('a copy by another name is known by its bytes', async () => {
    const dirty = call('t1', { tainted: true, sessionId: 'bad' });
    await dirty.hands.files.write('a.txt', 'theirs');
    put('copy.txt', 'theirs');
    await write('t2', 'copy.txt', 'mine');
    await undo('t2');
    expect(await marks()).toEqual(['a.txt bad', 'copy.txt bad']);
  });
});

test('changes of several turns, undone from the last to the first, leave what there was', async () => {
  const path = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd/e/a');
  const content = fc.oneof(fc.constantFrom('', 'x', 'y'), fc.string({ maxLength: 8 }), fc.uint8Array({ maxLength: 40 }));
  const step = fc.record({ turn: fc.nat(3), path: fc.oneof(path, fc.constantFrom('d', 'd/e')), content: fc.option(content) });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.dictionary(path, fc.string({ maxLength: 5 })), fc.array(step, { maxLength: 12 }), async (start, steps) => {
      rmSync(root, { recursive: true });
      mkdirSync(root);
      for (const [name, text] of Object.entries(start)) put(name, text);
      const before = tree();
      run++;
      const turns = steps.map(({ turn }) => turn).sort((a, b) => a - b);
      for (const [index, { path: name, content: data }] of steps.entries()) {
        const turnId = `r${run}-${turns[index]}`;
        const done = data === null ? trash(turnId, name) : write(turnId, name, data);
        await done.catch((error: unknown) => {
          if (!(error instanceof CoPawError)) throw error; // a folder is there, or nothing
        });
      }
      const states = [tree()];
      const undone: string[] = [];
      for (const turnId of [...new Set(turns)].reverse().map((turn) => `r${run}-${turn}`)) {
        const report = await undo(turnId).catch((error: unknown) => {
          if (error instanceof CoPawError && error.code === 'not-found') return undefined;
          throw error;
        });
        if (!report) continue;
        for (const { path: name, result: what } of report.files) expect(what, name).not.toBe('left');
        if (report.undoId === undefined) continue;
        undone.push(report.undoId);
        states.push(tree());
      }
      expect(tree()).toEqual(before);
      // And the undos, undone the same way, lead back step by step.
      for (const undoId of undone.reverse()) {
        states.pop();
        await undo(undoId);
        expect(tree()).toEqual(states.at(-1));
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
