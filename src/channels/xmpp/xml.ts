// Elements of an XML stream: made of what comes, within bounds, and written with every character escaped or replaced.
import type SaxLtx from 'ltx/src/parsers/ltx.js';
import { CoPawError } from '../../core/error.ts';

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  readonly ns: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly children: readonly (XmlElement | string)[];
}

/** Of one stanza. */
const mostCharacters = 2_000_000;
const mostElements = 20_000;
const mostDepth = 64;
/** XML 1.0 has no way to write the others. */
const unwritable = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\r': '&#xD;' };

const escaped = (text: string): string => text.replace(unwritable, '\u{FFFD}').replace(/[&<>"'\r]/gu, (one) => escapes[one] ?? one);

/** `attributes`: undefined ones are left out. Children that are undefined, too. */
export function element(
  name: string,
  { xmlns = '', ...attributes }: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (XmlElement | string | undefined)[]
): XmlElement {
  const attrs = new Map(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return { name, ns: xmlns, attrs, children: children.filter((one) => one !== undefined) };
}

export function written({ name, ns, attrs, children }: XmlElement): string {
  const named = [...(ns === '' ? [] : [['xmlns', ns] as const]), ...attrs].map(([key, value]) => ` ${key}="${escaped(value)}"`).join('');
  return `<${name}${named}>${children.map((one) => (typeof one === 'string' ? escaped(one) : written(one))).join('')}</${name}>`;
}

/** "": of any namespace. */
const isLike = (one: XmlElement | string, name: string, ns: string): one is XmlElement =>
  typeof one !== 'string' && one.name === name && (ns === '' || one.ns === ns);

export const childrenOf = (parent: XmlElement | undefined, name: string, ns = ''): readonly XmlElement[] =>
  parent?.children.filter((one) => isLike(one, name, ns)) ?? [];

export const childOf = (parent: XmlElement | undefined, name: string, ns = ''): XmlElement | undefined => childrenOf(parent, name, ns)[0];

/** Its own text, not that of elements in it. */
export const textOf = (one: XmlElement | undefined): string | undefined => one?.children.filter((part) => typeof part === 'string').join('');

export interface XmlHandler {
  readonly opened: (header: XmlElement) => void;
  readonly element: (element: XmlElement) => void;
  readonly closed: () => void;
}

interface Open {
  readonly name: string;
  readonly full: string;
  readonly ns: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly children: (XmlElement | string)[];
  /** Prefix to namespace; "" is the default one. */
  readonly names: ReadonlyMap<string, string>;
}

/** Takes one stream apart. `write` throws `channel-down` for what is no XML, or is larger than any stanza. */
export class XmlReader {
  readonly #sax: SaxLtx;
  readonly #handler: XmlHandler;
  readonly #open: Open[] = [];
  #characters = 0;
  #elements = 0;

  constructor(sax: SaxLtx, handler: XmlHandler) {
    this.#sax = sax;
    this.#handler = handler;
    sax.on('startElement', (name, attributes) => this.#start(name, attributes));
    sax.on('text', (text) => this.#open.at(-1)?.children.push(text));
    sax.on('endElement', (name) => this.#end(name));
  }

  write(text: string): void {
    this.#characters += text.length;
    if (this.#characters > mostCharacters) throw broken('It is larger than 2 million characters.');
    try {
      this.#sax.write(text);
    } catch (error) {
      throw error instanceof CoPawError ? error : broken('It is no XML.', error);
    }
  }

  #start(full: string, attributes: Readonly<Record<string, string>>): void {
    this.#elements++;
    if (this.#open.length >= mostDepth || this.#elements > mostElements) throw broken('It has too many elements.');
    const above = this.#open.at(-1);
    const attrs = new Map(Object.entries(attributes));
    const own = [...attrs].flatMap(([key, value]) =>
      key === 'xmlns' ? [['', value] as const] : key.startsWith('xmlns:') ? [[key.slice(6), value] as const] : [],
    );
    const names = own.length === 0 && above ? above.names : new Map([...(above?.names ?? []), ...own]);
    const [prefix, name] = full.includes(':') ? [full.slice(0, full.indexOf(':')), full.slice(full.indexOf(':') + 1)] : ['', full];
    const opened: Open = { name, full, ns: names.get(prefix) ?? '', attrs, children: [], names };
    this.#open.push(opened);
    if (this.#open.length === 1) this.#handler.opened(opened);
  }

  #end(full: string): void {
    const one = this.#open.pop();
    if (one?.full !== full) throw broken('Its elements do not match.');
    const above = this.#open.at(-1);
    if (!above) return void this.#handler.closed();
    if (this.#open.length > 1) return void above.children.push(one);
    above.children.length = 0;
    this.#characters = 0;
    this.#elements = 0;
    this.#handler.element(one);
  }
}

const broken = (why: string, cause?: unknown): CoPawError =>
  new CoPawError('channel-down', `What the server sent cannot be read. ${why}`, cause === undefined ? {} : { cause });
