// What was said in a session, as people and tools read it on: messages alone, a few at a time.
import type { SaidMessage, SaidPage } from '../core/sessions.ts';
import type { Store } from '../core/store.ts';
import type { Entry } from '../core/turn-event.ts';

/** Entries read at once, and how often for one answer. */
const page = { entries: 200, most: 50 } as const;

type Said = (entries: readonly Entry[]) => Promise<readonly SaidMessage[]>;

/** Oldest first; without commands and what CoPaw answered them, and without the turns in `hidden`. */
export async function readSaid(
  store: Pick<Store, 'entries'>,
  sessionId: string,
  { limit, before, around }: SaidPage,
  hidden: ReadonlySet<string> = new Set(),
): Promise<readonly SaidMessage[]> {
  const said = saidOf(store, hidden);
  if (around === undefined) return backward(store, said, sessionId, limit, before);
  const behind = await forward(store, said, sessionId, Math.floor(limit / 2), around);
  return [...(await backward(store, said, sessionId, limit - behind.length, around + 1)), ...behind];
}

async function backward({ entries }: Pick<Store, 'entries'>, said: Said, sessionId: string, limit: number, before?: number): Promise<readonly SaidMessage[]> {
  let found: readonly SaidMessage[] = [];
  for (let pages = 0, last = before; pages < page.most && found.length < limit; pages++) {
    const older = await entries.tail(sessionId, page.entries, last);
    found = [...(await said(older)), ...found];
    last = older[0]?.seq;
    if (older.length < page.entries) break;
  }
  return found.slice(-limit);
}

async function forward({ entries }: Pick<Store, 'entries'>, said: Said, sessionId: string, limit: number, after: number): Promise<readonly SaidMessage[]> {
  const found: SaidMessage[] = [];
  for (let pages = 0, last = after; pages < page.most && found.length < limit; pages++) {
    const newer = await entries.after({ sessionId, after: last, limit: page.entries });
    found.push(...(await said(newer)));
    last = newer.at(-1)?.seq ?? last;
    if (newer.length < page.entries) break;
  }
  return found.slice(0, limit);
}

/** A page may end anywhere in a turn: where its beginning was not read yet, that is looked at by itself. */
function saidOf({ entries: log }: Pick<Store, 'entries'>, hidden: ReadonlySet<string>): Said {
  const commands = new Map<string, boolean>();
  const note = ({ turnId, event }: Entry): void => {
    if (event.type === 'turn-start' && !event.resumed) commands.set(turnId, event.command !== undefined);
  };
  return async (entries) => {
    entries.forEach(note);
    const found: SaidMessage[] = [];
    for (const { seq, turnId, at, event } of entries) {
      if (event.type !== 'message' || hidden.has(turnId)) continue;
      if (!commands.has(turnId)) (await log.after({ turnId, after: 0, limit: 1 })).forEach(note);
      if (commands.get(turnId) === true) continue;
      const { message } = event;
      const files = (message.role === 'user' ? message.attachments : (message.files ?? [])).map(({ name }) => name);
      if (message.text === '' && files.length === 0) continue;
      const { role, text } = message;
      found.push({ seq, turnId, at, role, text, files, ...(message.role === 'user' && message.origin !== 'operator' ? { sender: message.sender } : {}) });
    }
    return found;
  };
}
