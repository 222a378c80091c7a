// A conversation on its way out: as Markdown for people, or as JSON lines that hold all of it.
import type { Redact } from '../core/secret.ts';
import type { Session, Turn } from '../core/session.ts';
import type { ExportFormat } from '../core/sessions.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent, Entry } from '../core/turn-event.ts';
import { redactDeep } from '../lib/redactor.ts';
import { place } from './turn-bus.ts';

/** The version of the lines. A reader refuses one it does not know. */
export const exportVersion = 1;
/** Entries read at once. */
const pageSize = 200;

/** Turns that still go on are left out; what became a secret since it was said is taken out. */
export async function* exportSession(store: Pick<Store, 'entries' | 'turns'>, session: Session, format: ExportFormat, redact: Redact): AsyncGenerator<string> {
  const write = format === 'jsonl' ? asJson(session) : asMarkdown(session);
  yield* write.begin();
  const turns = new Map<string, Turn | undefined>();
  for (let after = 0; ; ) {
    const page = await store.entries.after({ sessionId: session.id, after, limit: pageSize });
    for (const entry of redactDeep(page, redact)) {
      const fresh = !turns.has(entry.turnId);
      if (fresh) {
        const turn = await store.turns.get(entry.turnId);
        turns.set(entry.turnId, turn?.outcome === undefined ? undefined : turn);
      }
      const turn = turns.get(entry.turnId);
      if (turn) yield* write.entry(entry, fresh ? turn : undefined);
      if (entry.event.type === 'turn-end') turns.delete(entry.turnId);
    }
    if (page.length < pageSize) break;
    after = page.at(-1)?.seq ?? after;
  }
  yield* write.end();
}

interface Writer {
  begin(): Iterable<string>;
  /** `turn`: where the entry is the first of its turn. */
  entry(entry: Entry, turn: Turn | undefined): Iterable<string>;
  end(): Iterable<string>;
}

function asJson(session: Session): Writer {
  let entries = 0;
  const known = new Set<string>();
  return {
    begin: () => [JSON.stringify({ copaw: 'session', version: exportVersion }), JSON.stringify({ session })],
    *entry(entry, turn) {
      if (turn && !known.has(turn.id)) yield JSON.stringify({ turn });
      if (turn) known.add(turn.id);
      entries++;
      yield JSON.stringify({ event: place(entry) });
    },
    end: () => [JSON.stringify({ end: { entries } })],
  };
}

function asMarkdown({ id, title, address, createdAt }: Session): Writer {
  const hidden = new Set<string>();
  return {
    begin: () => [`# ${oneLine(title) || id}`, '', `Conversation ${id}, ${address.channel}, since ${stamp(createdAt)}.`],
    *entry({ turnId, at, event }) {
      if (event.type === 'turn-start' && event.command !== undefined) hidden.add(turnId);
      if (event.type === 'turn-end') hidden.delete(turnId);
      else if (event.type === 'turn-undone' || !hidden.has(turnId)) yield* markdownOf(event, at);
    },
    end: () => [],
  };
}

function* markdownOf(event: DurableEvent, at: number): Iterable<string> {
  if (event.type === 'turn-undone') yield* ['', '*What was said last was taken back.*'];
  if (event.type === 'tool-end') yield* ['', `*${event.name}: ${event.outcome}*`];
  if (event.type === 'notice') yield* ['', `*${oneLine(event.text)}*`];
  if (event.type !== 'message') return;
  const { message } = event;
  const files = message.role === 'user' ? message.attachments : (message.files ?? []);
  if (message.text === '' && files.length === 0) return;
  const who = message.role === 'assistant' ? 'CoPaw' : message.origin === 'operator' ? 'You' : oneLine(message.sender.name ?? message.sender.id);
  yield* ['', `## ${who} · ${stamp(at)}`, ''];
  yield* message.text.split('\n');
  if (files.length > 0) yield '';
  for (const { name, mediaType, size } of files) yield `- attached: ${oneLine(name)} (${mediaType}, ${size} bytes)`;
}

const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();
/** UTC, to the minute. */
const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
