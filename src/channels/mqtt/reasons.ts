// What a broker's reason codes mean (MQTT 5.0, section 2.4): for a connection, and for a message that was to be sent.
import { CoPawError } from '../../core/error.ts';

const askedWaitMs = 2_000;
/** Not authorized, topic name invalid, packet too large, payload format invalid: the broker will never take it. */
const never: ReadonlySet<number> = new Set([0x87, 0x90, 0x95, 0x99]);

/** Why the broker did not take the connection, or ended it. */
export function connectionRefused(code: number): CoPawError {
  const said = `The broker said no (reason ${code}).`;
  switch (code) {
    case 0x04:
    case 0x05:
    case 0x86:
    case 0x87:
    case 0x8c:
      return new CoPawError('unauthenticated', said, { next: 'Look at the user and the password: copaw channels add mqtt.' });
    case 0x8a:
      return new CoPawError('forbidden', said, { next: 'The broker bans this client or its user.' });
    case 0x01:
    case 0x84:
      return new CoPawError('config-invalid', 'The broker does not speak MQTT 5.', { next: 'Use one that does, for example mosquitto 1.6 or newer.' });
    case 0x02:
    case 0x85:
      return new CoPawError('config-invalid', 'The broker does not take the client id.', { next: 'Set `clientId` to another one.' });
    case 0x8e:
      return new CoPawError('channel-down', 'Another client with the same client id took the session over.', { next: 'Set `clientId` to one of its own.' });
    default:
      return new CoPawError('channel-down', said);
  }
}

/** What an acknowledgement above 0x80 means: by the standard the message was not accepted. */
export function publishRefused(code: number, topic: string): CoPawError {
  const said = `The broker did not take a message for ${topic} (reason ${code}).`;
  if (never.has(code)) return new CoPawError('send-refused', said);
  if (code === 0x97 || code === 0x96) return new CoPawError('busy', said, { retryAfterMs: askedWaitMs });
  return new CoPawError('channel-down', said, { retryable: true });
}
