// Sends what was written here: one after the other, kept until CoPaw has taken it or the person lets it go, and to nobody but the CoPaw it was written for.
import type { ErrorBody, PlacedEvent } from '../../../src/http/contract.ts';
import { ApiError, type api, type Trouble, troubleOf } from './api.ts';
import type { Outgoing } from './chat-items.ts';
import type { ChatAction } from './chat-state.ts';
import { type KeptSend, KeptSends } from './kept-sends.ts';

/** How soon a message goes out again where it was not taken though the stream holds. */
const sendAgainMs = 2_000;
/** A message that is answered with failures so often and for so long is marked as not sent, so that those after it go on. */
const patience = { tries: 5, ms: 30_000 } as const;
/** What the machine lacks it lacks for every message, and CoPaw goes on by itself. */
const machineCodes: readonly string[] = ['disk-full', 'disk-read-only', 'files-exhausted'] satisfies readonly ErrorBody['error']['code'][];

export interface SendingParts {
  readonly send: typeof api.send;
  /** Which login the next request goes out under. */
  readonly login: () => string;
  readonly isOpen: () => boolean;
  readonly log: (sessionId: string) => readonly PlacedEvent[];
  readonly lookAt: (error: unknown) => void;
  readonly show: (sessionId: string, action: ChatAction) => void;
}

export class Sending {
  readonly #parts: SendingParts;
  readonly #kept = new KeptSends();
  /** Conversations whose messages go out right now. */
  readonly #busy = new Set<string>();
  /** By message: since when, and how often, it was answered with a failure. */
  readonly #failures = new Map<string, { readonly since: number; readonly tries: number }>();

  constructor(parts: SendingParts) {
    this.#parts = parts;
  }

  /** Under an id that was sent before: again, also where it was refused or written under another login. */
  async send(message: Omit<KeptSend, 'login'>): Promise<void> {
    const model = message.model ?? this.#kept.of(message.sessionId).find(({ messageId }) => messageId === message.messageId)?.model;
    const send = { ...message, login: this.#parts.login(), ...(model === undefined ? {} : { model }) };
    this.#kept.add(send);
    this.#show(send, 'sending');
    await this.#goOn(send.sessionId);
  }

  /** All that waits, of every conversation. */
  goOn(): void {
    for (const sessionId of this.#kept.sessions()) void this.#goOn(sessionId);
  }

  /** Shows what is kept of a conversation that was opened. */
  opened(sessionId: string): void {
    for (const send of this.#kept.of(sessionId)) this.#show(send, this.#stateOf(send), send.problem);
  }

  discard(sessionId: string, messageId: string): void {
    this.#failures.delete(messageId);
    this.#kept.drop(messageId);
    this.#parts.show(sessionId, { type: 'dropped', messageId });
  }

  /** What came back was taken, whatever became of the answer to that. */
  follow(events: readonly PlacedEvent[]): void {
    for (const event of events) for (const { messageId } of this.#kept.of(event.sessionId)) if (isMessage(event, messageId)) this.#kept.drop(messageId);
  }

  #next(sessionId: string): KeptSend | undefined {
    return this.#kept.of(sessionId).find((send) => this.#stateOf(send) === 'waiting');
  }

  #stateOf({ problem, login }: KeptSend): 'failed' | 'waiting' | 'other-login' {
    if (problem !== undefined) return 'failed';
    return login === this.#parts.login() ? 'waiting' : 'other-login';
  }

  /** One after the other, in the order they were written. */
  async #goOn(sessionId: string): Promise<void> {
    if (this.#busy.has(sessionId)) return;
    this.#busy.add(sessionId);
    let waits: Trouble | undefined;
    for (let next = this.#next(sessionId); next && !waits; next = this.#next(sessionId)) waits = await this.#one(next);
    this.#busy.delete(sessionId);
    for (const send of this.#kept.of(sessionId)) this.#show(send, this.#stateOf(send), send.problem ?? waits);
    if (waits && this.#parts.isOpen()) setTimeout(() => void this.#goOn(sessionId), sendAgainMs);
  }

  /** Why it waits on; undefined where it is known what became of it. */
  async #one(send: KeptSend): Promise<Trouble | undefined> {
    const { sessionId, messageId, text, files, model } = send;
    this.#show(send, 'sending');
    try {
      const { duplicate } = await this.#parts.send(sessionId, {
        ...{ text, messageId },
        ...(files.length === 0 ? {} : { attachments: files.map(({ id }) => id) }),
        ...(model === undefined ? {} : { model }),
      });
      // A message that was taken before is in the history and does not come again.
      const here = duplicate && this.#parts.log(sessionId).some((event) => isMessage(event, messageId));
      this.#parts.show(sessionId, { type: here ? 'dropped' : 'accepted', messageId });
    } catch (error) {
      this.#parts.lookAt(error);
      if (comesLater(error) && !this.#isHopeless(messageId, error)) return troubleOf(error);
      this.#failures.delete(messageId);
      this.#kept.fail(messageId, troubleOf(error));
      return undefined;
    }
    this.#failures.delete(messageId);
    this.#kept.drop(messageId);
    return undefined;
  }

  #isHopeless(messageId: string, error: unknown): boolean {
    if (!isAnswered(error)) return false;
    const { since, tries } = this.#failures.get(messageId) ?? { since: Date.now(), tries: 0 };
    this.#failures.set(messageId, { since, tries: tries + 1 });
    return tries + 1 >= patience.tries && Date.now() - since >= patience.ms;
  }

  #show({ sessionId, messageId, text, files }: KeptSend, state: Outgoing['state'], problem?: Trouble): void {
    this.#parts.show(sessionId, { type: 'sending', messageId, text, files });
    if (state !== 'sending') this.#parts.show(sessionId, { type: state, messageId, ...(problem === undefined ? {} : { problem }) });
  }
}

/** Nobody answered, not CoPaw, not to this browser, or it cannot just now: the message is still to be sent. */
function comesLater(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { code, status = 0 } = error;
  return ['unreachable', 'foreign', 'unauthenticated'].includes(code) || status === 429 || status >= 500;
}

/** Somebody had this message and failed, which may be its own fault. */
function isAnswered(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.status === undefined) return false;
  return error.code !== 'unauthenticated' && error.status !== 429 && !machineCodes.includes(error.code);
}

function isMessage(event: PlacedEvent, messageId: string): boolean {
  return event.type === 'message' && event.message.role === 'user' && event.message.id.endsWith(`:${encodeURIComponent(messageId)}`);
}
