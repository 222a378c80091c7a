// kill -9 while messages are held for what comes next: only the waiting was in memory. All of them are in one turn, and it is answered once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CrashWorld, type Kill, openCrashWorld } from './crash-world.ts';

let world: CrashWorld;
let count = 0;
beforeAll(async () => {
  world = await openCrashWorld({ mergeSeconds: 2 });
});
afterAll(() => world.close());

const textsIn = (chat: string): readonly string[] => world.platform.visible.filter(({ to }) => to.chat === chat).map(({ text }) => text);

/** Says three things in one chat; in one that is held they share a turn. */
function sayThree(): { readonly chat: string; readonly name: string } {
  const name = `n${++count}`;
  const chat = `chat-${name}`;
  for (const nth of ['first', 'second', 'third']) world.say(`${nth} ${name}`, { chat });
  return { chat, name };
}

/** `together`: none of them can have come after the turn of another one ended. */
async function liveOn({ chat, name }: ReturnType<typeof sayThree>, together = true): Promise<void> {
  const next = await world.live();
  await next.quiet();
  await next.stop();
  expect((await world.verify()).messages).toEqual({ answered: 3 * count });
  if (together) expect(textsIn(chat)).toEqual([`Answer to ${name}.`]);
}

describe('kill -9 during a hold', () => {
  test('once all are accepted: the next start answers them together', async () => {
    const life = await world.live();
    const said = sayThree();
    await expect.poll(() => world.platform.unacknowledged, { timeout: 10_000 }).toBe(0);
    expect(textsIn(said.chat)).toEqual([]);
    life.kill();
    expect(await life.ended).toBe('SIGKILL');
    await liveOn(said);
  });

  test.each(
    (['message-accepted', 'turn-begun'] as const).flatMap((at): readonly Kill[] => [
      { at, side: 'before' },
      { at, side: 'after' },
    ]),
  )('$side $at: each of them is answered once, and those that were held together', async (kill) => {
    const life = await world.live(kill);
    const said = sayThree();
    expect(await life.ended).toBe('SIGKILL');
    // One of them was accepted, and the platform brings the others while its turn runs, or later.
    await liveOn(said, kill.at !== 'message-accepted' || kill.side === 'before');
  });
});
