// The JSON Schema of config.json as a form needs it: what kind of thing a key holds, what it is while nobody set it, and a value changed at a path.

export interface Node {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly default?: unknown;
  readonly description?: string;
  /** A change waits for the next start. */
  readonly restart?: boolean;
  /** Of a kind of channel: to be asked for, though it may be left out. */
  readonly asked?: boolean;
}

export type Path = readonly (string | number)[];

/** One change; without a value the key returns to its default. */
export interface Change {
  readonly path: Path;
  readonly value?: unknown;
}

/** group: keys that are known. record: keys that a person names. either: one of several groups. */
export type Kind = 'switch' | 'choice' | 'number' | 'text' | 'list' | 'group' | 'record' | 'either';

export function kindOf(node: Node): Kind {
  if (node.anyOf) return 'either';
  if (node.enum) return 'choice';
  if (node.type === 'boolean') return 'switch';
  if (node.type === 'number' || node.type === 'integer') return 'number';
  if (node.type === 'array') return 'list';
  if (node.type !== 'object') return 'text';
  return node.properties === undefined ? 'record' : 'group';
}

/** What a new entry of a list or record begins as. */
export function emptyOf(node: Node): unknown {
  switch (kindOf(node)) {
    case 'group': {
      const first = Object.entries(node.properties ?? {}).filter(([key, below]) => below.enum !== undefined && node.required?.includes(key) === true);
      return Object.fromEntries(first.map(([key, below]) => [key, below.default ?? below.enum?.[0]]));
    }
    case 'record':
    case 'either':
      return {};
    case 'list':
      return [];
    case 'switch':
      return false;
    case 'number':
      return 0;
    default:
      return node.enum?.[0] ?? '';
  }
}

/** The same value with the changes made, in order; nothing that was there is touched. */
export function changed(value: unknown, changes: readonly Change[]): unknown {
  return changes.reduce((held, { path, value: next }) => put(held, path, next), value);
}

function put(held: unknown, [key, ...rest]: Path, next: unknown): unknown {
  if (key === undefined) return next;
  if (typeof key === 'number') {
    const list = Array.isArray(held) ? held : [];
    const item = put(list[key], rest, next);
    if (item === undefined) return list.filter((_, index) => index !== key);
    return key < list.length ? list.map((one: unknown, index) => (index === key ? item : one)) : [...list, item];
  }
  const { [key]: before, ...others } = isKeys(held) ? held : {};
  const item = put(before, rest, next);
  if (item === undefined) return others;
  return isKeys(held) && Object.hasOwn(held, key)
    ? Object.fromEntries(Object.entries(held).map(([name, one]) => [name, name === key ? item : one]))
    : { ...others, [key]: item };
}

/** What is typed into one field is one change; anything else goes behind what was changed before. */
export function withChange(changes: readonly Change[], next: Change): readonly Change[] {
  const last = changes.at(-1);
  const same = last !== undefined && last.value !== undefined && next.value !== undefined && JSON.stringify(last.path) === JSON.stringify(next.path);
  return [...(same ? changes.slice(0, -1) : changes), next];
}

export function isKeys(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Under which name the words of a key are looked up: `*` for what a person named. Most precise first. */
export function wordKeys(path: readonly string[]): readonly string[] {
  return path.map((_, index) => path.slice(index).join('.'));
}
