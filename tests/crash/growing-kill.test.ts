// kill -9 while an answer grows in its chat: before and after each write of the message that shows it, and while the answer takes its place. One message, whole.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CrashWorld, type Kill, openCrashWorld } from './crash-world.ts';

let world: CrashWorld;
let count = 0;
beforeAll(async () => {
  world = await openCrashWorld({ stream: true });
});
afterAll(() => world.close());

const textsOf = (id: string): readonly string[] => world.platform.visible.filter(({ to }) => to.chat === `chat-${id}`).map(({ text }) => text);

const whole = (name: string) => expect.stringMatching(new RegExp(`^Growing ${name} .*until ${name} is whole\\.$`, 'su'));

/** A life that ends so, and the next one, until nothing is open. */
async function dieAndLive(kill: Kill, say: () => string, meanwhile: (id: string) => Promise<void> = async () => undefined): Promise<readonly string[]> {
  const life = await world.live(kill);
  const id = say();
  await meanwhile(id);
  expect(await life.ended, `${kill.side} ${kill.at}`).toBe('SIGKILL');
  const next = await world.live();
  await next.quiet();
  await next.stop();
  await world.verify();
  return textsOf(id);
}

const points = ['preview-stored', 'preview-sent', 'turn-ended', 'part-sending', 'part-sent'] as const;

describe('kill -9 while an answer grows', () => {
  test.each(points.flatMap((at) => [{ at, side: 'before' } as const, { at, side: 'after' } as const]))(
    '$side $at: one message, and it is whole',
    async (kill) => {
      const name = `n${++count}`;
      expect(await dieAndLive(kill, () => world.say(`grow ${name}`))).toEqual([whole(name)]);
    },
  );

  test('after a stop that nobody was told of: its last words stand, with a sign', async () => {
    const name = `n${++count}`;
    const texts = await dieAndLive(
      { at: 'turn-ended', side: 'after' },
      () => world.say(`endless ${name}`),
      async (id) => {
        await expect.poll(() => textsOf(id), { timeout: 10_000 }).toHaveLength(1);
        world.say('/stop', { chat: `chat-${id}` });
      },
    );
    expect(texts[0]).toMatch(new RegExp(`^Growing ${name} .*\\(stopped\\)$`, 'su'));
  });

  test('edits and a first message whose outcome is not known: at most one that is whole', async () => {
    const life = await world.live();
    for (const fates of [['unsure'], ['lost', 'unsure'], ['refused']] as const) {
      const name = `n${++count}`;
      world.platform.editFates.push(...fates);
      const id = world.say(`grow ${name}`);
      await life.quiet();
      expect(textsOf(id).filter((text) => text.endsWith('whole.'))).toEqual([whole(name)]);
    }
    const name = `n${++count}`;
    world.platform.fates.push('blind');
    const id = world.say(`grow ${name}`);
    await life.quiet();
    expect(textsOf(id)).toEqual([expect.stringMatching(/…$/u), whole(name)]);
    await life.stop();
    await world.verify();
  });
});
