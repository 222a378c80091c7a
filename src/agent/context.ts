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

/** Windows kept in memory, by their estimated tokens together: the least recently used go first. */
const keptTokens = 4_000_000;

/** The part of each session's log that its next request is made from. Kept in memory and grown by what was appended, never read twice. */
export class ContextWindows {
  readonly #windows = new Map<string, { readonly entries: readonly Entry[]; readonly tokens: number }>();
  /** Estimated tokens of all windows together. */
  #tokens = 0;
  readonly #sizes = new WeakMap<Entry, number>();
  #zone: Zone | undefined;
  readonly #messages = new WeakMap<Entry, { readonly timezone: string; readonly message: ModelMessage | undefined }>();

  /** Grows the window by what is new and cuts it where it is too long: in entries, or in estimated tokens. The newest turn always stays. */
  async load(store: Pick<Store, 'entries'>, sessionId: string, tokens = Number.POSITIVE_INFINITY): Promise<readonly Entry[]> {
    const known = this.#windows.get(sessionId)?.entries;
    const last = known?.at(-1);
    const newer =
      last === undefined
        ? await store.entries.tail(sessionId, windowEntries.most)
        : await store.entries.after({ sessionId, after: last.seq, limit: windowEntries.most + 1 });
    const grown = newer.length > windowEntries.most ? await store.entries.tail(sessionId, windowEntries.most) : [...(known ?? []), ...newer];
    const kept = grown.length > windowEntries.most ? grown.slice(-windowEntries.kept) : grown;
    const window = this.#fit(fromTurnStart(kept), tokens);
    this.#remember(sessionId, window);
    return window;
  }

  /**
   * Model history of a window, without commands and what was taken back. Turns that overlapped in time (a reminder during a long turn) are put
   * one after the other, the running one last: what the model reads last is what it is to answer.
   */
  async messages(entries: readonly Entry[], timezone: string, loadImage: LoadImage, running = entries.at(-1)?.turnId): Promise<ModelMessage[]> {
    const messages: ModelMessage[] = [];
    const zone = this.#zone?.timezone === timezone ? this.#zone : zoneOf(timezone);
    this.#zone = zone;
    const undone = new Set(entries.flatMap(({ event }) => (event.type === 'turn-undone' ? [event.target] : [])));
    const turns = [...Map.groupBy(entries, (entry) => entry.turnId)].sort(([a], [b]) => Number(a === running) - Number(b === running));
    for (const [turnId, own] of turns) {
      const start = own[0]?.event;
      if (undone.has(turnId) || (start?.type === 'turn-start' && start.command !== undefined)) continue;
      for (const entry of own) {
        const message = turnId === running && showsImages(entry.event) ? await toModelMessage(entry, zone, loadImage) : await this.#message(entry, zone);
        if (message) messages.push(message);
      }
    }
    return messages;
  }

  async #message(entry: Entry, zone: Zone): Promise<ModelMessage | undefined> {
    const known = this.#messages.get(entry);
    if (known?.timezone === zone.timezone) return known.message;
    const message = await toModelMessage(entry, zone);
    this.#messages.set(entry, { timezone: zone.timezone, message });
    return message;
  }

  #fit(entries: readonly Entry[], tokens: number): readonly Entry[] {
    let total = this.#sizeOf(entries);
    if (total <= tokens) return entries;
    const newest = entries.at(-1)?.turnId;
    let cut = 0;
    for (; total > tokens / 2; cut++) {
      const entry = entries[cut];
      if (entry === undefined || entry.turnId === newest) break;
      total -= this.#sizeOf([entry]);
    }
    return fromTurnStart(entries.slice(cut));
  }

  #sizeOf(entries: readonly Entry[]): number {
    let total = 0;
    for (const entry of entries) {
      let size = this.#sizes.get(entry);
      if (size === undefined) {
        size = estimateTokens(JSON.stringify(entry.event));
        this.#sizes.set(entry, size);
      }
      total += size;
    }
    return total;
  }

  #remember(sessionId: string, entries: readonly Entry[]): void {
    this.forget(sessionId);
    const tokens = this.#sizeOf(entries);
    this.#windows.set(sessionId, { entries, tokens });
    this.#tokens += tokens;
    for (const other of this.#windows.keys()) {
      if (this.#tokens <= keptTokens || other === sessionId) return;
      this.forget(other);
    }
  }

  /** What was read of a session counts no more. */
  forget(sessionId: string): void {
    this.#tokens -= this.#windows.get(sessionId)?.tokens ?? 0;
    this.#windows.delete(sessionId);
  }
}

/** A window never begins in the middle of a turn, unless it is one turn. */
function fromTurnStart(entries: readonly Entry[]): readonly Entry[] {
  const start = entries.findIndex((entry) => entry.event.type === 'turn-start');
  return start > 0 ? entries.slice(start) : entries;
}

/** Images of the newest messages by workspace path; older ones are described by their tool result alone. */
export type LoadImage = (path: string) => Promise<Uint8Array | undefined>;

function showsImages(event: DurableEvent): boolean {
  if (event.type === 'tool-end') return (event.images ?? []).length > 0;
  return event.type === 'message' && event.message.role === 'user' && event.message.attachments.length > 0;
}

async function toModelMessage({ event, at }: Entry, zone: Zone, loadImage?: LoadImage): Promise<ModelMessage | undefined> {
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
    return { role: 'user', text: userText(message, at, zone), ...(images.length > 0 ? { images } : {}) };
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

/** Formats of one time zone; making them costs more than using them. */
interface Zone {
  readonly timezone: string;
  readonly time: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
}

function zoneOf(timezone: string): Zone {
  return {
    timezone,
    time: new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' }),
    day: new Intl.DateTimeFormat('en', { timeZone: timezone, weekday: 'long' }),
  };
}

/** The same bytes for the same stored message in every later request. */
function userText(message: UserMessage, at: number, { timezone, time, day }: Zone): string {
  const files = message.attachments.map((file) => `\n[attached: ${file.path} (${file.mediaType}, ${file.size} bytes)]`).join('');
  const sender = message.origin === 'operator' ? '' : `; from ${JSON.stringify(message.sender.id).replaceAll('<', '\\u003c')}`;
  return `<context>${day.format(at)} ${time.format(at)} ${timezone}${sender}</context>\n${message.text}${files}`;
}
