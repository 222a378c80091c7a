// Takes known secret values out of texts (R23): the exact value and the forms it usually travels in.

/** Shorter values would blot out ordinary words. */
const shortest = 6;
const mark = '[redacted]';
/** What people give where a server wants any key at all: ordinary words, and no secret. */
const placeholders: ReadonlySet<string> = new Set([
  'ollama',
  'lm-studio',
  'lmstudio',
  'llama.cpp',
  'not-needed',
  'no-key-required',
  'nokey',
  'no-key',
  'dummy',
  'dummy-key',
  'placeholder',
  'anything',
]);

export function createRedactor(): { redact(text: string): string; redactDraft(text: string): string; learn(value: string): void } {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  let pattern: RegExp | undefined;
  /** By form, made for the first draft. */
  const borders = new Map<string, Uint32Array>();
  const redact = (text: string): string => (pattern === undefined ? text : text.replace(pattern, mark));
  return {
    redact,
    redactDraft(text) {
      if (pattern === undefined) return text;
      for (const form of longestFirst) if (!borders.has(form)) borders.set(form, bordersOf(form));
      let end = text.length - [...borders].reduce((most, [form, table]) => Math.max(most, begun(form, table, text)), 0);
      // A value that ends behind the cut is left out whole.
      for (const { index, 0: found } of text.matchAll(pattern)) if (index < end && index + found.length > end) end = index;
      return redact(text.slice(0, end));
    },
    learn(value) {
      const trimmed = value.trim();
      if (trimmed.length < shortest || known.has(value) || placeholders.has(trimmed.toLowerCase())) return;
      known.add(value);
      const forms = new Set([...known].flatMap((secret) => [...formsOf(secret), ...formsOf(secret.trim())]));
      longestFirst = [...forms].sort((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
    },
  };
}

/** Of each beginning of a form: how many of its last characters the form begins with as well, without being all of it. */
function bordersOf(form: string): Uint32Array {
  const table = new Uint32Array(form.length);
  for (let at = 1, length = 0; at < form.length; at++) {
    length = further(form, table, length, form.charCodeAt(at));
    table[at] = length;
  }
  return table;
}

/** How many of the last characters of a text a form begins with, all of it excepted. */
function begun(form: string, table: Uint32Array, text: string): number {
  let length = 0;
  for (let at = Math.max(0, text.length - form.length + 1); at < text.length; at++) length = further(form, table, length, text.charCodeAt(at));
  return length;
}

function further(form: string, table: Uint32Array, length: number, code: number): number {
  let matched = length;
  while (matched > 0 && form.charCodeAt(matched) !== code) matched = table[matched - 1] ?? 0;
  return form.charCodeAt(matched) === code ? matched + 1 : matched;
}

/** Plain data with every text in it redacted; the value itself where nothing changed. Bytes stay as they are. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T {
  return deep(value, redact) as T;
}

function deep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) {
    const made = value.map((item: unknown) => deep(item, redact));
    return made.every((item, index) => item === value[index]) ? value : made;
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  const before = Object.entries(value);
  const after = before.map(([key, item]) => [redact(key), deep(item, redact)] as const);
  return after.every(([key, item], index) => key === before[index]?.[0] && item === before[index]?.[1]) ? value : Object.fromEntries(after);
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const whole = bytes.toString('base64');
  const base64 = [whole, ...[0, 1, 2].map((offset) => inner(bytes, offset))];
  const urlEncoded = encodeURIComponent(value.toWellFormed());
  const json = JSON.stringify(value).slice(1, -1);
  const lowerUrl = urlEncoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  const html = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const hex = bytes.toString('hex');
  const forms = [
    ...[value, json, JSON.stringify(json).slice(1, -1), html, hex, hex.toUpperCase(), ...base64, ...base64.map(toUrlSafe)],
    ...[urlEncoded, urlEncoded.replaceAll('%20', '+'), lowerUrl, lowerUrl.replaceAll('%20', '+')],
  ];
  return forms.filter((form) => form.length >= shortest);
}

/** The base64 characters that depend on the value alone when `offset` (mod 3) bytes stand before it, as in "user:key". */
function inner(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const complete = (offset + bytes.length) % 3 === 0;
  return text.slice(offset === 0 ? 0 : offset + 1, complete ? undefined : -1);
}

function toUrlSafe(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
