// The head of a SKILL.md: the few forms of YAML that name and description are written in. Other keys are passed over, not understood.

/** Top-level scalars by key; a value that is a list or a map is left out. `fault` completes the sentence "The front matter …". */
export function readFrontMatter(text: string): { readonly values: ReadonlyMap<string, string> } | { readonly fault: string } {
  const lines = text.replace(/^\ufeff/u, '').split(/\r?\n/u);
  if (lines[0]?.trimEnd() !== '---') return { fault: 'is missing: the file begins with "---"' };
  const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/u.test(line));
  if (end === -1) return { fault: 'has no closing "---"' };
  const values = new Map<string, string>();
  const seen = new Set<string>();
  for (let at = 1; at < end; ) {
    const line = lines[at++] ?? '';
    if (/^\s*(?:#|$)/u.test(line)) continue;
    const [, key, first = ''] = /^([A-Za-z][\w-]*)[ \t]*:(?:[ \t](.*))?$/su.exec(line) ?? [];
    if (key === undefined) return { fault: `has a line that is not "key: value" (line ${at})` };
    if (seen.has(key)) return { fault: `gives "${key}" twice` };
    seen.add(key);
    const more: string[] = [];
    while (at < end && /^(?:[ \t]|- |-$|\s*$)/u.test(lines[at] ?? '')) more.push(lines[at++] ?? '');
    const value = scalar(first.trim(), more);
    if (value === undefined) return { fault: `has a value of "${key}" that cannot be read` };
    if (value !== null) values.set(key, value);
  }
  return { values };
}

/** null: a list or a map. undefined: neither that nor a text. */
function scalar(first: string, more: readonly string[]): string | null | undefined {
  const block = /^([|>])[+-]?\d?[+-]?(?:\s+#.*)?$/u.exec(first)?.[1];
  if (block !== undefined) return folded(more, block === '|' ? '\n' : ' ');
  const text = [first, ...more.map((line) => line.trim())].filter((part) => part !== '').join(' ');
  const quote = text[0];
  if (quote === '"' || quote === "'") return quoted(text, quote);
  if (/^[[{]/u.test(text) || (first === '' && more.some((line) => /^\s*(?:- |-$|[\w."'-]+\s*:(?:\s|$))/u.test(line)))) return null;
  if (/^[&*!|>%@`]/u.test(text)) return undefined;
  return text.replace(/ #.*$/su, '').trim();
}

function folded(lines: readonly string[], glue: string): string {
  const margin = /^[ \t]*/u.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].length ?? 0;
  return lines
    .map((line) => line.slice(margin).trimEnd())
    .join(glue)
    .trim();
}

function quoted(text: string, quote: string): string | undefined {
  const body = quote === '"' ? /^"((?:[^"\\]|\\.)*)"(?:\s+#.*)?$/u.exec(text)?.[1] : /^'((?:[^']|'')*)'(?:\s+#.*)?$/u.exec(text)?.[1];
  if (body === undefined) return undefined;
  if (quote === "'") return body.replaceAll("''", "'");
  return body.replace(/\\(.)/gu, (whole, character: string) => ({ n: '\n', t: '\t', '"': '"', '\\': '\\', '/': '/' })[character] ?? whole);
}
