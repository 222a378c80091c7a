// Step 7 of the path: what the model sees. Stable system prompt first, then history grouped by turn, volatile facts inside the user message they belong to.
import type { ModelImage, ModelMessage } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import type { DurableEvent, Entry, UserMessage } from '../core/turn-event.ts';

/** Entries a window may grow to before it is cut, and what a cut leaves. Cutting in steps keeps the prompt prefix stable in between. */
const windowEntries = { most: 400, kept: 200 } as const;

/** Rough tokens of a text: never less than what common tokenizers give for English or Chinese by much. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3.5);
}

/** Remembers, per session, where its window starts. Bounded; losing an item only moves one window once. */
export class ContextWindows {
  readonly #starts = new Map<string, number>();
  readonly #most = 1_000;

  async load(store: Pick<Store, 'entries'>, sessionId: string): Promise<readonly Entry[]> {
    const start = this.#starts.get(sessionId);
    const entries =
      start === undefined
        ? await store.entries.tail(sessionId, windowEntries.most)
        : await store.entries.after({ sessionId, after: start - 1, limit: windowEntries.most + 1 });
    const kept = entries.length > windowEntries.most ? await store.entries.tail(sessionId, windowEntries.kept) : entries;
    const whole = fromTurnStart(kept);
    const first = whole[0];
    if (first) this.#remember(sessionId, first.seq);
    return whole;
  }

  /** Drops the oldest turns until the estimate fits; the newest turn always stays. */
  fit(sessionId: string, entries: readonly Entry[], tokens: number): readonly Entry[] {
    const sizes = entries.map((entry) => estimateTokens(JSON.stringify(entry.event)));
    let total = sizes.reduce((sum, size) => sum + size, 0);
    if (total <= tokens) return entries;
    const newest = entries.at(-1)?.turnId;
    let cut = 0;
    while (cut < entries.length && total > tokens / 2 && entries[cut]?.turnId !== newest) {
      total -= sizes[cut] ?? 0;
      cut++;
    }
    const kept = fromTurnStart(entries.slice(cut));
    const first = kept[0];
    if (first) this.#remember(sessionId, first.seq);
    return kept;
  }

  #remember(sessionId: string, seq: number): void {
    this.#starts.delete(sessionId);
    this.#starts.set(sessionId, seq);
    const oldest = this.#starts.keys().next().value;
    if (this.#starts.size > this.#most && oldest !== undefined) this.#starts.delete(oldest);
  }
}

/** A window never begins in the middle of a turn, unless it is one turn. */
function fromTurnStart(entries: readonly Entry[]): readonly Entry[] {
  const start = entries.findIndex((entry) => entry.event.type === 'turn-start');
  return start > 0 ? entries.slice(start) : entries;
}

/** Images of the newest messages by workspace path; older ones are described by their tool result alone. */
export type LoadImage = (path: string) => Promise<Uint8Array | undefined>;

/** Model history from the log. Turns that overlapped in time (a reminder during a long turn) are put one after the other. */
export async function toModelMessages(entries: readonly Entry[], timezone: string, loadImage: LoadImage): Promise<ModelMessage[]> {
  const turns = Map.groupBy(entries, (entry) => entry.turnId);
  const newest = entries.at(-1)?.turnId;
  const messages: ModelMessage[] = [];
  for (const [turnId, events] of turns) {
    for (const entry of events) {
      const message = await toModelMessage(entry.event, entry.at, timezone, turnId === newest ? loadImage : undefined);
      if (message) messages.push(message);
    }
  }
  return messages;
}

async function toModelMessage(event: DurableEvent, at: number, timezone: string, loadImage?: LoadImage): Promise<ModelMessage | undefined> {
  if (event.type === 'tool-end') {
    const images = await imagesOf(event.images ?? [], loadImage);
    return { role: 'tool', callId: event.callId, name: event.name, text: event.text, failed: event.outcome !== 'ok', ...(images.length > 0 ? { images } : {}) };
  }
  if (event.type !== 'message') return undefined;
  const { message } = event;
  if (message.role === 'user') {
    const images = await imagesOf(
      message.attachments.filter((file) => file.mediaType.startsWith('image/')),
      loadImage,
    );
    return { role: 'user', text: userText(message, at, timezone), ...(images.length > 0 ? { images } : {}) };
  }
  if (message.text === '' && message.toolCalls.length === 0) return undefined;
  return {
    role: 'assistant',
    text: message.text,
    toolCalls: message.toolCalls,
    ...(message.thinking === undefined ? {} : { thinking: message.thinking }),
    ...(message.echo === undefined ? {} : { echo: message.echo }),
  };
}

async function imagesOf(files: readonly { path: string; mediaType: string }[], loadImage?: LoadImage): Promise<ModelImage[]> {
  if (!loadImage) return [];
  const images: ModelImage[] = [];
  for (const file of files) {
    const data = await loadImage(file.path);
    if (data) images.push({ mediaType: file.mediaType, data });
  }
  return images;
}

/** The same bytes for the same stored message in every later request. */
function userText(message: UserMessage, at: number, timezone: string): string {
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }).format(at);
  const day = new Intl.DateTimeFormat('en', { timeZone: timezone, weekday: 'long' }).format(at);
  const files = message.attachments.map((file) => `\n[attached: ${file.path} (${file.mediaType}, ${file.size} bytes)]`).join('');
  const sender = message.origin === 'operator' ? '' : `; from ${message.sender.id}`;
  return `<context>${day} ${time} ${timezone}${sender}</context>\n${message.text}${files}`;
}
