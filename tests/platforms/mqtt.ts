// A real mosquitto on loopback with users and an access list, and in front of it a wire that can be cut or answer in its place.

import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { z } from 'zod';
import { mqtt } from '../../src/channels/mqtt/mqtt.ts';
import { jsonOf } from '../../src/lib/json-of.ts';
import type { ChannelWorld, Platform, PlatformFault, ShownMessage } from '../../src/testing/channel-world.ts';
import { freePort } from './loopback.ts';
import { openMqttWire } from './mqtt-wire.ts';
import { type RealServer, startServer } from './real-server.ts';

export const passwords = {
  copaw: 'pw of copaw',
  'id-ana': 'pw of ana',
  'id-ben': 'pw of ben',
  'the-bot': 'pw of the bot',
  watcher: 'pw of the watcher',
} as const;
export type Device = Exclude<keyof typeof passwords, 'copaw'>;

/** mosquitto-conf(5), acl_file: each device may publish at its own topic alone. */
const accessList = `
user copaw
topic read copaw/in/+
topic readwrite copaw/loop/+
topic write copaw/out/#
topic write copaw/status
user watcher
topic readwrite copaw/#
pattern write copaw/in/%u
pattern read copaw/out/%u
`;

/** mosquitto_passwd(1): PBKDF2 with SHA-512. */
const passwordFile = (users: Readonly<Record<string, string>>): string =>
  Object.entries(users)
    .map(([user, password]) => {
      const salt = randomBytes(12);
      return `${user}:$7$101$${salt.toString('base64')}$${pbkdf2Sync(password, salt, 101, 64, 'sha512').toString('base64')}\n`;
    })
    .join('');

/** What docs/channels/mqtt.md promises a device. */
const promised = z.strictObject({
  id: z.string().min(1),
  text: z.string(),
  thread: z.string().min(1).optional(),
  files: z.array(z.strictObject({ name: z.string().min(1), mediaType: z.string().min(3), base64: z.base64() })).optional(),
});

export interface MqttPlatform extends Platform {
  readonly server: RealServer;
  readonly tlsPort: number;
  /** A device with its own user, as its maker wrote it. */
  device(user: Device): Promise<MqttClient>;
  /** Of topics below copaw/, oldest first. */
  readonly published: readonly { readonly topic: string; readonly payload: string; readonly retain: boolean }[];
  /** Drops what the broker is told next, up to the cut: an acknowledgement that never arrives. */
  swallowAcks(): void;
}

export const mqttWorld = {
  kind: mqtt,
  can: { thread: true, reply: true, filesIn: true, filesOut: true, redelivers: true, login: true, bareWords: true },
  open: () => openMqttPlatform(),
} satisfies ChannelWorld;

/** `certificate`: TLS is spoken too, at `tlsPort`. */
export async function openMqttPlatform(
  own: Readonly<Record<string, unknown>> = {},
  certificate?: { readonly key: string; readonly cert: string },
): Promise<MqttPlatform> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const server = await startServer({
    command: '/usr/sbin/mosquitto',
    args: (folder) => ['-c', `${folder}/mosquitto.conf`],
    port,
    files: (folder) => ({
      'mosquitto.conf': `listener ${port} 127.0.0.1\nallow_anonymous false\npassword_file ${folder}/passwords\nacl_file ${folder}/acl\npersistence false\nlog_dest stderr\nlog_type all\n${certificate ? `listener ${tlsPort} 127.0.0.1\ncertfile ${folder}/cert.pem\nkeyfile ${folder}/key.pem\n` : ''}`,
      ...(certificate ? { 'key.pem': certificate.key, 'cert.pem': certificate.cert } : {}),
      acl: accessList,
      passwords: passwordFile(passwords),
    }),
  });
  const wire = await openMqttWire(port);
  const clients: MqttClient[] = [];
  const published: { topic: string; payload: string; retain: boolean }[] = [];
  const shown: ShownMessage[] = [];
  const ownComplaints: string[] = [];
  const sent = new Map<string, { user: Device; payload: string }>();
  let count = 0;

  const device = async (user: Device): Promise<MqttClient> => {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { username: user, password: passwords[user], protocolVersion: 5, reconnectPeriod: 0 });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const watcher = await device('watcher');
  watcher.on('message', (topic, bytes, { retain }) => {
    const payload = bytes.toString();
    published.push({ topic, payload, retain });
    if (!topic.startsWith('copaw/out/') || own.format === 'text') return;
    const parsed = promised.safeParse(jsonOf(payload));
    if (!parsed.success) return void ownComplaints.push(z.prettifyError(parsed.error));
    const { id, text, thread, files = [] } = parsed.data;
    shown.push({
      ...{ id, chat: topic.slice('copaw/out/'.length), text, choices: [], edits: 0, ...(thread === undefined ? {} : { thread }) },
      files: files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') })),
    });
  });
  await watcher.subscribeAsync('copaw/#', { qos: 1 });
  const devices = { 'id-ana': await device('id-ana'), 'id-ben': await device('id-ben'), 'the-bot': await device('the-bot'), watcher };
  const say = async (user: Device, payload: string): Promise<void> => {
    await devices[user].publishAsync(`copaw/in/${user}`, payload, { qos: 1 });
  };

  return {
    server,
    tlsPort,
    device,
    published,
    swallowAcks: wire.swallowAcks,
    settings: { url: `tcp://127.0.0.1:${wire.port}`, user: 'copaw', password: { vault: 'mqtt' }, ...own },
    secrets: { mqtt: passwords.copaw },
    ids: { ana: 'id-ana', ben: 'id-ben', self: 'copaw', bot: 'the-bot' },
    chat: (_where, person = 'ana') => `id-${person}`,
    async says({ from = 'ana', text, replyTo, thread, files = [], at }) {
      const id = `message-${++count}`;
      const user = from === 'ben' ? 'id-ben' : from === 'bot' ? 'the-bot' : 'id-ana';
      const payload = JSON.stringify({
        ...{ id, text, replyTo, thread, at },
        files: files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
      });
      sent.set(id, { user, payload });
      await say(user, payload);
      return id;
    },
    async again(id) {
      const one = sent.get(id);
      if (one) await say(one.user, one.payload);
    },
    raw: async (frame) => say('id-ana', frame),
    shown: () => shown,
    next: (...faults: readonly PlatformFault[]) => wire.next(...faults),
    async knowsAccount(known) {
      server.write('passwords', passwordFile({ ...passwords, copaw: known ? passwords.copaw : 'another one' }));
      server.signal('SIGHUP');
      // The broker says nothing when it is done: asked until it answers as it should.
      while ((await knows(port)) !== known) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    cut: wire.cut,
    connections: wire.connections,
    get complaints() {
      const said = server.said().match(/^.*(?:protocol error|malformed|invalid packet).*$/gim) ?? [];
      return [...ownComplaints, ...wire.complaints, ...said];
    },
    async close() {
      for (const client of clients) client.end(true);
      await wire.close();
      await server.stop();
    },
  };
}

async function knows(port: number): Promise<boolean> {
  try {
    const login = { username: 'copaw', password: passwords.copaw, clientId: 'probe' };
    (await connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5, reconnectPeriod: 0 })).end(true);
    return true;
  } catch {
    return false;
  }
}
