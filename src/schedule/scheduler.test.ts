// Reminders on a real store and a clock that is told the time: at most once, never early, and nothing at all while there is nothing to do.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JudgedPlan } from '../core/brand.ts';
import type { Inbox } from '../core/channel.ts';
import { CoPawError } from '../core/error.ts';
import type { Inbound } from '../core/inbound.ts';
import type { Store } from '../core/store.ts';
import { openStore } from '../store/open-store.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts';
import { job, plan } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { createRemind } from './remind.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

const minute = 60_000;
let folder: TempFolder;
let store: Store;
let clock: FakeClock;
let received: Inbound[];
let errors: unknown[];
let refuse: (event: Inbound) => void;
let scheduler: Scheduler;

/** Stores each id once, as the gateway's does. */
const inbox: Inbox = {
  receive: async (event) => {
    refuse(event);
    if (received.some(({ id }) => id === event.id)) throw new CoPawError('conflict', 'This was stored before.');
    received.push(event);
  },
  alive: () => undefined,
};
const create = (): Scheduler => createScheduler({ store, clock, inbox, onError: (error) => errors.push(error) });
const schedule = (id: string, inMs: number) => store.commit({ jobs: [job(id, clock.now() + inMs)] });
const texts = (): string[] => received.map((event) => (event.kind === 'command' ? `${event.name} ${event.text}` : event.kind));
const states = async (): Promise<string[]> => (await store.jobs.list()).map(({ id, state }) => `${id} ${state}`);

beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
  clock = createFakeClock();
  received = [];
  errors = [];
  refuse = () => undefined;
  scheduler = create();
});
afterEach(async () => {
  scheduler.stop();
  await store.close();
  folder.remove();
});

describe('scheduler', () => {
  test('with nothing scheduled it sets no timer', async () => {
    await scheduler.start();
    expect(clock.waiting).toBe(0);
    scheduler.wake();
    await clock.advance(365 * 24 * 60 * minute);
    expect(clock.waiting).toBe(0);
    expect(received).toEqual([]);
  });

  test('a reminder fires at its time, once, in its conversation', async () => {
    await schedule('a', 10 * minute);
    await scheduler.start();
    await clock.advance(10 * minute - 1);
    expect(received).toEqual([]);
    await clock.advance(1);
    expect(received).toEqual([
      {
        kind: 'command',
        name: 'remind',
        text: 'text of a',
        id: `a@${clock.now()}`,
        chat: { id: 's1', kind: 'direct' },
        sender: { id: 'a' },
        at: clock.now(),
      },
    ]);
    expect(await states()).toEqual(['a fired']);
    scheduler.wake();
    await clock.advance(60 * minute);
    expect(received).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  test('what came due while CoPaw was off fires at the start, oldest first, and only once', async () => {
    await schedule('late', -minute);
    await schedule('later', -2 * minute);
    await scheduler.start();
    expect(texts()).toEqual(['remind text of later', 'remind text of late']);
    scheduler.stop();
    scheduler = create();
    await scheduler.start();
    expect(received).toHaveLength(2);
  });

  test('an earlier job that is added while it sleeps goes first, with one timer in all', async () => {
    await schedule('far', 100 * minute);
    await scheduler.start();
    await schedule('near', minute);
    scheduler.wake();
    await clock.advance(0);
    expect(clock.waiting).toBe(1);
    await clock.advance(minute);
    expect(texts()).toEqual(['remind text of near']);
    await clock.advance(100 * minute);
    expect(texts()).toEqual(['remind text of near', 'remind text of far']);
  });

  test('a crash after the inbox took it and before it was marked does not deliver it twice', async () => {
    await schedule('a', minute);
    const crashing = createScheduler({
      store: { jobs: { ...store.jobs, settle: () => new Promise<boolean>(() => undefined) } },
      clock,
      inbox,
      onError: (error) => errors.push(error),
    });
    void crashing.start();
    await clock.advance(minute);
    expect(received).toHaveLength(1);
    expect(await states()).toEqual(['a scheduled']);
    await scheduler.start();
    expect(received).toHaveLength(1);
    expect(await states()).toEqual(['a fired']);
    expect(errors).toEqual([]);
  });

  test('a job the inbox could not store stays, is reported and tried again a minute later; the others go on', async () => {
    await schedule('bad', minute);
    await schedule('good', minute);
    await scheduler.start();
    refuse = (event) => {
      if (event.sender.id === 'bad') throw new CoPawError('busy', 'Too many messages wait.');
    };
    await clock.advance(minute);
    expect(texts()).toEqual(['remind text of good']);
    expect(await states()).toEqual(['bad scheduled', 'good fired']);
    expect(errors).toHaveLength(1);
    refuse = () => undefined;
    await clock.advance(minute - 1);
    expect(received).toHaveLength(1);
    await clock.advance(1);
    expect(texts()).toEqual(['remind text of good', 'remind text of bad']);
  });

  test('after stop nothing fires and no timer is left', async () => {
    await schedule('a', minute);
    await scheduler.start();
    scheduler.stop();
    scheduler.wake();
    await clock.advance(2 * minute);
    expect(received).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

test('attack: reminders without end in one conversation are refused, until some were sent', async () => {
  const remind = createRemind({ store, clock, ids: createCountingIds() });
  const judged = plan('p') as JudgedPlan;
  for (let count = 0; count < 50; count++) await remind(judged, clock.now() + minute, `text ${count}`);
  const refused = { code: 'too-large', next: expect.stringContaining('several things into one') };
  await expect(remind(judged, clock.now() + minute, 'one more')).rejects.toMatchObject(refused);
  const elsewhere = { ...judged, place: { ...judged.place, sessionId: 'other' } };
  await remind(elsewhere, clock.now() + minute, 'in another conversation');
  await scheduler.start();
  await clock.advance(minute);
  await remind(judged, clock.now() + minute, 'one more');
  expect(await store.jobs.countScheduled(judged.place.sessionId)).toBe(1);
});
