// Foreign JSON, before a schema has seen it.

/** What a text, or bytes of UTF-8, say as JSON; undefined where they are none. */
export function jsonOf(text: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    return undefined;
  }
}
