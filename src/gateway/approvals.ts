// Approvals: store the plan, show it, wait for one answer. Expiry, abort and a restart are a no.

import type { TurnIo } from '../agent/parts.ts';
import { CoPawError } from '../core/error.ts';
import type { Approval, ApprovalDecision, Verdict } from '../core/policy.ts';
import type { Turn } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';

type Answer = { readonly decision: ApprovalDecision | 'expired'; readonly by?: string };

export class Approvals {
  readonly #store: Store['approvals'];
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #minutes: () => number;
  readonly #tell: (turn: Turn, approval: Approval) => void;
  readonly #waiting = new Map<string, (answer: Answer) => void>();

  /** `tell`: the chat the turn came from hears that it waits. */
  constructor(parts: { store: Store['approvals']; clock: Clock; ids: Ids; minutes: () => number; tell?: (turn: Turn, approval: Approval) => void }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#ids = parts.ids;
    this.#minutes = parts.minutes;
    this.#tell = parts.tell ?? (() => undefined);
  }

  /** Asks and waits. The stored row is what `confirm` matches the plan against. */
  async ask(turn: Turn, asked: Extract<Verdict, { verdict: 'ask' }>, io: TurnIo): Promise<{ decision: ApprovalDecision | 'expired'; approvalId: string }> {
    const now = this.#clock.now();
    const approval: Approval = {
      id: this.#ids('appr'),
      plan: asked.plan,
      reason: asked.reason,
      scopes: asked.scopes,
      warnings: asked.warnings,
      state: 'pending',
      askedAt: now,
      expiresAt: now + this.#minutes() * 60_000,
    };
    const callId = asked.plan.place.callId;
    await this.#store.add(approval);
    const answered = this.#wait(approval, io.signal);
    await io.commit('approval-asked', [{ type: 'approval-request', callId, approval }]);
    this.#tell(turn, approval);
    const { decision, by } = await answered;
    await io.commit('approval-answered', [{ type: 'approval-answer', callId, approvalId: approval.id, decision, ...(by === undefined ? {} : { by }) }]);
    io.signal.throwIfAborted();
    return { decision, approvalId: approval.id };
  }

  pending(): Promise<readonly Approval[]> {
    return this.#store.pending();
  }

  async answer(id: string, decision: ApprovalDecision, by: string): Promise<Approval> {
    const approval = await this.#store.get(id);
    if (!approval) throw new CoPawError('not-found', `There is no approval ${id}.`);
    if (decision !== 'deny' && !approval.scopes.includes(decision))
      throw new CoPawError('invalid', `"${decision}" is not offered for this call.`, { next: `Choose one of: ${approval.scopes.join(', ')}, deny.` });
    const late = this.#clock.now() >= approval.expiresAt;
    const waiter = this.#waiting.get(id);
    // The clock may have been set forward: whoever waits hears of the end now.
    if (late && waiter && (await this.#store.settle(id, { state: 'expired' }))) waiter({ decision: 'expired' });
    if (late || !waiter || !(await this.#store.settle(id, { state: decision === 'deny' ? 'denied' : 'approved', decision, answeredBy: by }))) {
      throw new CoPawError('conflict', 'This approval is no longer pending.', { next: 'Ask the agent to try again.' });
    }
    waiter({ decision, by });
    return { ...approval, state: decision === 'deny' ? 'denied' : 'approved', decision, answeredBy: by };
  }

  /** At start: whoever waited for these is gone. */
  async expireAll(): Promise<void> {
    for (const approval of await this.#store.pending()) await this.#store.settle(approval.id, { state: 'expired' });
  }

  #wait(approval: Approval, signal: AbortSignal): Promise<Answer> {
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        timer.cancel();
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(approval.id);
        resolve(answer);
      };
      const lapse = (answer: Answer): void => {
        void this.#store.settle(approval.id, { state: answer.decision === 'deny' ? 'denied' : 'expired' }).then(
          (settled) => settled && settle(answer),
          () => settle(answer), // the turn goes on; at the next start the row is expired
        );
      };
      const onAbort = (): void => lapse({ decision: 'deny' });
      const timer = this.#clock.after(approval.expiresAt - this.#clock.now(), () => lapse({ decision: 'expired' }));
      this.#waiting.set(approval.id, settle);
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }
}
