// What was said in a session, as people and tools read it on: messages alone, a few at a time.
import type { SaidMessage, SaidPage } from '../core/sessions.ts';
import type { Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';

/** Entries read at once, and how often for one answer. */
const page = { entries: 200, most: 50 } as const;

/** Oldest first; without commands and what CoPaw answered them. */
export async function readSaid(store: Pick<Store, 'entries'>, sessionId: string, { limit, before, around }: SaidPage): Promise<readonly SaidMessage[]> {
  if (around === undefined) return backward(store, sessionId, limit, before);
  const behind = await forward(store, sessionId, Math.floor(limit / 2), around);
  return [...(await backward(store, sessionId, limit - behind.length, around + 1)), ...behind];
}

async function backward({ entries }: Pick<Store, 'entries'>, sessionId: string, limit: number, before?: number): Promise<readonly SaidMessage[]> {
  let all: readonly Entry[] = [];
  for (let pages = 0, last = before; pages < page.most; pages++) {
    const older = await entries.tail(sessionId, page.entries, last);
    all = [...older, ...all];
    last = older[0]?.seq;
    if (older.length < page.entries || said(all).length > limit) break;
  }
  return said(all).slice(-limit);
}

async function forward({ entries }: Pick<Store, 'entries'>, sessionId: string, limit: number, after: number): Promise<readonly SaidMessage[]> {
  let all: readonly Entry[] = [];
  for (let pages = 0, last = after; pages < page.most; pages++) {
    const newer = await entries.after({ sessionId, after: last, limit: page.entries });
    all = [...all, ...newer];
    last = newer.at(-1)?.seq ?? last;
    if (newer.length < page.entries || said(all).length >= limit) break;
  }
  return said(all).slice(0, limit);
}

function said(entries: readonly Entry[]): readonly SaidMessage[] {
  const commands = new Set(entries.flatMap(({ event, turnId }) => (event.type === 'turn-start' && event.command !== undefined ? [turnId] : [])));
  return entries.flatMap(({ seq, turnId, at, event }) => {
    if (event.type !== 'message' || commands.has(turnId)) return [];
    const { message } = event;
    const files = (message.role === 'user' ? message.attachments : (message.files ?? [])).map(({ name }) => name);
    if (message.text === '' && files.length === 0) return [];
    const { role, text } = message;
    return [{ seq, turnId, at, role, text, files, ...(message.role === 'user' && message.origin !== 'operator' ? { sender: message.sender } : {}) }];
  });
}
