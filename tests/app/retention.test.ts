// What leaves by itself, through the whole app: files after their days, copies of words after theirs, room on the disk; and what stays.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { answerOf, openWorld } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(retention: object = {}) {
  // Files carry the system's time.
  const clock = createFakeClock(Date.now());
  const chat = createFakeChannel({ now: clock.now });
  const model = createScriptedModel();
  const world = await openWorld({
    ...{ clock, provider: model.provider, channels: { chat: chat.factory } },
    config: { retention, channels: { chat: { main: { enabled: true, allow: ['ana'], operators: ['olga'] } } } },
  });
  closing.push(() => world.close());
  const names = (path: string): string[] => (existsSync(join(world.home, path)) ? readdirSync(join(world.home, path)).sort() : []);
  /** Something is said, and the sweep that it made due is over. */
  const sweepAfter = async (days: number): Promise<void> => {
    await clock.advance(days * day);
    await world.ask('hello');
    const began = clock.now();
    for (const end = Date.now() + 10_000; ((await world.app.store.retention.lastSweep()) ?? 0) < began; await clock.advance(minute))
      if (Date.now() > end) throw new Error('No sweep came.');
  };
  return { clock, chat, model, world, names, sweepAfter };
}

test('long results and deleted files leave after their days; the conversation stays whole', async () => {
  const { model, world, names, sweepAfter } = await open();
  writeFileSync(join(world.workspace, 'long.txt'), 'a line of the file\n'.repeat(5_000));
  model.play([['read_file', { path: 'long.txt' }]], [['delete_file', { path: 'long.txt' }]]);
  await world.ask('read it and delete it', 'once');
  const output = 'workspaces/main/.copaw/output';
  expect([names(output), names('trash').length]).toEqual([['call-1.txt'], 2]);
  const before = await world.app.store.entries.after({ after: 0, limit: 1_000 });
  await sweepAfter(20);
  expect([names(output), names('trash').length]).toEqual([['call-1.txt'], 2]);
  await sweepAfter(11);
  expect([names(output), names('trash')]).toEqual([[], []]);
  expect((await world.app.store.entries.after({ after: 0, limit: 1_000 })).slice(0, before.length)).toEqual(before);
  model.play([['read_file', { path: '.copaw/output/call-1.txt' }]]);
  const gone = (await world.ask('read it on')).find((event) => event.type === 'tool-end');
  expect(gone).toMatchObject({ outcome: 'failed', code: 'path-missing' });
  const log = readFileSync(join(world.home, 'logs/copaw.log'), 'utf8');
  expect(log).toMatch(/"trash":1,"uploads":0,"event":"sweep"/u);
  expect(log).toMatch(/"output":1/u);
  expect(world.faults).toEqual([]);
});

test('0 keeps for ever, and settings count from the next sweep on', async () => {
  const { world, names, sweepAfter } = await open({ trashDays: 0 });
  mkdirSync(join(world.home, 'trash'));
  writeFileSync(join(world.home, 'trash/trash_1.json'), JSON.stringify({ path: 'a', at: 0 }));
  await sweepAfter(1);
  expect(names('trash')).toEqual(['trash_1.json']);
  await world.app.config.commit('cli', [{ path: ['retention', 'trashDays'], value: 30 }]);
  await sweepAfter(1);
  expect(names('trash')).toEqual([]);
});

test('words of old messages are in the conversation alone; a message that comes again is still known, an own one is still heard as such', async () => {
  const { chat, clock, world, sweepAfter } = await open();
  const { store } = world.app;
  await chat.say('a word of ana', { id: 'm1' });
  const [sent] = await chat.arrived(1);
  await sweepAfter(91);
  const copies = async () => [await store.inbox.page({ limit: 99 }), await store.outbox.page({ limit: 99 })];
  const [inbox, outbox] = await copies();
  expect(JSON.stringify(inbox)).not.toContain('a word of ana');
  expect(outbox?.find((row) => 'ref' in row && row.ref === sent?.ref)).toMatchObject({ state: 'sent', outgoing: { text: '' } });
  expect(JSON.stringify(await store.entries.after({ after: 0, limit: 1_000 }))).toContain('a word of ana');
  // What came today is there.
  expect(JSON.stringify(await copies())).toContain('hello');
  await chat.say('a word of ana', { id: 'm1' });
  expect(await store.inbox.counts()).toEqual(new Map([['answered', 2]]));
  await chat.say('Done.', { id: sent?.ref ?? '', at: clock.now() });
  expect(chat.sent).toHaveLength(1);
});

test('once a day at most, also over a restart', async () => {
  const { clock, world } = await open();
  const sweeps = new Set<number>();
  for (let hours = 0; hours < 48; hours++) {
    await world.ask('hello');
    await clock.advance(60 * minute);
    await clock.advance(0);
    sweeps.add((await world.app.store.retention.lastSweep()) ?? 0);
    if (hours % 7 === 0) await world.restart();
  }
  expect([...sweeps].filter((at) => at > 0)).toHaveLength(2);
});

test('after /clear the room of the conversation is given back to the disk', async () => {
  const { world, sweepAfter } = await open();
  const { store } = world.app;
  const { turnId, sessionId } = (await world.ask('hello'))[0] ?? { turnId: '', sessionId: '' };
  const event = { type: 'notice', level: 'info', code: 'retry', text: 'x'.repeat(20_000) } as const;
  for (let count = 0; count < 20; count++) await store.commit({ entries: Array.from({ length: 20 }, () => ({ sessionId, turnId, at: 1, event })) });
  const full = (await store.space()).bytes;
  expect(full).toBeGreaterThan(8_000_000);
  expect(answerOf(await world.ask('/clear'))).not.toBe('');
  await sweepAfter(1);
  await world.restart(); // closes the log of writes
  expect((await world.app.store.space()).bytes).toBeLessThan(2_500_000);
});
