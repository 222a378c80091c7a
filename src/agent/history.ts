// Step 7 of the path: entries of a window as the messages a model reads. The same stored message gives the same bytes in every later request.
import type { ModelImage, ModelMessage } from '../core/model.ts';
import type { DurableEvent, Entry, UserMessage } from '../core/turn-event.ts';
import { messageTokens } from './tokens.ts';

/** Images of the newest messages by workspace path; older ones are described by their tool result alone. */
export type LoadImage = (path: string) => Promise<Uint8Array | undefined>;

/** How much a result is shown: all of it, its beginning and end, or hardly more than that there is one. */
export type Shown = 'whole' | 'cut' | 'stub';

/** Of results that are not shown whole, what stays of the beginning and of the end, in characters. */
const keeps = { cut: { head: 600, tail: 200 }, stub: { head: 80, tail: 0 } } as const;

export interface HistoryOptions {
  readonly timezone: string;
  /** Absent where the model sees none. */
  readonly loadImage: LoadImage | undefined;
  /** The turn that is to be answered; its messages come last, with their images. */
  readonly running: string | undefined;
  /** Numbers of entries whose tool result is not shown whole. */
  readonly cut?: ReadonlySet<number>;
  /** How those are shown; "cut" where nothing is said. */
  readonly as?: Exclude<Shown, 'whole'>;
}

/** Entries as messages; what was made of an entry is kept as long as the entry is. */
export class History {
  #zone: Zone | undefined;
  readonly #made = new WeakMap<Entry, { readonly timezone: string; readonly shown: Shown; readonly message: ModelMessage | undefined }>();
  readonly #once = new WeakMap<object, ModelMessage>();
  readonly #sizes = new WeakMap<ModelMessage, number>();

  /**
   * Model history of these entries, without commands and what was taken back. Turns that overlapped in time (a reminder during a long turn) are
   * put one after the other, the running one last: what the model reads last is what it is to answer.
   */
  async messages(entries: readonly Entry[], { timezone, loadImage, running, cut, as = 'cut' }: HistoryOptions): Promise<ModelMessage[]> {
    const messages: ModelMessage[] = [];
    const zone = this.#zone?.timezone === timezone ? this.#zone : zoneOf(timezone);
    this.#zone = zone;
    const turns = [...Map.groupBy(entries, (entry) => entry.turnId)].sort(([a], [b]) => Number(a === running) - Number(b === running));
    const hidden = hiddenTurns(entries);
    for (const [turnId, own] of turns) {
      if (hidden.has(turnId)) continue;
      for (const entry of own) {
        const shown = cut?.has(entry.seq) === true ? as : 'whole';
        const message =
          turnId === running && showsImages(entry.event) ? await toModelMessage(entry, zone, shown, loadImage) : await this.#message(entry, zone, shown);
        if (message) messages.push(message);
      }
    }
    return messages;
  }

  /** Estimated tokens of messages. */
  tokens(messages: readonly ModelMessage[]): number {
    let total = 0;
    for (const message of messages) {
      let size = this.#sizes.get(message);
      if (size === undefined) {
        size = messageTokens(message);
        this.#sizes.set(message, size);
      }
      total += size;
    }
    return total;
  }

  /** A message that is made of one event and always the same. */
  once<E extends object>(event: E, text: (event: E) => string): ModelMessage {
    let message = this.#once.get(event);
    if (!message) {
      message = { role: 'user', text: text(event) };
      this.#once.set(event, message);
    }
    return message;
  }

  async #message(entry: Entry, zone: Zone, shown: Shown): Promise<ModelMessage | undefined> {
    const known = this.#made.get(entry);
    if (known?.timezone === zone.timezone && known.shown === shown) return known.message;
    const message = await toModelMessage(entry, zone, shown);
    this.#made.set(entry, { timezone: zone.timezone, shown, message });
    return message;
  }
}

/** Turns the model does not see: those that only answer a command, and those that were taken back. */
export function hiddenTurns(entries: readonly Entry[]): ReadonlySet<string> {
  const hidden = new Set<string>();
  for (const { event, turnId } of entries) {
    if (event.type === 'turn-undone') hidden.add(event.target);
    if (event.type === 'turn-start' && event.command !== undefined) hidden.add(turnId);
  }
  return hidden;
}

function showsImages(event: DurableEvent): boolean {
  if (event.type === 'tool-end') return (event.images ?? []).length > 0;
  return event.type === 'message' && event.message.role === 'user' && event.message.attachments.length > 0;
}

async function toModelMessage({ seq, event, at }: Entry, zone: Zone, shown: Shown, loadImage?: LoadImage): Promise<ModelMessage | undefined> {
  if (event.type === 'tool-end') {
    const images = await imagesOf(event.images ?? [], loadImage);
    const text = shown === 'whole' ? event.text : cutResult(event.text, seq, shown);
    return { role: 'tool', callId: event.callId, name: event.name, text, failed: event.outcome !== 'ok', ...(images.length > 0 ? { images } : {}) };
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

/** Whether a result is long enough that cutting it gains something. */
export const canCut = (text: string, as: Exclude<Shown, 'whole'> = 'cut'): boolean => text.length > (keeps[as].head + keeps[as].tail) * 1.5;

/** The beginning and the end of an old tool result, and how to read all of it. */
export function cutResult(text: string, seq: number, as: Exclude<Shown, 'whole'> = 'cut'): string {
  if (!canCut(text, as)) return text;
  const { head, tail } = keeps[as];
  const cut = text.length - head - tail;
  return `${text.slice(0, head)}\n[${cut} characters cut; all of it: recall {"id": "#${seq}"}]${tail === 0 ? '' : `\n${text.slice(-tail)}`}`;
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
  const heard = message.heard && !message.heard.failed ? `[what is said in ${message.heard.path}, written down by a model]\n` : '';
  return `<context>${day.format(at)} ${time.format(at)} ${timezone}${sender}</context>\n${heard}${message.text}${files}`;
}
