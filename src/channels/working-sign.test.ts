// One sign a chat, on its last message, never left behind.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createWorkingSign } from './working-sign.ts';

const place = { chat: 'c' };

function setUp(fails?: CoPawError) {
  const clock = createFakeClock();
  const there = new Set<string>();
  let asked = 0;
  const sign = createWorkingSign(clock, async (_place, id) => {
    asked++;
    if (fails) throw fails;
    there.add(id);
    return async () => there.delete(id);
  });
  return { clock, sign, there: () => [...there], asked: () => asked };
}

test('it stands while it is asked for, and leaves by itself', async () => {
  const { clock, sign, there, asked } = setUp();
  await sign.show(place);
  expect(there()).toEqual([]);
  sign.came(place, 'm1');
  for (let second = 0; second < 60; second += 4) {
    await sign.show(place);
    expect(there()).toEqual(['m1']);
    await clock.advance(4_000);
  }
  expect(asked()).toBe(1);
  await clock.advance(5_000);
  expect(there()).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('it stays at its message whatever is said meanwhile, and leaves with the answer and with the connection', async () => {
  const { clock, sign, there } = setUp();
  sign.came(place, 'm1');
  await sign.show(place);
  sign.came(place, 'm2');
  await sign.show(place);
  await clock.advance(0);
  expect(there()).toEqual(['m1']);
  sign.leave(place);
  await clock.advance(0);
  expect(there()).toEqual([]);
  for (const thread of ['a', 'b']) {
    sign.came({ ...place, thread }, thread);
    await sign.show({ ...place, thread });
  }
  expect(there()).toEqual(['a', 'b']);
  sign.stop();
  await clock.advance(0);
  expect(there()).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('what the account may not do is asked once, what fails by chance again', async () => {
  const refused = setUp(new CoPawError('send-refused', 'No.'));
  const busy = setUp(new CoPawError('busy', 'Later.'));
  for (const { sign } of [refused, busy]) {
    sign.came(place, 'm1');
    await expect(sign.show(place)).rejects.toThrow();
    await sign.show(place).catch(() => undefined);
  }
  expect([refused.asked(), busy.asked()]).toEqual([1, 2]);
  expect(busy.clock.waiting).toBe(0);
});
