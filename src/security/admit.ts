// The sender door (R9–R11): whose words CoPaw acts on, and in which column of the verdict table. What is not listed in config.json is nobody.
import type { Origin } from '../core/address.ts';
import type { AuditDoor } from '../core/audit.ts';
import type { Admitted } from '../core/brand.ts';
import { type ChannelsConfig, ownChannels } from '../core/channel-config.ts';
import type { Envelope } from '../core/inbound.ts';
import { type Admission, ownVerdict, type SenderFacts, type SenderRefusal, senderVerdict } from '../core/sender-rules.ts';
import type { Clock } from '../lib/clock.ts';
import { createSenderBudget } from '../lib/sender-budget.ts';

/** `again`: the event was admitted and stored before; it does not count against a limit twice. */
export type Admit = (envelope: Envelope, again?: boolean) => Promise<Admission>;

export function createAdmit(parts: {
  audit: AuditDoor;
  clock: Pick<Clock, 'now'>;
  channels(): ChannelsConfig;
  /** What the outbox knows of the event. */
  facts(envelope: Envelope): Promise<SenderFacts>;
}): Admit {
  const budget = createSenderBudget(parts.clock);
  const refuse = ({ channel, account, inbound }: Envelope, { rule, reason, outcome }: SenderRefusal): Admission => {
    const sender = String(inbound.sender.id).slice(0, 256);
    // The refusal stands whether or not it can be written down.
    if (outcome !== 'unaddressed' && budget.audits([channel, account], sender, rule))
      parts.audit.append('sender-refused', { rule, channel, account, sender, event: inbound.kind }).catch(() => undefined);
    return { admitted: false, rule, reason, outcome };
  };
  const admitted = (envelope: Envelope, origin: Origin): Admission => ({ admitted: true, envelope: { ...envelope, origin } as Admitted });

  return async (envelope, again = false) => {
    const { channel, account, inbound } = envelope;
    const verdict = ownChannels.has(channel) ? ownVerdict(envelope) : senderVerdict(parts.channels(), envelope, await parts.facts(envelope));
    if (!('origin' in verdict)) return refuse(envelope, verdict);
    if (!again && verdict.limits && !budget.takes([channel, account], inbound.sender.id, inbound.chat.id, verdict.limits))
      return refuse(envelope, { rule: 'R11', reason: 'Too many messages in one minute.', outcome: 'too-many' });
    return admitted(envelope, verdict.origin);
  };
}
