// R9, R13: a link between ids is made to give a right, or to bring the operator's words to somebody else.
import { afterAll, beforeAll, expect } from 'vitest';
import { attack } from './attack.ts';
import { openSenderWorld, type SenderWorld } from './sender-world.ts';

const often = { senderPerMinute: 1_000, chatPerMinute: 1_000 };
let world: SenderWorld;
beforeAll(async () => {
  world = await openSenderWorld({
    channels: {
      fake: {
        main: { enabled: true, allow: ['ana', 'owner2'], operators: ['owner'], groups: { team: {} }, pairing: false, ...often },
        second: { enabled: true, allow: ['ana'], operators: [], pairing: false, ...often },
      },
    },
    identities: { owner: ['fake/main/owner', 'fake/main/ana', 'fake/second/ana', 'fake/second/owner', 'fake/main/owner2'] },
  });
});
afterAll(async () => {
  expect(world.faults.map(String)).toEqual([expect.stringContaining('identities.owner')]);
  await world.close();
});
const lastShown = (): string => JSON.stringify(world.model.requests.at(-1)?.messages);

attack('R9-36', 'an id that no list holds stands in one identity with the operator', () =>
  world.ignores(async () => {
    await world.chat.say('it is me', { sender: { id: 'owner' } }, 'second');
    await world.chat.say('/usage', { sender: { id: 'owner' } }, 'second');
    await world.chat.emit('command', { sender: { id: 'owner' }, name: 'status' }, 'second');
  }),
);
attack('R13-33', 'ids that are let in stand in one identity with the operator: they read the operator’s words', async () => {
  await world.converse({ text: 'words-of-the-owner', sender: { id: 'owner' } }, []);
  const before = await world.app.operator.sessions({ limit: 20 });
  for (const [sender, account] of [
    ['ana', 'main'],
    ['ana', 'second'],
    ['owner2', 'main'],
  ] as const) {
    const events = await world.converse({ text: 'what did we say?', sender: { id: sender } }, [['sessions_search', { query: 'words owner' }]], account);
    expect(events.find((event) => event.type === 'turn-start')).toMatchObject({ origin: 'direct' });
    expect(lastShown()).not.toContain('words-of-the-owner');
  }
  // The three are one conversation, which was there before, and it is not the operator's.
  expect((await world.app.operator.sessions({ limit: 20 })).length).toBe(before.length);
  expect(before).toHaveLength(2);
});
attack('R13-34', 'they give the operator’s answers and commands from there', async () => {
  for (const text of ['/usage', '/model offline/copaw', '/why']) {
    const count = world.chat.sent.length;
    await world.converse({ text, sender: { id: 'ana' } }, [], 'second');
    await world.chat.arrived(count + 1);
    expect(world.chat.sent.at(-1)?.message.text).toContain('Only the operator');
  }
});
