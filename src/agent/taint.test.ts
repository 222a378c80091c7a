// Which messages and prompts hold the words of strangers, and what a mark follows on disk.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Origin } from '../core/address.ts';
import type { Inbound } from '../core/inbound.ts';
import type { TaintMark } from '../core/taint.ts';
import { systemClock } from '../lib/clock.ts';
import { createFiles } from '../security/workspace-files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createTaint, type Taint } from './taint.ts';

const who = { agentId: 'main', sessionId: 's1' };
const attachment = { name: 'a.pdf', mediaType: 'application/pdf', size: 1, path: 'inbox/a.pdf' };
let folder: TempFolder;
let marks: TaintMark[];
let taint: Taint;
/** What the clock shows. */
let now = 0;
beforeEach(() => {
  now = systemClock.now();
  folder = tempFolder();
  mkdirSync(join(folder.path, 'root'));
  marks = [];
  const files = createFiles({ root: join(folder.path, 'root'), trash: join(folder.path, 'trash'), clock: systemClock, ids: createCountingIds() });
  const store = {
    list: async () => marks,
    put: async (mark: TaintMark) => {
      marks = [...marks.filter(({ path }) => path !== mark.path), mark];
    },
    remove: async (_agent: string, path: string) => {
      const before = marks.length;
      marks = marks.filter((mark) => mark.path !== path);
      return marks.length < before;
    },
  };
  taint = createTaint({ store: { taint: store }, files: () => files, clock: { ...systemClock, now: () => now } });
});
afterEach(() => folder.remove());

const message = (origin: Origin, more: Partial<Extract<Inbound, { kind: 'message' }>> = {}) =>
  taint.ofMessage(who, {
    origin,
    inbound: { kind: 'message', id: 'm', text: 'hello', chat: { id: 'c', kind: 'direct' }, sender: { id: 'x' }, at: 1, ...more },
  });

test("words of a group, what anyone passes on, and files, of which the operator's count once they are read", async () => {
  expect(await message('operator', { forwarded: true })).toBe(true);
  expect(await message('unattended')).toBe(false);
  expect(await message('direct')).toBe(false);
  expect(await message('group')).toBe(true);
  expect(await message('direct', { forwarded: true })).toBe(true);
  expect(marks).toEqual([]);
  expect(await message('operator', { attachments: [attachment] })).toBe(false);
  expect(marks).toMatchObject([{ ...who, path: 'inbox/a.pdf' }]);
  marks = [];
  expect(await message('direct', { attachments: [attachment] })).toBe(true);
  expect(marks).toMatchObject([{ ...who, path: 'inbox/a.pdf' }]);
  expect(await message('operator', { attachments: [{ ...attachment, name: 'a.png', mediaType: 'image/png', path: 'inbox/a.png' }] })).toBe(true);
  expect(marks.map(({ path }) => path)).toEqual(['inbox/a.pdf', 'inbox/a.png']);
});

test('a prompt is tainted by each file it is made of, and by no other', async () => {
  await taint.mark(who, 'notes.md');
  expect(await taint.ofPrompt('main')).toBe(false);
  await taint.mark(who, './SOUL.md');
  expect(await taint.ofPrompt('main')).toBe(true);
});

test('while a background command of a tainted session may write, what changed since is marked', async () => {
  writeFileSync(join(folder.path, 'root/SOUL.md'), 'mine');
  marks = [{ ...who, path: './cmd_1', sha256: '', at: now + 60_000 }];
  now += 120_000;
  expect(await taint.ofPrompt('main')).toBe(false);
  now -= 24 * 60 * 60_000; // somebody set the clock back: nothing says any more what came first
  expect(await taint.ofPrompt('main')).toBe(true);
  marks = [{ ...who, path: './cmd_1', sha256: '', at: 0 }];
  expect(await taint.ofPrompt('main')).toBe(true);
});
