// How a connection begins and ends: it says that it lives, it heeds its signal, it is gone when it is told to, and it says why when it fails.
import { expect, test } from 'vitest';
import { secretMembers } from '../core/channel-kind.ts';
import { toCoPawError } from '../core/error.ts';
import { connected, eventually, letGo, nothingLeft, run } from './channel-run.ts';
import type { ChannelWorld } from './channel-world.ts';

export function testConnection(world: ChannelWorld): void {
  const { kind, can } = world;

  test('every setting says what it is, and each secret is one', async () => {
    for (const [name, member] of Object.entries(kind.settings.shape)) expect((member as { description?: string }).description, name).toMatch(/\w/u);
    const platform = await world.open();
    try {
      expect(secretMembers(kind)).toEqual(expect.arrayContaining(Object.keys(platform.settings).filter((name) => isRef(platform.settings[name]))));
    } finally {
      await platform.close();
    }
  });

  test('it lives once it is connected, ends with its signal, and leaves nothing', () =>
    connected(world, async (_platform, one) => {
      expect(one.inbox.lives).toBeGreaterThan(0);
      one.abort.abort();
      expect(await one.ended).toBeUndefined();
    }));

  test('stopped twice, and before it ever started', () =>
    connected(world, async (platform, one) => {
      await letGo(one);
      await one.channel.stop();
      const other = kind.open(kind.settings.parse(platform.settings), one.hands);
      await other.stop();
    }));

  test('stopped while it connects, it never comes to life afterwards', async () => {
    const platform = await world.open();
    try {
      const one = run(world, platform);
      await letGo(one);
      const { lives } = one.inbox;
      await nothingLeft(platform, one);
      expect(one.inbox.lives).toBe(lives);
    } finally {
      await platform.close();
    }
  });

  test('with a signal that is aborted already nothing is begun', async () => {
    const platform = await world.open();
    try {
      const { channel, inbox, hands } = run(world, platform);
      await channel.stop();
      const other = kind.open(kind.settings.parse(platform.settings), hands);
      await other.start(inbox, AbortSignal.abort()).catch((error: unknown) => expect(toCoPawError(error).code).toBe('cancelled'));
      await other.stop();
    } finally {
      await platform.close();
    }
  });

  test('a connection that breaks ends the start, as something that may be tried again, or is taken up again', async () => {
    const platform = await world.open();
    try {
      if (platform.cut === undefined) return expect(can.login ?? false, 'a platform that we connect to can be cut').toBe(false);
      const one = await run(world, platform).up();
      await platform.cut();
      if (can.resumes === true) {
        const id = await platform.says({ text: 'said meanwhile' });
        expect(await one.inbox.until((event) => event.kind === 'message')).toMatchObject({ id, text: 'said meanwhile' });
        await letGo(one);
        return await nothingLeft(platform, one);
      }
      const ended = await one.ended;
      if (ended !== undefined) expect(refusal(ended)).toBe(false);
      await letGo(one);
      await nothingLeft(platform, one);
    } finally {
      await platform.close();
    }
  });

  test('what is gone is no life: a dead server fails the start', async () => {
    const platform = await world.open();
    await platform.close();
    const one = run(world, platform);
    if (can.login === true) {
      const ended = await one.ended;
      expect(ended).toBeInstanceOf(Error);
      expect(refusal(ended)).toBe(false);
      expect(one.inbox.lives).toBe(0);
    }
    await letGo(one);
    await eventually(() => expect(one.hands.sockets.size).toBe(0));
  });

  test('a credential that is not known is a refusal, not a try', async () => {
    const platform = await world.open();
    try {
      if (can.login !== true) return;
      await platform.knowsAccount(false);
      const one = run(world, platform);
      const ended = await one.ended;
      expect(refusal(ended)).toBe(true);
      expect(String(ended)).not.toContain(Object.values(platform.secrets)[0]);
      await letGo(one);
      await platform.knowsAccount(true);
      await letGo(await run(world, platform).up());
    } finally {
      await platform.close();
    }
  });

  test('a secret that is not there is a refusal that says so', async () => {
    const platform = await world.open();
    try {
      const names = Object.keys(platform.settings).filter((name) => isRef(platform.settings[name]));
      for (const name of names) {
        const one = run(world, platform, { ...platform.settings, [name]: { vault: 'not-there' } });
        expect(toCoPawError(await one.ended)).toMatchObject({ code: 'secret-missing' });
        await letGo(one);
      }
    } finally {
      await platform.close();
    }
  });
}

const isRef = (value: unknown): boolean => typeof value === 'object' && value !== null && 'vault' in value;

/** Whether trying again by itself is of no use. */
function refusal(error: unknown): boolean {
  const { code, retryable } = toCoPawError(error);
  return !retryable && ['unauthenticated', 'forbidden', 'config-invalid', 'secret-missing'].includes(code);
}
