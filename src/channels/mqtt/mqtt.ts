// MQTT 5: each sender has a topic, and the broker's access list says who may publish there. What was not stored is not acknowledged, so the broker keeps it.

import type { Socket } from 'node:net';
import type { MqttClient } from 'mqtt';
import { z } from 'zod';
import { type Channel, type ChannelLimits, type Inbox, partName, type Sendable } from '../../core/channel.ts';
import { type ChannelHands, channelKind, channelSecret } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { isTlsOrOwnMachine, tlsFault, withoutTls } from '../without-tls.ts';
import { connectionRefused, publishRefused } from './reasons.ts';
import { packetIds, type ReceivedPacket, senderOf, toInbound } from './wire.ts';

const level = /^[^+#/\p{Cc}]*$/u;
const isTopic = (topic: string): boolean => topic !== '' && !topic.startsWith('$') && topic.split('/').every((one) => level.test(one));

const settings = z
  .looseObject({
    url: z.url({ protocol: /^(?:tcp|tls)$/ }).describe('The broker: tls://host:8883; tcp://host:1883 without encryption, on the own machine.'),
    user: z.string().min(1).optional().meta({ description: 'User at the broker.', asked: true }),
    password: channelSecret().optional().describe('Password of that user.'),
    clientId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .optional()
      .describe('Name of the session at the broker, one for each CoPaw; default: copaw- and the name of the account.'),
    subscribe: z
      .string()
      .refine((filter) => filter.split('/').includes('+') && isTopic(filter.replaceAll('+', 'x')), 'A topic with "+" as a level of its own; no "#".')
      .default('copaw/in/+')
      .describe('Where messages come. What stands for the last + is the id of the sender: the broker must let nobody else publish there.'),
    publish: z
      .string()
      .refine((topic) => topic.includes('{chat}') && isTopic(topic.replaceAll('{chat}', 'x')), 'A topic with {chat} in it.')
      .default('copaw/out/{chat}')
      .describe('Where answers go; {chat} is the id of the sender.'),
    status: z
      .string()
      .refine((topic) => topic === '' || isTopic(topic), 'A topic, or nothing.')
      .default('copaw/status')
      .describe('Where "online" and "offline" are kept, the latter by the broker when CoPaw is gone; empty: nowhere.'),
    format: z.enum(['json', 'text']).default('json').describe('Of answers: JSON with id, text, thread and files, or the words alone.'),
    textLength: z.int().min(160).max(100_000).default(16_000).describe('Most characters of one part of an answer.'),
    dangerouslyWithoutTls: withoutTls,
  })
  .refine(isTlsOrOwnMachine, tlsFault);
type Settings = z.output<typeof settings>;

export const mqtt = channelKind({
  kind: 'mqtt',
  title: 'MQTT',
  settings,
  origins: ({ url }) => [originOf(url)],
  open: (chosen, hands) => openMqtt(chosen, hands),
});

const keepAliveSeconds = 30;
/** So long the broker keeps the session of a CoPaw that is gone, and what is sent to it. */
const sessionSeconds = 86_400;
const mostPacket = 64 * 1024 * 1024;
/** Messages on their way to us that are not acknowledged. */
const mostUnacknowledged = 16;

interface Connection {
  readonly client: MqttClient;
  /** Largest packet the broker takes, bytes. */
  readonly mostBytes: number;
  /** Rejects when the connection is gone, with what that means for a message on its way. */
  readonly gone: Promise<never>;
}

function openMqtt(chosen: Settings, hands: ChannelHands): Channel {
  const json = chosen.format === 'json';
  const limits: ChannelLimits = { dialect: 'plain', textLength: chosen.textLength, media: json, edit: false, choices: false, threads: json };
  let connection: Connection | undefined;

  return {
    limits,
    async start(inbox, signal) {
      const over = Promise.withResolvers<undefined>();
      const abort = (): void => over.resolve(undefined);
      signal.addEventListener('abort', abort, { once: true });
      const { password: ref, user } = chosen;
      const password = ref === undefined ? undefined : await hands.secret(ref);
      // The client alone: the package's own ways to connect stay out. Loaders do not agree on what "default" of such a module is.
      const { default: loaded } = await import('mqtt/lib/client');
      const Client = 'default' in loaded ? loaded.default : loaded;
      const socket = await hands.connect(originOf(chosen.url), signal);
      if (signal.aborted) return void socket.destroy();
      const client = new Client(() => socket, optionsOf(chosen, hands, { user, password }));
      const gone = Promise.withResolvers<never>();
      gone.promise.catch(() => undefined);
      const fail = (error: CoPawError): void => {
        over.reject(error);
        gone.reject(error.code === 'unauthenticated' ? error : lost(error));
      };
      over.promise.catch(() => undefined);
      try {
        const ended = watch(client, socket, inbox, fail);
        listen(client, { chosen, hands, inbox, fail });
        client.connect();
        const mostBytes = await Promise.race([connected(client, ended), over.promise]);
        if (mostBytes === undefined) return;
        await Promise.race([settle(client, chosen, hands), over.promise]);
        if (signal.aborted) return;
        connection = { client, mostBytes, gone: gone.promise };
        inbox.alive();
        await over.promise;
      } finally {
        signal.removeEventListener('abort', abort);
        connection = undefined;
        gone.reject(lost());
        client.end(true); // without a farewell, so that the broker says "offline"
        socket.destroy();
      }
    },
    async send(to, message, key) {
      if (!connection) throw new CoPawError('egress-failed', 'There is no connection to the broker.');
      const { client, gone, mostBytes } = connection;
      const id = partName(key);
      const topic = topicFor(chosen.publish, to.chat);
      const payload = json ? await writtenAsJson(id, to.thread, message) : message.text;
      if (Buffer.byteLength(payload) + topic.length + 64 > mostBytes) throw new CoPawError('send-refused', `The broker takes ${mostBytes} bytes at most.`);
      const properties = { payloadFormatIndicator: true, ...(json ? { contentType: 'application/json' } : {}) };
      await Promise.race([client.publishAsync(topic, payload, { qos: 1, properties }).catch((error: unknown) => Promise.reject(refused(error, topic))), gone]);
      return { id };
    },
    stop: async () => undefined,
  };
}

function originOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname}:${port === '' ? (protocol === 'tls:' ? 8883 : 1883) : port}`;
}

function optionsOf({ clientId, status }: Settings, { clock, account }: ChannelHands, login: { user: string | undefined; password: string | undefined }) {
  return {
    ...{ manualConnect: true, reconnectPeriod: 0, resubscribe: false, protocolVersion: 5 as const, protocolId: 'MQTT' as const },
    ...{ clientId: clientId ?? `copaw-${account}`, clean: false, keepalive: keepAliveSeconds, reschedulePings: false, timerVariant: timerOf(clock) },
    ...(login.user === undefined ? {} : { username: login.user }),
    ...(login.password === undefined ? {} : { password: login.password }),
    properties: { sessionExpiryInterval: sessionSeconds, receiveMaximum: mostUnacknowledged, maximumPacketSize: mostPacket },
    ...(status === '' ? {} : { will: { topic: status, payload: Buffer.from('offline'), qos: 1 as const, retain: true } }),
  };
}

/** The pings of the client by the clock of CoPaw. */
function timerOf(clock: ChannelHands['clock']) {
  const timers = new Map<number, { cancel(): void }>();
  let count = 0;
  return {
    set(fn: () => void, ms = 0): number {
      const own = ++count;
      const next = (): void => void timers.set(own, clock.after(ms, tick));
      const tick = (): void => {
        next();
        fn();
      };
      next();
      return own;
    },
    clear(own: number): void {
      timers.get(own)?.cancel();
      timers.delete(own);
    },
  };
}

/** Ends with the connection, by `fail`. Anything that comes but the answers to what we sent is life. */
function watch(client: MqttClient, socket: Socket, inbox: Inbox, fail: (error: CoPawError) => void): Promise<never> {
  const ended = Promise.withResolvers<never>();
  const end = (error: CoPawError): void => {
    fail(error);
    ended.reject(error);
  };
  ended.promise.catch(() => undefined);
  client.on('packetreceive', ({ cmd }) => {
    if (cmd === 'pingresp' && client.connected) inbox.alive();
  });
  client.on('disconnect', ({ reasonCode = 0 }) => end(connectionRefused(reasonCode)));
  client.on('error', (error) => {
    const code = codeOf(error);
    end(code === undefined ? new CoPawError('channel-down', 'The connection to the broker failed.', { cause: error }) : connectionRefused(code));
  });
  client.on('close', () => end(new CoPawError('channel-down', 'The broker closed the connection.')));
  if (socket.destroyed) end(new CoPawError('channel-down', 'The broker closed the connection.'));
  return ended.promise;
}

/** Each message is acknowledged once it is stored. One that is not ends the connection: the broker delivers it again on the next. */
function listen(
  client: MqttClient,
  parts: { readonly chosen: Settings; readonly hands: ChannelHands; readonly inbox: Inbox; readonly fail: (error: CoPawError) => void },
): void {
  const { chosen, hands, inbox, fail } = parts;
  const idOf = packetIds(hands.random);
  const take = async ({ retain, packet }: { readonly retain: boolean; readonly packet: ReceivedPacket }): Promise<void> => {
    const sender = senderOf(chosen.subscribe, packet.topic);
    const received = sender === undefined || retain ? undefined : toInbound(packet, sender, hands.clock.now(), idOf);
    if (received) await inbox.receive(received.event, received.files);
    else hands.log('info', 'mqtt-ignored', { account: hands.account, retained: retain, bytes: packet.payload.byteLength });
  };
  client.handleMessage = ({ topic, payload, qos, messageId, dup, retain }, acknowledge) => {
    const packet = { topic, payload: Buffer.from(payload), packetId: qos === 0 ? undefined : messageId, again: dup };
    take({ retain, packet }).then(
      () => acknowledge(),
      (error: unknown) => fail(new CoPawError('channel-down', 'A message was not taken; the broker is asked for it again.', { cause: error })),
    );
  };
}

/** Largest packet the broker takes. */
function connected(client: MqttClient, ended: Promise<never>): Promise<number> {
  const connack = new Promise<number>((resolve, reject) => {
    client.once('connect', ({ properties: { maximumQoS = 1, maximumPacketSize = mostPacket } = {} }) => {
      if (maximumQoS === 0) reject(new CoPawError('config-invalid', 'The broker confirms no messages (QoS 1).', { next: 'Use one that does.' }));
      else resolve(maximumPacketSize);
    });
  });
  return Promise.race([connack, ended]);
}

async function settle(client: MqttClient, { subscribe, status }: Settings, { log, account }: ChannelHands): Promise<void> {
  const [granted] = await client.subscribeAsync(subscribe, { qos: 1, nl: true, rh: 2 }).catch((error: unknown) => {
    if (!client.connected) throw lost(error);
    throw new CoPawError('forbidden', `The broker does not let CoPaw listen at ${subscribe}.`, {
      next: 'Give its user the right to read there in the access list of the broker.',
      cause: error,
    });
  });
  if (granted?.qos !== 1) throw new CoPawError('config-invalid', `The broker confirms no messages (QoS 1) at ${subscribe}.`, { next: 'Allow QoS 1 there.' });
  if (status === '') return;
  await client
    .publishAsync(status, 'online', { qos: 1, retain: true })
    .catch((error: unknown) => log('warn', 'mqtt-status-refused', { account, reason: codeOf(error) }));
}

function topicFor(template: string, chat: string): string {
  if (chat === '' || !level.test(chat)) throw new CoPawError('send-refused', 'This id cannot be a level of a topic.');
  return template.replaceAll('{chat}', () => chat);
}

async function writtenAsJson(id: string, thread: string | undefined, { text, files = [] }: Sendable): Promise<string> {
  const whole = await Promise.all(
    files.map(async ({ name, mediaType, bytes }) => ({ name, mediaType, base64: Buffer.from(await bytes()).toString('base64') })),
  );
  return JSON.stringify({ id, text, ...(thread === undefined ? {} : { thread }), ...(whole.length === 0 ? {} : { files: whole }) });
}

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code > 0 ? error.code : undefined;

const lost = (cause?: unknown): CoPawError =>
  new CoPawError('channel-down', 'The connection to the broker broke before it confirmed the message.', { retryable: false, cause });

function refused(error: unknown, topic: string): unknown {
  const code = codeOf(error);
  return code === undefined ? lost(error) : publishRefused(code, topic);
}
