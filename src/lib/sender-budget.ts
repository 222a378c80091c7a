// How much one sender, chat or account may cause: events taken in a minute, refusals written to the audit in an hour.
import type { Clock } from './clock.ts';
import { createKeyedBudget } from './keyed-budget.ts';

/** Refusals of one sender for one rule, of one account, of all; the rest is only counted elsewhere. */
const auditedPerHour = { sender: 1, account: 60, all: 600 } as const;
const mostKeys = 10_000;

export function createSenderBudget(clock: Pick<Clock, 'now'>) {
  const minute = createKeyedBudget(clock, { withinMs: 60_000, mostKeys });
  const hour = createKeyedBudget(clock, { withinMs: 60 * 60_000, mostKeys });
  return {
    /** Counts one event of a listed sender. */
    takes(account: readonly string[], sender: string, chat: string, most: { readonly senderPerMinute: number; readonly chatPerMinute: number }): boolean {
      const bySender = minute(JSON.stringify([...account, 'sender', sender]), most.senderPerMinute);
      const byChat = minute(JSON.stringify([...account, 'chat', chat]), most.chatPerMinute);
      return bySender === 'within' && byChat === 'within';
    },
    /** Whether this refusal is to be written down. */
    audits(account: readonly string[], sender: string, rule: string): boolean {
      const key = JSON.stringify(account);
      return (
        hour(`${key} ${rule} ${sender}`, auditedPerHour.sender) === 'within' &&
        hour(key, auditedPerHour.account) === 'within' &&
        hour('', auditedPerHour.all) === 'within'
      );
    },
  };
}
