// One turn in a terminal: sends the message, prints what happens, answers approvals, stops on Ctrl-C.
import { toCoPawError } from '../core/error.ts';
import type { Operator } from '../core/operator.ts';
import type { Approval } from '../core/policy.ts';
import type { PlacedEvent, TurnOutcome } from '../core/turn-event.ts';
import { AnswerPrinter } from './answer-printer.ts';
import { askApproval, describeApproval } from './approval-prompt.ts';
import type { Terminal } from './terminal.ts';
import { stripControls } from './text.ts';

export interface TurnRequest {
  readonly sessionId: string;
  readonly text: string;
  /** Ids of uploads. */
  readonly attachments?: readonly string[];
  /** "provider/model" of a conversation that begins with this. */
  readonly model?: string;
  /** One event a line on stdout instead of text. */
  readonly json: boolean;
}

/** Resolves with the outcome of the turn; "cancelled" too when the person would not wait for it to stop. */
export async function followTurn(operator: Operator, terminal: Terminal, request: TurnRequest): Promise<TurnOutcome> {
  const leaving = new AbortController();
  const { json, ...message } = request;
  const { turnId, sessionId } = await operator.submit({ channel: 'cli', ...message });
  const stopping = stopOnSignal(operator, terminal, sessionId, leaving);
  const approvals = new ApprovalDesk(operator, terminal, terminal.interactive && !json);
  const printer = new AnswerPrinter(terminal);
  try {
    for await (const event of operator.events({ turnId, after: '0' }, leaving.signal)) {
      if (json) terminal.out(`${JSON.stringify(event)}\n`);
      else show(event, terminal, printer);
      if (event.type === 'approval-request') approvals.ask(event.approval);
      if (event.type === 'approval-answer') approvals.withdraw(event.approvalId);
      if (event.type === 'turn-end') return event.outcome;
    }
    return stopping.asked() ? 'cancelled' : 'interrupted';
  } catch (error) {
    if (leaving.signal.aborted) return 'cancelled';
    throw error;
  } finally {
    printer.end();
    approvals.withdrawAll();
    stopping.release();
  }
}

/** Ctrl-C stops the turn; once more, and nobody waits for that. */
export function stopOnSignal(operator: Operator, terminal: Terminal, sessionId: string, leaving: AbortController): { asked(): boolean; release(): void } {
  let stops = 0;
  const release = terminal.onStop(() => {
    if (++stops > 1) leaving.abort();
    else operator.stop(sessionId).catch((error) => say(terminal, toCoPawError(error).message));
  });
  return { asked: () => stops > 0, release };
}

function show(event: PlacedEvent, terminal: Terminal, printer: AnswerPrinter): void {
  if (event.type === 'text-delta') printer.delta(event.step, event.text);
  if (event.type === 'draft-reset') printer.reset(event.step);
  if (event.type === 'message' && event.message.role === 'assistant') {
    printer.message(event.message.step, event.message.text);
    for (const file of event.message.files ?? []) say(terminal, `file: ${file.path}`);
  }
  if (event.type === 'tool-start' && terminal.outIsTerminal) {
    printer.end();
    say(terminal, `· ${event.name}`);
  }
  if (event.type === 'tool-end' && event.outcome !== 'ok') {
    printer.end();
    say(terminal, `· ${event.name}: ${event.outcome}${event.code === undefined ? '' : ` (${event.code})`}`);
  }
  if (event.type === 'tool-end') for (const file of event.files ?? []) say(terminal, `file: ${file.path}`);
  if (event.type === 'compaction') {
    printer.end();
    const { messagesBefore, messagesAfter } = event.counts;
    say(
      terminal,
      `note: Compacted ${messagesBefore} → ${messagesAfter} messages; ${event.anchors.length} passages kept word for word. "/compact undo" takes it back.`,
    );
  }
  if (event.type === 'notice') {
    printer.end();
    say(terminal, `${event.level === 'info' ? 'note' : event.level}: ${event.text}${event.reference === undefined ? '' : ` (${event.reference})`}`);
    if (event.next !== undefined) say(terminal, `next: ${event.next}`);
  }
}

function say(terminal: Terminal, text: string): void {
  terminal.error(`${stripControls(text)}\n`);
}

/** Asks for approvals one after the other while the turn goes on; an approval answered elsewhere is taken back. */
class ApprovalDesk {
  readonly #operator: Operator;
  readonly #terminal: Terminal;
  readonly #canAsk: boolean;
  readonly #open = new Map<string, AbortController>();
  #queue: Promise<void> = Promise.resolve();

  constructor(operator: Operator, terminal: Terminal, canAsk: boolean) {
    this.#operator = operator;
    this.#terminal = terminal;
    this.#canAsk = canAsk;
  }

  ask(approval: Approval): void {
    if (approval.state !== 'pending' || this.#open.has(approval.id)) return;
    const withdrawn = new AbortController();
    this.#open.set(approval.id, withdrawn);
    this.#queue = this.#queue.then(() => this.#handle(approval, withdrawn.signal)).catch((error) => say(this.#terminal, toCoPawError(error).message));
  }

  withdraw(approvalId: string): void {
    this.#open.get(approvalId)?.abort();
  }

  withdrawAll(): void {
    for (const open of this.#open.values()) open.abort();
  }

  async #handle(approval: Approval, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (!this.#canAsk) {
      this.#terminal.error(describeApproval(approval));
      say(this.#terminal, 'Denied: nobody can be asked here. Run it on a terminal, or ask in the web console.');
    }
    const decision = this.#canAsk ? await askApproval(this.#terminal, approval, signal) : 'deny';
    if (decision === undefined) return;
    try {
      await this.#operator.answer(approval.id, decision, 'cli');
    } catch (error) {
      // Somebody was quicker, or it expired: the turn goes on with that answer.
      if (toCoPawError(error).code !== 'conflict') throw error;
    }
  }
}
