// The JSON Schema of a kind of channel as the fields of a form, and what was typed as a draft.
import type { ChannelKindsBody } from '../../../../src/http/contract.ts';
import { isKeys, kindOf, type Node } from '../settings/schema.ts';

export interface ChannelField {
  readonly name: string;
  readonly kind: 'secret' | 'text' | 'choice' | 'switch' | 'number' | 'list' | 'json';
  readonly required: boolean;
  readonly node: Node;
}

type Described = Pick<ChannelKindsBody['kinds'][number], 'secrets' | 'settings'>;

/** In the order of the kind. */
export function fieldsOf({ settings, secrets }: Described): readonly ChannelField[] {
  const properties = isKeys(settings.properties) ? settings.properties : {};
  const required: readonly unknown[] = Array.isArray(settings.required) ? settings.required : [];
  return Object.entries(properties).map(([name, given]) => {
    const node: Node | undefined = isKeys(given) ? given : undefined;
    return { name, node: node ?? {}, required: required.includes(name), kind: secrets.includes(name) ? 'secret' : node ? plainKind(node) : 'json' };
  });
}

/** What is not behind "More settings": what an account cannot be without, and what the kind wants asked for. */
export const isFirst = ({ kind, required, node }: ChannelField): boolean => required || kind === 'secret' || node.asked === true;

function plainKind(node: Node): ChannelField['kind'] {
  const kind = kindOf(node);
  if (kind === 'list') return node.items?.type === 'string' ? 'list' : 'json';
  return kind === 'group' || kind === 'record' || kind === 'either' ? 'json' : kind;
}

/** As it can be typed. */
export function shown(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') : JSON.stringify(value);
}

export interface Draft {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly value: string }>>;
}

/** `before`: what is set. What was there and is empty now goes back to its default. */
export function draftOf(fields: readonly ChannelField[], typed: { get(name: string): unknown }, before: Readonly<Record<string, unknown>>): Draft {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, { value: string }> = {};
  for (const { name, kind, node } of fields) {
    const text = String(typed.get(name) ?? '').trim();
    if (kind === 'secret') {
      if (text !== '') secrets[name] = { value: text };
    } else if (kind === 'switch') {
      const on = text !== '';
      const usual = node.default === true;
      // As it was is left as it is written; back to what is usual, it is not written any more.
      if (on !== (before[name] ?? usual)) settings[name] = on === usual ? null : on;
    } else if (text !== '') settings[name] = typedValue(kind, text);
    else if (before[name] !== undefined) settings[name] = null;
  }
  return { settings, secrets };
}

function typedValue(kind: ChannelField['kind'], text: string): unknown {
  if (kind === 'number') return Number(text);
  if (kind === 'list') return text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]));
  if (kind !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
