// Pairing and refusals on a real store: bounded, one text an hour, and nothing of what was said.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { channelsConfig } from '../core/channel-config.ts';
import { type Config, configSchema, type Language } from '../core/config.ts';
import type { Envelope } from '../core/inbound.ts';
import type { RefusalOutcome } from '../core/sender-rules.ts';
import { openStore } from '../store/open-store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createPeopleAdmin } from './people.ts';
import { createTurnAway } from './turn-away.ts';

const minute = 60_000;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(language: Language = 'en', main: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-turn-away-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const store = await openStore(join(folder, 'copaw.db'));
  closing.push(() => store.close());
  const clock = createFakeClock();
  const channels = channelsConfig.parse({ fake: { main: { enabled: true, allow: ['ana'], ...main } } });
  const config: Config = configSchema.parse({ channels });
  const notes: string[] = [];
  const peers: (string | undefined)[] = [];
  let codes = 0;
  const turnAway = createTurnAway({
    store: store.senders,
    clock,
    channels: () => channels,
    language: () => language,
    delivery: {
      note(address, { text }) {
        notes.push(`${address.chat}: ${text}`);
        peers.push(address.peer);
      },
    },
    newCode: () => `CODE${String.fromCharCode(65 + Math.floor(codes / 26), 65 + (codes++ % 26))}AA`,
  });
  const refuse = (sender: string, outcome: RefusalOutcome = 'pairing', more: Partial<Envelope> = {}) =>
    turnAway(
      {
        ...{ key: 'k', channel: 'fake', account: 'main', receivedAt: clock.now() },
        inbound: {
          kind: 'message',
          id: 'm',
          text: 'secret words',
          chat: { id: `chat ${sender}`, kind: 'direct' },
          sender: { id: sender, name: 'a name' },
          at: clock.now(),
        },
        ...more,
      },
      { admitted: false, rule: 'R9', reason: '', outcome },
    );
  const committed: unknown[] = [];
  const people = (by: string) =>
    createPeopleAdmin({
      store: store.senders,
      config: {
        current: () => config,
        async commit(actor, changes) {
          committed.push([actor, ...changes]);
          return config;
        },
      },
      clock,
      by,
      audit: async (kind) => void committed.push(kind),
    });
  return { store, clock, notes, peers, refuse, people, committed };
}

test('two messages at once get one code', async () => {
  const { notes, refuse } = await open();
  await Promise.all(Array.from({ length: 10 }, () => refuse('eve')));
  expect(notes).toEqual(['chat eve: I only answer people my operator has let in. If they know you, give them this code: CODE-AAAA']);
});

test('it goes to the person: some platforms send to a person in another way than to a group', async () => {
  const { peers, refuse } = await open();
  await refuse('eve');
  await refuse('ana', 'too-many');
  expect(peers).toEqual(['eve', 'ana']);
});

test('in Chinese where the operator speaks it', async () => {
  const { notes, refuse } = await open('zh');
  await refuse('eve');
  expect(notes[0]).toContain('代码');
});

test('the account’s own words stand in front of the code, and alone where nothing is asked; the same bounds hold', async () => {
  const { notes, refuse, clock, people, store } = await open('zh', { denyText: '您好。' });
  await refuse('eve');
  expect(notes).toEqual(['chat eve: 您好。\n如果主人认识您，请把这个代码告诉主人：CODE-AAAA']);
  for (let one = 0; one < 30; one++) await refuse(`mal${one}`, 'denied');
  await refuse('mal0', 'denied');
  expect(notes.slice(1)).toEqual(Array.from({ length: 20 }, (_, one) => `chat mal${one}: 您好。`));
  expect((await people('cli').view()).pairings.map(({ sender }) => sender)).toEqual(['eve']);
  await clock.advance(61 * minute);
  await refuse('mal29', 'denied');
  expect(notes).toHaveLength(22);
  expect(await store.senders.pairings()).toHaveLength(1);
});

test('a code lives an hour; then the next message gets another one', async () => {
  const { notes, refuse, clock, people } = await open();
  await refuse('eve');
  await clock.advance(59 * minute);
  await refuse('eve');
  expect(notes).toHaveLength(1);
  await clock.advance(minute);
  expect((await people('cli').view()).pairings).toEqual([]);
  await expect(people('cli').approve('CODEAAAA', false)).rejects.toMatchObject({ code: 'not-found' });
  await refuse('eve');
  expect(notes).toHaveLength(2);
});

test('attack: twenty codes wait at most; old ones make room, and another account is not touched', async () => {
  const { notes, refuse, clock } = await open();
  for (let one = 0; one < 30; one++) await refuse(`eve${one}`);
  expect(notes).toHaveLength(20);
  await refuse('eve', 'pairing', { account: 'second' });
  expect(notes).toHaveLength(21);
  await clock.advance(61 * minute);
  await refuse('late');
  expect(notes).toHaveLength(22);
});

test('a refused request is silent for a week and never a code again within it', async () => {
  const { notes, refuse, clock, people } = await open();
  await refuse('eve');
  await people('cli').deny('code-aaaa');
  for (let day = 0; day < 6; day++) {
    await clock.advance(24 * 60 * minute);
    await refuse('eve');
  }
  expect(notes).toHaveLength(1);
  await clock.advance(2 * 24 * 60 * minute);
  await refuse('eve');
  expect(notes).toHaveLength(2);
});

test('who is listed is told once a minute why nothing happens; who talked to others, never', async () => {
  const { notes, refuse, clock, store } = await open();
  for (let again = 0; again < 5; again++) await refuse('ana', 'too-many');
  await refuse('ana', 'too-old');
  await refuse('ana', 'unaddressed');
  await refuse('ana', 'full');
  await refuse('ana', 'full');
  expect(notes).toHaveLength(3);
  await clock.advance(minute);
  await refuse('ana', 'too-many');
  expect(notes).toHaveLength(4);
  expect((await store.senders.turnedAway(10)).map(({ sender, count }) => `${sender} ${count}`)).toEqual(['ana 9']);
});

test('attack: a flood is written down sixty times a minute, without words or names', async () => {
  const { refuse, store, notes } = await open();
  for (let sent = 0; sent < 200; sent++) await refuse(`eve${sent % 100}`, 'nothing');
  const rows = await store.senders.turnedAway(1_000);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(60);
  expect(JSON.stringify(rows)).not.toMatch(/secret words|a name/);
  expect(notes).toEqual([]);
});

test('an approval writes the list once, through the config door, after the audit', async () => {
  const { refuse, people, committed } = await open();
  await refuse('eve');
  await refuse('ana');
  const admin = people('console:dev_1');
  await admin.approve('CODE AAAA', true);
  await admin.approve('codeabaa', false); // is listed already
  expect(committed).toEqual(['pairing-approve', ['console:dev_1', { path: ['channels', 'fake', 'main', 'operators'], value: ['eve'] }], 'pairing-approve']);
  expect((await admin.view()).pairings).toEqual([]);
});

test.each(['api', 'api:dev_1', 'agent', 'telegram', 'clients', ''])('attack: %j cannot make an id the operator’s own', async (by) => {
  const { refuse, people, committed } = await open();
  await refuse('eve');
  await expect(people(by).approve('CODEAAAA', true)).rejects.toMatchObject({ code: 'forbidden', rule: 'R9' });
  expect(committed).toEqual([]);
});
