// How Telegram reads the HTML style of a message: https://core.telegram.org/bots/api#html-style. What it does not know it refuses.

const plain = new Set(['b', 'strong', 'i', 'em', 'u', 'ins', 's', 'strike', 'del', 'tg-spoiler', 'code', 'pre', 'blockquote', 'a']);
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** The text without its markup; throws with what Telegram would say. */
export function readHtml(written: string): string {
  const open: string[] = [];
  let text = '';
  for (let at = 0; at < written.length; ) {
    const rest = written.slice(at);
    const tag = /^<(\/?)([a-z-]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/u.exec(rest);
    const entity = /^&(?:([a-z]+)|#(\d+)|#x([0-9a-f]+));/iu.exec(rest);
    if (tag) {
      const [all, closing, name = '', attributes = ''] = tag;
      if (!plain.has(name)) throw new Error(`can't parse entities: Unsupported start tag "${name}"`);
      if (closing) {
        if (open.pop() !== name) throw new Error(`can't parse entities: Unmatched end tag "${name}"`);
      } else {
        checkAttributes(name, attributes.trim());
        if (name === 'blockquote' && open.includes('blockquote')) throw new Error("can't parse entities: nested blockquote");
        open.push(name);
      }
      at += all.length;
    } else if (rest.startsWith('<')) {
      throw new Error("can't parse entities: Unsupported start tag");
    } else if (entity) {
      const [all, name, decimal, hex] = entity;
      if (name !== undefined && named[name] === undefined) throw new Error(`can't parse entities: &${name};`);
      text += name === undefined ? String.fromCodePoint(Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10)) : named[name];
      at += all.length;
    } else {
      text += written.charAt(at);
      at += 1;
    }
  }
  if (open.length > 0) throw new Error(`can't parse entities: Can't find end tag corresponding to start tag "${open.at(-1)}"`);
  return text;
}

function checkAttributes(name: string, attributes: string): void {
  const allowed: Readonly<Record<string, RegExp>> = { a: /^href="[^"]*"$/u, code: /^class="language-[^"]*"$/u, blockquote: /^expandable$/u };
  if (attributes !== '' && allowed[name]?.test(attributes) !== true) throw new Error(`can't parse entities: attributes of "${name}"`);
}
