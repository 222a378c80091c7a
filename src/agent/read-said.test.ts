// What was said, read on from a place: a page of the log may end anywhere, also in the middle of a command.
import { expect, test } from 'vitest';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { sampleAssistant, sampleUser } from '../testing/sample-log.ts';
import { readSaid } from './read-said.ts';

const start = (command?: string): DurableEvent => ({
  ...({ type: 'turn-start', origin: 'operator', answerId: 'a', resumed: false } as const),
  ...(command === undefined ? {} : { command }),
});

/** Turns of four entries, each third one a command. */
function logOf(turns: number): { readonly entries: readonly Entry[]; readonly store: Parameters<typeof readSaid>[0]; readonly read: () => number } {
  const end: DurableEvent = { type: 'turn-end', outcome: 'answered', answerId: 'a', usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 } };
  const entries = Array.from({ length: turns }, (_, turn) => {
    const command = turn % 3 === 2;
    return [start(command ? 'status' : undefined), sampleUser(`${command ? '/status' : 'ask'} ${turn}`), sampleAssistant(`answer ${turn}`), end];
  })
    .flat()
    .map((event, index): Entry => ({ seq: index + 1, sessionId: 's', turnId: `t${Math.floor(index / 4)}`, at: 0, event }));
  let read = 0;
  const counted = (found: readonly Entry[]): readonly Entry[] => {
    read += found.length;
    return found;
  };
  const store: Parameters<typeof readSaid>[0] = {
    entries: {
      tail: async (_, limit, before = Number.POSITIVE_INFINITY) => counted(entries.filter(({ seq }) => seq < before).slice(-limit)),
      after: async ({ turnId, after, limit }) =>
        counted(entries.filter((entry) => (turnId === undefined || entry.turnId === turnId) && entry.seq > after).slice(0, limit)),
      ofTurn: async () => [],
      undone: async () => new Set<string>(),
      lastSeq: async () => 0,
    },
  };
  return { entries, store, read: () => read };
}

const isChat = (text: string): boolean => /^(?:ask|answer) \d+$/u.test(text);

test('from every place, forwards and backwards, commands are left out and nothing else', async () => {
  const { entries, store } = logOf(130);
  const all = (await readSaid(store, 's', { limit: 1_000 })).map(({ text }) => text);
  expect(all).toHaveLength(87 * 2);
  const wanted = entries.flatMap(({ seq, event, turnId }) =>
    event.type === 'message' && Number(turnId.slice(1)) % 3 !== 2 && isChat(event.message.text) ? [{ seq, text: event.message.text }] : [],
  );
  expect(all).toEqual(wanted.map(({ text }) => text));
  for (let place = 1; place <= entries.length; place++) {
    const around = await readSaid(store, 's', { limit: 6, around: place });
    const behind = wanted.filter(({ seq }) => seq > place).slice(0, 3);
    const ahead = wanted.filter(({ seq }) => seq <= place).slice(behind.length - 6);
    expect(around.map(({ seq }) => seq)).toEqual([...ahead, ...behind].map(({ seq }) => seq));
    const before = await readSaid(store, 's', { limit: 5, before: place });
    expect(before.map(({ seq }) => seq)).toEqual(
      wanted
        .filter(({ seq }) => seq < place)
        .slice(-5)
        .map(({ seq }) => seq),
    );
  }
});

test('each entry is read once, however far it has to be looked', async () => {
  const { entries, store, read } = logOf(2_000);
  expect(await readSaid(store, 's', { limit: 2_600 })).toHaveLength(2_600);
  expect(read()).toBeLessThanOrEqual(entries.length);
});
