// `copaw sessions …` as people and programs run it: alone on a home, and through the running server.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from './command-line.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
function open(): CommandHome {
  const here = openCommandHome({});
  closing.push(() => here.close());
  return here;
}

async function life(here: CommandHome): Promise<void> {
  const json = async (...words: string[]) => {
    const { code, stdout } = await here.run('sessions', ...words, '--json');
    return { code, answer: JSON.parse(stdout) };
  };
  await here.run('ask', '--session', 'first', 'run: echo bicycle');
  const [session] = (await json('list')).answer.sessions;
  expect(session).toMatchObject({ id: 'first', title: 'run: echo bicycle', running: false });
  const { hits } = (await json('search', 'bicycle')).answer;
  expect(hits.map(({ role }: { role: string }) => role)).toEqual(['assistant', 'user']);
  const shown = await here.run('sessions', 'show', 'first', '--around', String(hits[1].seq));
  expect(shown.stdout).toMatch(/ {2}You {2}event \d+\n {2}run: echo bicycle\n/u);
  expect(await json('rename', 'first', 'The', 'Bicycle')).toMatchObject({ code: 0, answer: { session: { title: 'The Bicycle' } } });
  const fork = (await json('fork', 'first')).answer.session;
  expect(fork.copiedFrom).toMatchObject({ kind: 'fork', sessionId: 'first' });

  const file = join(here.home, '../out.jsonl');
  const markdown = await here.run('sessions', 'export', 'first');
  expect(markdown.stdout).toContain('# The Bicycle\n');
  expect(await json('export', '--all', '--out', file)).toMatchObject({ code: 0, answer: { file } });
  const imported = (await json('import', file)).answer;
  expect(imported.sessions.map(({ messages }: { messages: number }) => messages)).toEqual([2, 2]);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"end"', '"and"'));
  expect(await json('import', file)).toMatchObject({ code: 2, answer: { error: { code: 'invalid', message: expect.stringMatching(/^Line \d+: /u) } } });

  expect(await json('delete', fork.id, '--yes')).toMatchObject({ code: 0, answer: { id: fork.id, removed: true } });
}

test('where no server runs, all but another answer', { timeout: 60_000 }, async () => {
  const here = open();
  await life(here);
  const { code, stderr } = await here.run('sessions', 'regenerate', 'first');
  expect([code, stderr]).toEqual([1, expect.stringContaining('copaw start')]);
});

test('through the running server, another answer too', { timeout: 60_000 }, async () => {
  const here = open();
  const { operator, end } = await here.start();
  await life(here);
  const before = (await operator.history('first', { limit: 500 })).events.length;
  const { stdout } = await here.run('sessions', 'regenerate', 'first', '--json');
  const { turnId } = JSON.parse(stdout);
  for await (const _ of operator.events({ turnId, after: '0' }, new AbortController().signal));
  const { events } = await operator.history('first', { limit: 500 });
  expect(events.slice(before).map(({ type }) => type)).toEqual(expect.arrayContaining(['turn-undone', 'turn-start', 'turn-end']));
  await end('SIGTERM');
});

test('a compaction is asked for from outside, with and without a running server; a conversation that is not there is not begun', {
  timeout: 60_000,
}, async () => {
  const here = open();
  for (let more = 0; more < 6; more++) await here.run('ask', '--session', 'long', `message ${more} about the bicycle`);
  const alone = await here.run('sessions', 'compact', 'long', '--focus', 'the bicycle', '--json');
  expect([alone.code, JSON.parse(alone.stdout)]).toMatchObject([
    0,
    {
      sessionId: 'long',
      outcome: 'answered',
      compaction: { focus: 'the bicycle', messagesBefore: 12, messagesAfter: expect.any(Number), passages: expect.any(Number) },
    },
  ]);
  const { operator, end } = await here.start();
  const again = await here.run('sessions', 'compact', 'long');
  expect([again.code, again.stdout, again.stderr]).toEqual([0, '', expect.stringContaining('There is nothing to compact yet.')]);
  for (let more = 0; more < 4; more++) await here.run('ask', '--session', 'long', `more ${more}`);
  expect((await here.run('sessions', 'compact', 'long')).stdout).toMatch(/^Compacted \d+ → \d+ messages; \d+ passages kept word for word\.\n$/u);
  const missing = await here.run('sessions', 'compact', 'nowhere', '--json');
  expect([missing.code, JSON.parse(missing.stdout).error.code]).toEqual([1, 'not-found']);
  expect((await here.run('sessions', 'compact', 'long', '--focus', 'undo')).code).toBe(2);
  expect((await operator.sessions({ limit: 9, show: 'all' })).map(({ id }) => id)).toEqual(['long']);
  await end('SIGTERM');
});
