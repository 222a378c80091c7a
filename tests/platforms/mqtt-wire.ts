// The wire between CoPaw and a broker, packet by packet: it counts, cuts, and answers in place of the broker.

import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import type { PlatformFault } from '../../src/testing/channel-world.ts';
import { listen, shut } from './loopback.ts';

export interface MqttWire {
  readonly port: number;
  next(...faults: readonly PlatformFault[]): void;
  swallowAcks(): void;
  cut(): void;
  connections(): number;
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const version = { protocolVersion: 5 as const };
/** MQTT 5.0, section 3.4.2.1: reason codes of PUBACK. */
const pubackCode: Partial<Record<PlatformFault, number>> = { forbidden: 0x87, busy: 0x97, broken: 0x80 };

export async function openMqttWire(brokerPort: number): Promise<MqttWire> {
  const open = new Set<Socket>();
  const faults: PlatformFault[] = [];
  const complaints: string[] = [];
  let swallowing = false;

  const server = createServer((ours) => {
    const broker = connectTcp({ host: '127.0.0.1', port: brokerPort });
    open.add(ours);
    ours.once('close', () => {
      open.delete(ours);
      broker.destroy();
    });
    broker.once('close', () => ours.end());
    for (const socket of [ours, broker]) socket.on('error', () => undefined);
    broker.on('data', (bytes) => void ours.write(bytes));
    const take = (bytes: Uint8Array, packet: Packet): void => {
      complaints.push(...faultsOf(packet));
      if (swallowing && packet.cmd === 'puback') return;
      const fault = packet.cmd === 'publish' && packet.topic.startsWith('copaw/out/') ? faults.shift() : undefined;
      if (fault === undefined) return void broker.write(bytes);
      if (fault === 'lost') {
        broker.removeAllListeners('data');
        broker.write(bytes);
        broker.on('data', () => ours.destroy()); // it has arrived, and nobody hears of it
        return;
      }
      if (fault === 'unauthenticated') return void ours.end(generate({ cmd: 'disconnect', reasonCode: 0x87 }, version));
      const { messageId = 0 } = packet as IPublishPacket;
      ours.write(generate({ cmd: 'puback', messageId, reasonCode: pubackCode[fault] ?? 0x80 }, version));
    };
    let rest = Buffer.alloc(0);
    ours.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      for (let size = packetSize(rest); size !== undefined; size = packetSize(rest)) {
        const one = rest.subarray(0, size);
        rest = rest.subarray(size);
        const reader = parser(version);
        reader.once('packet', (packet) => take(one, packet));
        reader.once('error', (error) => void complaints.push(error.message));
        reader.parse(one);
      }
    });
  });
  const port = await listen(server);

  const cut = (): void => {
    swallowing = false;
    for (const socket of open) socket.destroy();
  };
  return {
    port,
    next: (...more) => void faults.push(...more),
    swallowAcks() {
      swallowing = true;
    },
    cut,
    connections: () => open.size,
    complaints,
    close() {
      cut();
      return shut(server);
    },
  };
}

/** What CoPaw says that it never does. */
function faultsOf(packet: Packet): readonly string[] {
  if (packet.cmd === 'connect' && (packet.clean || packet.will?.retain === false)) return ['a session, or a last word, that is not kept'];
  if (packet.cmd === 'publish' && packet.qos !== 1) return [`QoS ${packet.qos} at ${packet.topic}`];
  if (packet.cmd === 'subscribe' && packet.subscriptions.some(({ nl, qos, rh }) => !nl || qos !== 1 || rh !== 2)) return ['a subscription that takes echoes'];
  return [];
}

/** MQTT 5.0, section 2.1.4: seven bits of the length in each byte. Undefined: not all of it is here. */
function packetSize(bytes: Buffer): number | undefined {
  let length = 0;
  for (let index = 1; index < 5; index++) {
    const byte = bytes[index];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 128 ** (index - 1);
    if (byte < 128) return bytes.length >= 1 + index + length ? 1 + index + length : undefined;
  }
  throw new Error('A length of more than four bytes.');
}
