// kill -9 at random moments of a busy life, again and again on one home. The moments come from a seed that is printed.
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CrashWorld, openCrashWorld } from './crash-world.ts';
import type { SendFate } from './platform.ts';

const kills = 200;
/** On a busy machine it ends after so long, milliseconds, with fewer kills; never with fewer than half. */
const enough = 8 * 60_000;
/** Longest wait after a message, milliseconds; most are short. */
const longest = 2_000;

let world: CrashWorld;
beforeAll(async () => {
  world = await openCrashWorld();
});
afterAll(() => world.close());

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('killed at random moments: no message is lost or answered by two turns, no answer is seen twice', { timeout: 900_000 }, async () => {
  const seed = Number(process.env.COPAW_SEED ?? Date.now() % 1_000_000);
  console.log(`seed ${seed} (COPAW_SEED)`);
  const random = randomFrom(seed);
  const oneOf = <T>(things: readonly [T, ...T[]]): T => things[Math.floor(random() * things.length)] ?? things[0];
  let count = 0;
  const somebodyWrites = (): void => {
    const name = `n${++count}`;
    const what = oneOf(['plain', 'write', 'run', 'bad', 'retry', 'slow', 'stop', 'edit', 'remind', 'long', 'write', 'run'] as const);
    const chat = oneOf([`chat-${name}`, 'chat-a', 'chat-b']);
    if (random() < 0.2) world.platform.fates.push(oneOf<SendFate>(['lost', 'unsure', 'refused']));
    if (what === 'stop') world.say('stop', { chat });
    else if (what === 'edit') world.happen('edit', chat, world.say(`plain ${name}`, { chat }));
    else world.say(`${what} ${name}`, { chat });
    if (what === 'slow') world.say(`steer ${name}`, { chat });
  };
  const begun = performance.now();
  let kill = 0;
  for (; kill < kills && (kill < kills / 2 || performance.now() - begun < enough); kill++) {
    const life = await world.live();
    for (let message = 1 + Math.floor(random() * 3); message > 0; message--) {
      somebodyWrites();
      await wait(random() ** 4 * longest);
    }
    life.kill();
    expect(await life.ended).toBe('SIGKILL');
  }
  const last = await world.live();
  await last.quiet();
  await last.stop();
  const { messages, parts } = await world.verify();
  console.log(`${kill} kills, ${world.platform.connections} connections: messages ${JSON.stringify(messages)}, parts ${JSON.stringify(parts)}`);
  expect(Object.values(messages).reduce((sum, some) => sum + some, 0)).toBeGreaterThan(kill);
});
