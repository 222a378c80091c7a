// The sender door (R9, R11): whose words CoPaw acts on, and in which column of the verdict table. What is not listed here is nobody.
import type { Origin } from '../core/address.ts';
import type { AuditDoor } from '../core/audit.ts';
import type { Admitted } from '../core/brand.ts';
import type { Envelope } from '../core/inbound.ts';

type Admission = { admitted: true; envelope: Admitted } | { admitted: false; rule: string; reason: string };

/** Channels of CoPaw itself. They are only reached with the operator's credential, or from inside. */
const ownChannels: ReadonlyMap<string, Origin> = new Map([
  ['console', 'operator'],
  ['cli', 'operator'],
  ['api', 'operator'],
  ['schedule', 'unattended'],
]);

export function createAdmit(parts: { audit: AuditDoor }): (envelope: Envelope) => Admission {
  const refuse = (envelope: Envelope, rule: string, reason: string): Admission => {
    const { channel, account, inbound } = envelope;
    // The refusal stands whether or not it can be written down.
    parts.audit.append('sender-refused', { rule, channel, account, sender: inbound.sender.id, event: inbound.kind }).catch(() => undefined);
    return { admitted: false, rule, reason };
  };
  return (envelope) => {
    if (envelope.inbound.sender.bot === true) return refuse(envelope, 'R11', 'Messages of bots are not taken.');
    const origin = envelope.account === 'local' ? ownChannels.get(envelope.channel) : undefined;
    if (origin === undefined) return refuse(envelope, 'R9', 'This sender is not on the allowlist.');
    return { admitted: true, envelope: { ...envelope, origin } as Admitted };
  };
}
