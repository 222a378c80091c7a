// The sign is shown at once and again, only to whoever may be reached, and ends with the turn.
import { expect, test } from 'vitest';
import type { ChannelOutside } from '../core/channel.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createTyping } from './typing.ts';

const to = { channel: 'chat', account: 'main', chat: 'ana', peer: 'ana' };
const limits = { dialect: 'plain', textLength: 1_000, media: false, edit: false, choices: false, threads: false } as const;

function setUp() {
  const clock = createFakeClock();
  const shown: string[] = [];
  const outside: ChannelOutside = {
    limits,
    send: async () => ({ id: '1' }),
    typing: async ({ chat }) => {
      shown.push(chat);
      throw new Error('The platform is busy.');
    },
  };
  let listed = true;
  const typing = createTyping({ clock, channel: () => outside, mayReach: () => listed });
  return { clock, shown, typing, unlist: () => (listed = false) };
}

test('at once, every few seconds, and not after the end', async () => {
  const { clock, shown, typing } = setUp();
  const end = typing(to);
  expect(shown).toHaveLength(1);
  await clock.advance(12_000);
  expect(shown).toHaveLength(4);
  end();
  await clock.advance(60_000);
  expect(shown).toHaveLength(4);
});

test('it ends by itself after ten minutes', async () => {
  const { clock, shown, typing } = setUp();
  typing(to);
  await clock.advance(20 * 60_000);
  const count = shown.length;
  expect(count).toBeLessThanOrEqual(152);
  await clock.advance(60_000);
  expect(shown).toHaveLength(count);
});

test("nobody who was taken off the list sees it, and CoPaw's own surfaces need none", async () => {
  const { clock, shown, typing, unlist } = setUp();
  typing({ channel: 'console', account: 'local', chat: 's' });
  expect(shown).toEqual([]);
  typing(to);
  unlist();
  await clock.advance(8_000);
  expect(shown).toHaveLength(1);
});
