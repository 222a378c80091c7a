// Memory as the operator corrects it: nothing that somebody else wrote meanwhile is lost, and no secret is shown or written over.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTextPages, type TextPagesParts } from '../agent/text-pages.ts';
import type { Origin } from '../core/address.ts';
import { CoPawError } from '../core/error.ts';
import type { MemoryAdmin } from '../core/memory-admin.ts';
import type { Store } from '../core/store.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { createFiles } from '../security/workspace-files.ts';
import { openStore } from '../store/open-store.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { memoryParts } from '../testing/memory-parts.ts';
import { session } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createMemoryAdmin } from './admin.ts';
import { createMemory } from './memory.ts';

let folder: TempFolder;
let root: string;
let admin: MemoryAdmin;
let done: unknown[];

let store: Store;
const put = (path: string, text: string | Uint8Array): void => writeFileSync(join(root, path), text);
const text = (path: string): string => readFileSync(join(root, path), 'utf8');

let home: TempFolder;
beforeAll(async () => {
  home = tempFolder();
  store = await openStore(join(home.path, 'copaw.db'));
});
afterAll(async () => {
  await store.close();
  home.remove();
});

beforeEach(() => {
  folder = tempFolder();
  root = join(folder.path, 'main');
  mkdirSync(join(root, 'memory'), { recursive: true });
  const clock = createFakeClock();
  const files = createFiles({ root, trash: join(folder.path, 'trash'), clock, ids: createCountingIds() });
  const memory = createMemory(memoryParts(store, () => files, clock));
  done = [];
  const keep: TextPagesParts['keep'] = async (agentId, path, make) => {
    done.push(['keep', agentId, path]);
    return { made: await make(), undoId: 'edit_1' };
  };
  const redact = (given: string): string => given.replaceAll('key-12345', '[redacted]');
  const tainted = async (_: string, path: string): Promise<boolean> => path === 'memory/web.md';
  admin = createMemoryAdmin({
    ...{ memory, keep, redact, files: () => files },
    pages: createTextPages({ ...{ keep, redact, tainted, files: () => files }, alone: (agentId, work) => memory.alone(agentId, work) }),
    agent: (asked = 'main') => {
      if (asked !== 'main') throw new CoPawError('not-found', 'No such agent.');
      return asked;
    },
    audit: async (kind, detail) => void done.push([kind, detail.path]),
    sessions: { get: async (id) => (id === 's1' ? session('s1') : undefined), list: async () => [session('s1')] },
    originOf: async (): Promise<Origin> => 'group',
    sight: (_session, origin) => ({ memory: 'deny', files: 'own', commands: 'ask', why: origin }),
  });
});
afterEach(() => folder.remove());

test('a file is shown with the hash that a change needs; another hash is a conflict and changes nothing', async () => {
  put('MEMORY.md', 'one\n');
  const page = await admin.show('MEMORY.md');
  expect(page).toMatchObject({ agentId: 'main', text: 'one\n', hash: sha256(Buffer.from('one\n')), tainted: false });
  expect(page).not.toHaveProperty('fixed');
  const saved = await admin.save({ path: 'MEMORY.md', text: 'two\n', hash: page.hash });
  expect(saved).toEqual({ hash: sha256(Buffer.from('two\n')), undoId: 'edit_1' });
  await expect(admin.save({ path: 'MEMORY.md', text: 'three\n', hash: page.hash })).rejects.toMatchObject({ code: 'conflict' });
  expect(text('MEMORY.md')).toBe('two\n');
  expect(done).toEqual([
    ['keep', 'main', 'MEMORY.md'],
    ['memory-save', 'MEMORY.md'],
    ['keep', 'main', 'MEMORY.md'],
  ]);
});

test('a new file needs to be new', async () => {
  await admin.save({ path: 'memory/new.md', text: 'x', hash: 'absent' });
  expect(text('memory/new.md')).toBe('x');
  await expect(admin.save({ path: 'memory/new.md', text: 'y', hash: 'absent' })).rejects.toMatchObject({ code: 'conflict' });
});

test('a file with a secret, or in another encoding, says that it cannot be saved from here', async () => {
  put('MEMORY.md', 'it is key-12345\n');
  put('memory/old.md', Buffer.from('caf\xe9', 'latin1'));
  put('memory/web.md', 'x');
  expect(await admin.show('MEMORY.md')).toMatchObject({ text: 'it is [redacted]\n', fixed: 'secret' });
  expect(await admin.show('memory/old.md')).toMatchObject({ fixed: 'encoding' });
  for (const path of ['MEMORY.md', 'memory/old.md']) {
    const page = await admin.show(path);
    await expect(admin.save({ path, text: `${page.text}more`, hash: page.hash })).rejects.toMatchObject({ code: 'invalid' });
  }
  expect(text('MEMORY.md')).toBe('it is key-12345\n');
  expect((await admin.show('memory/web.md')).tainted).toBe(true);
  expect((await admin.search('key', 5)).hits[0]?.text).toBe('it is [redacted]');
  expect((await admin.forget('MEMORY.md', '1')).text).toBe('it is [redacted]');
  const { hash } = await admin.show('memory/web.md');
  await expect(admin.save({ path: 'memory/web.md', text: 'key-12345', hash })).rejects.toMatchObject({ code: 'invalid', rule: 'R23' });
  expect(text('memory/web.md')).toBe('x');
});

test.each(['AGENTS.md', 'memory/../AGENTS.md', '.copaw/x.md'])('attack: %j is neither shown, saved nor forgotten', async (path) => {
  put('AGENTS.md', 'x');
  for (const asked of [admin.show(path), admin.save({ path, text: 'y', hash: 'absent' }), admin.forget(path, '*')])
    await expect(asked).rejects.toMatchObject({ code: 'path-refused' });
  expect(text('AGENTS.md')).toBe('x');
});

test('files come with their state, a large one is for an editor, and an agent that is none is refused', async () => {
  put('MEMORY.md', 'x');
  put('memory/big.md', 'x'.repeat(3 * 1024 * 1024));
  expect((await admin.list()).files.map(({ path, state }) => `${path} ${state}`)).toEqual(['MEMORY.md indexed', 'memory/big.md too-large']);
  expect(await admin.stats()).toMatchObject({ files: 2, left: [{ path: 'memory/big.md', why: 'too-large' }], digest: { bytes: 1, leftNotes: 0 } });
  expect(await admin.reindex('main')).toMatchObject({ files: 2, followed: false });
  await expect(admin.show('memory/big.md')).rejects.toMatchObject({ code: 'too-large' });
  await expect(admin.show('memory/none.md')).rejects.toMatchObject({ code: 'path-missing' });
  await expect(admin.list('nobody')).rejects.toMatchObject({ code: 'not-found' });
});

test('a conversation is told what it sees, by who speaks there', async () => {
  const seen = { sessionId: 's1', agentId: 'main', title: 'Title of s1', memory: 'deny', files: 'own', commands: 'ask', why: 'group' };
  expect(await admin.sight('s1')).toEqual(seen);
  expect(await admin.sights(5)).toEqual([seen]);
  await expect(admin.sight('none')).rejects.toMatchObject({ code: 'not-found' });
});
