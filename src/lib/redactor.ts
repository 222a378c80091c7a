// Takes known secret values out of texts (R23): the exact value and the forms it usually travels in.

/** Shorter values would blot out ordinary words. */
const shortest = 6;
const mark = '[redacted]';

export function createRedactor(): { redact(text: string): string; learn(value: string): void } {
  const known = new Set<string>();
  let pattern: RegExp | undefined;
  return {
    redact: (text) => (pattern === undefined ? text : text.replace(pattern, mark)),
    learn(value) {
      const trimmed = value.trim();
      if (trimmed.length < shortest || known.has(value)) return;
      known.add(value);
      const forms = new Set([...known].flatMap((secret) => [...formsOf(secret), ...formsOf(secret.trim())]));
      const longestFirst = [...forms].sort((a, b) => b.length - a.length);
      pattern = new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
    },
  };
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const whole = bytes.toString('base64');
  const base64 = [whole, ...[0, 1, 2].map((offset) => inner(bytes, offset))];
  const urlEncoded = encodeURIComponent(value.toWellFormed());
  const json = JSON.stringify(value).slice(1, -1);
  const forms = [value, json, JSON.stringify(json).slice(1, -1), urlEncoded, urlEncoded.replaceAll('%20', '+'), ...base64, ...base64.map(toUrlSafe)];
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
