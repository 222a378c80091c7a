// A fork for other words begins where the conversation stood before the message.
import { afterEach, expect, test, vi } from 'vitest';
import type { PlacedEvent } from '../../../src/http/contract.ts';
import { Live } from './live.ts';
import { turnBefore } from './turn-before.ts';

const log = [
  ['turn-start', 'one'],
  ['turn-end', 'one'],
  ['turn-start', 'two'],
  ['turn-start', 'command'],
  ['turn-end', 'command'],
  ['turn-end', 'two'],
  ['turn-start', 'three'],
].map(([type, turnId], index) => ({ id: String(index + 1), type, turnId })) as PlacedEvent[];

test.each([
  ['one', undefined],
  ['two', 'one'],
  ['command', 'one'],
  ['three', 'two'],
  ['unknown', undefined],
])('before %s', (turnId, before) => expect(turnBefore(log, turnId)).toBe(before));

afterEach(() => vi.unstubAllGlobals());

/** A conversation of as many messages as its first page and `more` older ones hold, each page asked for counted, and whether its history can be had. */
async function conversation(more: number) {
  const pages = { asked: 0, away: false };
  const events = Array.from({ length: 200 + 500 * more }, (_, index) => ({
    ...{ id: String(index + 1), sessionId: 's1', agentId: 'main', at: index },
    ...(index % 2 === 0
      ? { type: 'turn-start', turnId: `t${index}` }
      : { type: 'turn-end', turnId: `t${index - 1}`, outcome: 'answered', usage: { input: 0, output: 0 } }),
  }));
  vi.stubGlobal('fetch', async (path: string) => {
    if (path.startsWith('/api/sessions?')) return Response.json({ sessions: [{ id: 's1' }] });
    if (!path.startsWith('/api/sessions/s1/messages')) return Response.json({ approvals: [] });
    const query = new URL(path, 'http://localhost').searchParams;
    pages.asked++;
    // So that whoever asks meanwhile comes while it is on its way.
    await new Promise((resolve) => setImmediate(resolve));
    if (pages.away && query.has('before')) throw new TypeError('away');
    const before = Number(query.get('before') ?? events.length + 1);
    return Response.json({ events: events.slice(Math.max(0, before - 1 - Number(query.get('limit'))), before - 1) });
  });
  vi.stubGlobal('document', { hidden: false });
  const live = new Live(() => undefined);
  await live.refresh();
  await live.open('s1');
  return { live, pages };
}

test('the turn before the oldest one shown is looked for in what is older, also while that is on its way', async () => {
  const { live, pages } = await conversation(1);
  expect(await live.turnBefore('s1', 't502')).toEqual({ turnId: 't500' });
  expect(pages.asked).toBe(1);
  const scrolled = live.earlier('s1');
  expect(await live.turnBefore('s1', 't500')).toEqual({ turnId: 't498' });
  await scrolled;
  expect(pages.asked).toBe(2);
});

test('only where all is loaded is there no turn before', async () => {
  const { live } = await conversation(0);
  expect(await live.turnBefore('s1', 't0')).toEqual({});
});

test('what could not be loaded is not taken for nothing, is asked for once, and can be tried again', async () => {
  const { live, pages } = await conversation(1);
  pages.away = true;
  expect(await live.turnBefore('s1', 't500')).toBeUndefined();
  expect(pages.asked).toBe(2);
  pages.away = false;
  expect(await live.turnBefore('s1', 't500')).toEqual({ turnId: 't498' });
  expect(await live.turnBefore('s1', 'of another conversation')).toBeUndefined();
});
