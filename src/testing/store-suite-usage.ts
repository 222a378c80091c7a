// What every store must do with usage, audit records, reviews and devices.
import { describe, expect } from 'vitest';
import type { Store } from '../core/store.ts';
import { session, usageRow } from './store-rows.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store; reopen(): Promise<Store> }) => Promise<void>) => void;

export function testUsage(name: string, held: Held): void {
  describe(`${name}: usage, audit, devices`, () => {
    held('usage is summed per model from a time on', async ({ store }) => {
      await store.commit({ usage: [usageRow('p/a', 1), usageRow('p/a', 5, { cost: 0.5 }), usageRow('p/a', 6, { cost: 0.25 }), usageRow('p/b', 6)] });
      expect(await store.usage.since(5)).toEqual([
        { model: 'p/a', calls: 2, input: 20, cachedInput: 8, output: 6, cost: 0.75 },
        { model: 'p/b', calls: 1, input: 10, cachedInput: 4, output: 3, cost: 0 },
      ]);
      expect(await store.usage.since(7)).toEqual([]);
    });

    held('usage between two times, by agent, model and the channel of its conversation; what has no price is counted apart', async ({ store }) => {
      await store.commit({
        session: session('s1'),
        usage: [
          usageRow('p/a', 4),
          usageRow('p/a', 5, { cost: 0.5 }),
          usageRow('p/a', 9),
          usageRow('p/a', 6, { sessionId: '', cost: 0 }),
          usageRow('p/b', 6, { agentId: 'other', usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 } }),
          usageRow('p/a', 10),
        ],
      });
      const groups = await store.usage.between(5, 10);
      const line = (one: (typeof groups)[number]) => [
        one.agentId,
        one.model,
        one.channel,
        one.calls,
        one.input,
        one.cachedInput,
        one.output,
        one.cost,
        one.unpriced,
      ];
      const { channel } = session('s1').address;
      expect(groups.map(line).sort()).toEqual([
        ['main', 'p/a', '', 1, 10, 4, 3, 0, 0],
        ['main', 'p/a', channel, 2, 20, 8, 6, 0.5, 1],
        ['other', 'p/b', channel, 1, 0, 0, 0, 0, 0],
      ]);
      expect([await store.usage.firstSince(0), await store.usage.firstSince(5), await store.usage.firstSince(11)]).toEqual([4, 5, undefined]);
      // A conversation that is gone takes its channel with it, and no number.
      await store.commit({ drop: 's1' });
      expect((await store.usage.between(0, 99)).map(({ channel: name, calls }) => [name, calls])).toEqual([
        ['', 5],
        ['', 1],
      ]);
    });

    held('speech is counted by its length, and as of unknown cost also where nobody knows how long it was', async ({ store }) => {
      const none = { usage: { input: 0, cachedInput: 0, output: 0, reasoning: 0 } };
      await store.commit({
        usage: [
          usageRow('p/a', 1),
          usageRow('p/s', 1, { ...none, seconds: 90, cost: 0.5 }),
          usageRow('p/s', 2, { ...none, seconds: 30.5 }),
          usageRow('p/s', 3, { ...none, seconds: 0 }),
        ],
      });
      expect((await store.usage.between(0, 9)).map(({ model, calls, seconds, unpriced, cost }) => [model, calls, seconds, unpriced, cost])).toEqual([
        ['p/a', 1, undefined, 1, 0],
        ['p/s', 3, 120.5, 2, 0.5],
      ]);
    });

    held('audit records keep their order', async ({ store, reopen }) => {
      expect(await store.audit.last()).toBeUndefined();
      const record = (at: number) => ({ at, kind: 'tool-call', detail: { tool: 'x', count: at, ok: true }, mac: `mac${at}` });
      const first = await store.audit.append(record(1));
      const second = await store.audit.append(record(2));
      const third = await store.audit.append(record(3));
      const again = await reopen();
      expect(await again.audit.last()).toEqual({ ...record(3), seq: third });
      expect(await again.audit.after(first, 1)).toEqual([{ ...record(2), seq: second }]);
      expect((await again.audit.after(0, 10)).map(({ at }) => at)).toEqual([1, 2, 3]);
    });

    held('audit: the newest, by kind, the checkpoints, and the highest number also after the oldest left', async ({ store, reopen }) => {
      expect(await store.audit.lastSeq()).toBe(0);
      const kinds = ['login', 'audit-checkpoint', 'login', 'audit-checkpoint', 'tool-call'];
      for (const [at, kind] of kinds.entries()) await store.audit.append({ at, kind, detail: {}, mac: `mac${at}` });
      expect((await store.audit.newest(2)).map(({ at }) => at)).toEqual([3, 4]);
      expect((await store.audit.newest(5, 'login')).map(({ at }) => at)).toEqual([0, 2]);
      expect((await store.audit.before(5, 2)).map(({ at }) => at)).toEqual([3, 2]);
      expect((await store.audit.before(1, 2)).map(({ at }) => at)).toEqual([]);
      const checkpoints = await store.audit.checkpoints();
      expect(checkpoints.map(({ at }) => at)).toEqual([1, 3]);
      await store.audit.removeBefore(checkpoints[1]?.seq ?? 0);
      const again = await reopen();
      expect((await again.audit.after(0, 10)).map(({ at }) => at)).toEqual([3, 4]);
      expect(await again.audit.lastSeq()).toBe(5);
    });

    held('the last review is the newest one', async ({ store, reopen }) => {
      expect(await store.reviews.last()).toBeUndefined();
      for (let at = 1; at < 30; at++) await store.reviews.add({ at, findings: [`finding ${at}`] });
      expect(await (await reopen()).reviews.last()).toEqual({ at: 29, findings: ['finding 29'] });
    });

    held('devices are found by the hash of their token until removed', async ({ store }) => {
      const device = { id: 'd1', name: 'Laptop', tokenHash: 'aa', createdAt: 1, seenAt: 1 };
      await store.devices.add(device);
      await expect(store.devices.add({ ...device, id: 'd2' })).rejects.toMatchObject({ name: 'CoPawError', code: 'conflict' });
      await store.devices.touch('d1', 9);
      expect(await store.devices.byHash('aa')).toEqual({ ...device, seenAt: 9 });
      expect(await store.devices.list()).toEqual([{ ...device, seenAt: 9 }]);
      expect(await store.devices.remove('d1')).toBe(true);
      expect(await store.devices.remove('d1')).toBe(false);
      expect(await store.devices.byHash('aa')).toBeUndefined();
    });

    held('a device is told by its last endpoint, an endpoint tells its last device, and both are gone with the device', async ({ store }) => {
      const keys = { p256dh: 'p', auth: 'a', serverKey: 'k', kinds: ['approvals'] as const, text: false, language: 'en' as const };
      for (const id of ['d1', 'd2']) await store.devices.add({ id, name: id, tokenHash: id, createdAt: 1, seenAt: 1 });
      const put = (deviceId: string, endpoint: string) => store.push.put({ ...keys, deviceId, endpoint });
      await put('d1', 'https://a');
      await put('d1', 'https://b');
      await put('d2', 'https://c');
      expect((await store.push.list()).map(({ deviceId, endpoint }) => `${deviceId} ${endpoint}`)).toEqual(['d1 https://b', 'd2 https://c']);
      await store.push.put({ ...keys, deviceId: 'd2', endpoint: 'https://b', kinds: ['answers', 'failures'], text: true, language: 'zh' });
      await put('gone', 'https://d');
      expect(await store.push.list()).toEqual([{ ...keys, deviceId: 'd2', endpoint: 'https://b', kinds: ['answers', 'failures'], text: true, language: 'zh' }]);
      expect([await store.push.remove('d1'), await store.push.remove('d2', 'https://c')]).toEqual([false, false]);
      expect(await store.devices.remove('d2')).toBe(true);
      expect(await store.push.list()).toEqual([]);
    });
  });
}
