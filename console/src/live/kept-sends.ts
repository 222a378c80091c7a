// Messages that were sent here and are not known to have been taken: kept in this browser until they are, so that neither a lost connection nor a reload loses one.

import { remember, remembered, rememberedKeys } from '../settings.tsx';
import type { Trouble } from './api.ts';
import type { Outgoing } from './chat-items.ts';

export interface KeptSend {
  readonly sessionId: string;
  readonly messageId: string;
  readonly text: string;
  readonly files: Outgoing['files'];
  /** As it was picked for a conversation that had not begun. */
  readonly model?: string;
  /** Under which it was written: it goes out under no other by itself. */
  readonly login: string;
  /** Why CoPaw refused it; then it goes out only when the person says so. */
  readonly problem?: Trouble;
}

const prefix = 'outgoing.';
/** Width of the number in front: keys sort as they were sent. */
const digits = 16;

export class KeptSends {
  /** By message id: the key it is kept under. */
  readonly #kept = new Map<string, { readonly key: string; readonly send: KeptSend }>();
  #last = 0;

  constructor() {
    for (const key of rememberedKeys(prefix).sort()) {
      const send = asSend(remembered(key));
      if (send) this.#kept.set(send.messageId, { key, send });
    }
  }

  /** Again under the same id keeps its place. */
  add(send: KeptSend): void {
    this.#last = Math.max(Date.now(), this.#last + 1);
    const key = this.#kept.get(send.messageId)?.key ?? `${prefix}${String(this.#last).padStart(digits, '0')}.${send.messageId}`;
    this.#kept.set(send.messageId, { key, send });
    remember(key, JSON.stringify(send));
  }

  /** Stays, with why it was refused. What was forgotten meanwhile is not written anew. */
  fail(messageId: string, problem: Trouble): void {
    const kept = this.#kept.get(messageId);
    if (!kept) return;
    const send = { ...kept.send, problem };
    this.#kept.set(messageId, { key: kept.key, send });
    if (remembered(kept.key) !== '') remember(kept.key, JSON.stringify(send));
  }

  drop(messageId: string): void {
    const kept = this.#kept.get(messageId);
    if (!kept) return;
    this.#kept.delete(messageId);
    remember(kept.key, '');
  }

  /** In the order they were sent. */
  of(sessionId: string): readonly KeptSend[] {
    return [...this.#kept.values()].map(({ send }) => send).filter((send) => send.sessionId === sessionId);
  }

  sessions(): ReadonlySet<string> {
    return new Set([...this.#kept.values()].map(({ send }) => send.sessionId));
  }
}

/** Storage can hold anything. */
function asSend(kept: string): KeptSend | undefined {
  try {
    const { sessionId, messageId, text, files, model, login, problem }: Partial<Record<keyof KeptSend, unknown>> = JSON.parse(kept);
    if (typeof sessionId !== 'string' || typeof messageId !== 'string' || typeof text !== 'string') return undefined;
    if (!Array.isArray(files) || !files.every(isFile)) return undefined;
    return {
      ...{ sessionId, messageId, text, files: files.map(({ id, name }) => ({ id, name })), login: typeof login === 'string' ? login : '' },
      ...(typeof model === 'string' ? { model } : {}),
      ...asTrouble(problem),
    };
  } catch {
    return undefined;
  }
}

/** An earlier console kept the words alone. */
function asTrouble(problem: unknown): { readonly problem?: Trouble } {
  if (typeof problem === 'string') return { problem: { code: '', text: problem } };
  if (typeof problem !== 'object' || problem === null || !('code' in problem) || !('text' in problem)) return {};
  const { code, text } = problem;
  const next = 'next' in problem && typeof problem.next === 'string' ? { next: problem.next } : {};
  return typeof code === 'string' && typeof text === 'string' ? { problem: { code, text, ...next } } : {};
}

function isFile(file: unknown): file is Outgoing['files'][number] {
  return typeof file === 'object' && file !== null && 'id' in file && 'name' in file && typeof file.id === 'string' && typeof file.name === 'string';
}
