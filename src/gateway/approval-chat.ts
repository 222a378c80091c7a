// Approvals on chat channels (R13, R15): who is told what, and whose answer counts. Only an operator id, fresh, in a direct chat, naming the id.
import type { Address } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import type { ChannelLimits, Outgoing } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { Language } from '../core/config.ts';
import { toCoPawError } from '../core/error.ts';
import type { Approval } from '../core/policy.ts';
import type { Turn } from '../core/session.ts';
import { canonical } from '../lib/canonical-json.ts';
import { createChoiceSigner } from '../lib/signed-choice.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';
import type { Approvals } from './approvals.ts';
import { choiceValue, type Route } from './route.ts';
import { words } from './words.ts';

/** How old an answer may be when it arrives, milliseconds. */
const freshMs = 5 * 60_000;
/** More is not shown in a chat at all: what is approved is never cut. */
const mostShown = 1_500;

type Answer = Extract<Route, { kind: 'answer' }>;

export function createApprovalChat(parts: {
  readonly approvals: Pick<Approvals, 'answer'>;
  readonly audit: (kind: string, detail: Readonly<Record<string, string>>) => Promise<void>;
  readonly language: () => Language;
  readonly limits: (address: Address) => ChannelLimits | undefined;
  readonly send: (address: Address, message: Outgoing, key: string) => void;
}) {
  const signer = createChoiceSigner();
  const signed = (address: Address, person: string, id: string, decision: string): string[] => [
    address.channel,
    address.account,
    address.chat,
    person,
    id,
    decision,
  ];

  const question = (address: Address, person: string, { id, plan, reason, scopes, warnings }: Approval): Outgoing => {
    const say = words(parts.language());
    const text = escapeForDisplay([reason, ...warnings, `${plan.tool} ${canonical(plan.args)}`].join('\n'));
    const limits = parts.limits(address);
    if (text.length > Math.min(mostShown, (limits?.textLength ?? mostShown) - 200)) return { text: say.approvalElsewhere(id) };
    const choices = [...scopes, 'deny' as const].map((decision) => ({
      label: say.decision[decision],
      value: choiceValue(id, decision, signer.sign(signed(address, person, id, decision))),
    }));
    return { text: say.approval(text, id), ...(limits?.choices === true ? { choices } : {}) };
  };

  return {
    /** Tells the chat a turn came from that it waits; its operator is shown the plan. */
    tell({ address, origin, sender }: Pick<Turn, 'address' | 'origin' | 'sender'>, approval: Approval): void {
      if (ownChannels.has(address.channel)) return;
      parts.send(address, origin === 'operator' ? question(address, sender.id, approval) : { text: words(parts.language()).waits }, `note_${approval.id}`);
    },

    /** What is said to whoever answered. */
    async answer({ channel, account, inbound, origin, receivedAt }: Admitted, { approvalId, decision, mac, address }: Answer): Promise<string> {
      const say = words(parts.language());
      const refuse = async (text: string): Promise<string> => {
        await parts.audit('approval-answer-refused', { rule: 'R13', channel, account, sender: inbound.sender.id, approvalId: approvalId.slice(0, 64) });
        return text;
      };
      const pressed = inbound.kind === 'choice';
      if (origin !== 'operator' || inbound.chat.kind !== 'direct') return refuse(say.notYours);
      if (pressed && !signer.verify(signed(address, inbound.sender.id, approvalId, decision), mac ?? '')) return refuse(say.notYours);
      if (receivedAt - inbound.at > freshMs) return refuse(say.notFresh);
      try {
        await parts.approvals.answer(approvalId, decision, ownChannels.has(channel) ? channel : `${channel}:${account}:${inbound.sender.id}`);
        return decision === 'deny' ? say.denied : say.allowed;
      } catch (error) {
        const { code, message, next } = toCoPawError(error);
        if (code !== 'not-found' && code !== 'conflict' && code !== 'invalid') throw error;
        return [message, next].filter(Boolean).join(' ');
      }
    },
  };
}
