// Server-sent events, read: text in any pieces becomes events. Comments, retry lines and events without data are skipped.

/** `id`: the last one seen, also of an earlier event. Returns what takes the next piece; an event comes when its blank line has. */
export function createEventParser(onEvent: (event: { readonly id: string; readonly data: string }) => void): (text: string) => void {
  let rest = '';
  let id = '';
  let data: string[] = [];
  return (text) => {
    rest += text;
    const lines = rest.split(/\r\n|\n|\r(?!$)/u); // a CR at the very end may be half of CRLF
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        const whole = data;
        data = [];
        if (whole.length > 0) onEvent({ id, data: whole.join('\n') });
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /u, '');
      if (field === 'data') data.push(value);
      if (field === 'id' && !value.includes('\0')) id = value;
    }
  };
}
