// Reminders in the whole product: asked for in a conversation, listed and cancelled by the operator, said or not said.
import { afterEach, expect, test, vi } from 'vitest';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { openCommandHome } from './command-line.ts';
import { openWorld } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('a cancelled reminder is never said, the others are, and the audit log names who cancelled', async () => {
  const clock = createFakeClock();
  const world = await openWorld({ clock });
  closing.push(() => world.close());
  await world.ask('remind me in 20 minutes to call Ana');
  await world.ask('remind me in 10 minutes to water the plants');
  const admin = await world.app.reminders('test');
  const [plants, ana] = await admin.list();
  expect([plants?.text, ana?.text]).toEqual([expect.stringContaining('plants'), expect.stringContaining('Ana')]);
  expect(ana?.title).toContain('call Ana');
  expect(await admin.cancel(plants?.id ?? '')).toMatchObject({ id: plants?.id, text: plants?.text });
  await expect(admin.cancel(plants?.id ?? '')).rejects.toMatchObject({ code: 'conflict', message: 'This reminder was cancelled before.' });
  await expect(admin.cancel('job_none')).rejects.toMatchObject({ code: 'not-found' });
  expect((await admin.list()).map(({ id }) => id)).toEqual([ana?.id]);
  const said = async (): Promise<string[]> =>
    (await world.app.store.entries.tail('test', 1_000)).flatMap(({ event }) =>
      event.type === 'message' && event.message.role === 'assistant' && event.message.model === undefined ? [event.message.text] : [],
    );
  for (let minutes = 0; minutes < 30; minutes++) await clock.advance(60_000);
  await vi.waitFor(async () => expect(await said()).toEqual([expect.stringContaining('call Ana')]));
  await expect(admin.cancel(ana?.id ?? '')).rejects.toMatchObject({ code: 'conflict', message: 'This reminder was said already.' });
  expect((await world.app.store.audit.newest(100, 'reminder-cancelled')).map(({ detail }) => detail)).toEqual([
    { id: plants?.id, sessionId: 'test', by: 'test' },
  ]);
});

test('attack: the text of a reminder is read for a secret: stored before it became one, while it is one, in the list, when it is said', async () => {
  const clock = createFakeClock();
  const world = await openWorld({ clock });
  closing.push(() => world.close());
  await world.app.secrets.set('old', 'canary-known-before');
  await world.ask('remind me in 10 minutes to type canary-known-before');
  await world.ask('remind me in 20 minutes to type canary-known-later');
  await world.app.secrets.set('late', 'canary-known-later');
  const [waiting] = [await (await world.app.reminders('test')).list()];
  expect(waiting).toHaveLength(2);
  expect(JSON.stringify(waiting)).not.toContain('canary');
  expect(JSON.stringify((await world.app.store.jobs.waiting())[0])).not.toContain('canary');
  const before = await world.app.store.entries.lastSeq();
  for (let minutes = 0; minutes < 30; minutes++) await clock.advance(60_000);
  const said = async () =>
    (await world.app.store.entries.after({ sessionId: 'test', after: before, limit: 100 })).filter(({ event }) => event.type === 'message');
  await vi.waitFor(async () => expect(await said()).toHaveLength(2));
  expect(JSON.stringify(await said())).not.toContain('canary');
});

test('copaw reminders lists and cancels, beside a running server and without one', async () => {
  const home = openCommandHome({});
  closing.push(() => home.close());
  await home.ask('remind me in 2 hours to stretch');
  await home.ask('remind me in 3 hours to sleep');
  const list = async (): Promise<{ id: string; text: string }[]> => JSON.parse((await home.run('reminders', 'list', '--json')).stdout).reminders;
  const [first, second] = await list();
  expect(first?.text).toContain('stretch');
  expect(await home.run('reminders', 'cancel', first?.id ?? '')).toMatchObject({ code: 0, stdout: expect.stringContaining('Cancelled: ') });
  const server = await home.start();
  expect((await list()).map(({ id }) => id)).toEqual([second?.id]);
  expect(await home.run('reminders', 'cancel', first?.id ?? '')).toMatchObject({ code: 1, stderr: expect.stringContaining('cancelled before') });
  expect(await home.run('reminders', 'cancel', second?.id ?? '', '--json')).toMatchObject({ code: 0 });
  expect((await home.run('reminders', 'list')).stderr).toContain('No reminder waits.');
  await server.end('SIGTERM');
});
