// R18 where a browser says itself at which address it is told: nothing inside is asked, whatever the address, and who said so is told nothing more.
import { afterAll, beforeAll, expect } from 'vitest';
import { senderPublicKey } from '../../src/lib/web-push.ts';
import { openWorld, type World } from '../app/harness.ts';
import { type LoopbackDoor, openLoopbackDoor } from '../app/loopback-door.ts';
import { attack, spellings } from './attack.ts';

let world: World;
let door: LoopbackDoor;
beforeAll(async () => {
  [world, door] = await Promise.all([openWorld(), openLoopbackDoor()]);
});
afterAll(async () => {
  await world.close();
  await door.close();
});

/** The keys of RFC 8291, appendix A. */
const browser = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
};
const choice = { kinds: ['answers' as const], text: true, language: 'en' as const };

const hosts = [
  ...[
    '127.0.0.1',
    'localhost',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0.0.0.0',
    '127。0。0。1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[fe80::1]',
  ],
  ...['169.254.169.254', '10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '[fd00:ec2::254]', '[::ffff:a9fe:a9fe]', 'user@127.0.0.1'],
];
spellings('R18-26', 'a browser that wants to be told at an address of this machine or its network', hosts, async (host) => {
  const { store, admins } = world.app;
  for (const endpoint of [`https://${host}/push`, `https://${host}:${door.port}/push`]) {
    await store.devices.add({ id: endpoint, name: 'browser', tokenHash: endpoint, createdAt: 1, seenAt: 1 });
    await admins.push.key();
    await admins.push.put(endpoint, { endpoint, ...browser }, choice, 'test');
    await expect(admins.push.test(endpoint), endpoint).rejects.toMatchObject({ code: 'conflict' });
    expect((await store.push.list()).map(({ deviceId }) => deviceId)).not.toContain(endpoint);
    expect((await store.audit.newest(1)).at(0)).toMatchObject({ kind: 'egress-refused', detail: { rule: 'R18', deviceId: endpoint } });
  }
  expect(door.visits).toBe(0);
});

attack('R23-31', 'the private key of the sender in what is answered, logged or said in an error', async () => {
  const { admins, secrets } = world.app;
  const key = await admins.push.key();
  const own = await secrets.use({ vault: 'push-sender' }, (value) => value);
  expect(senderPublicKey(own)).toBe(key);
  expect(JSON.stringify([await admins.push.state('d'), await secrets.list()])).not.toContain(own);
  expect(secrets.redact(`fault: ${own}`)).not.toContain(own);
});
