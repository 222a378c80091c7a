// Server-sent events, read: bytes in any pieces become events. Comments, retry lines and events without data are skipped.

export interface SseEvent {
  /** The last id seen, also of an earlier event; empty where there was none. */
  readonly id: string;
  readonly data: string;
}

/** Yields each event when its blank line has come; an unfinished one at the end is dropped. */
export async function* parseSse(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<SseEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let id = '';
  let data: string[] = [];
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/u); // a CR at the very end may be half of CRLF
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, data: data.join('\n') };
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /u, '');
      if (field === 'data') data.push(value);
      if (field === 'id' && !value.includes('\0')) id = value;
    }
  }
}
