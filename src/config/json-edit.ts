// Edits JSON with comments by changing only the bytes of the key that changes: comments, order and unknown keys stay.
import jsonc, { type Node } from 'jsonc-parser';
import type { ConfigChange } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';

/** A parsed text: its value as plain JSON, and where each key stands. */
export interface JsonText {
  readonly value: unknown;
  /** 1-based line of the value at `path`, or of the nearest parent that exists. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** What is wrong with a text that cannot be read, and on which 1-based line. */
export interface JsonFault {
  readonly fault: string;
  readonly line: number;
}

/** Reads JSON with comments and trailing commas. A key given twice is a fault: it could not be said which one counts. */
export function parseJsonText(text: string): JsonText | JsonFault {
  const errors: jsonc.ParseError[] = [];
  const tree = jsonc.parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) return { fault: inWords(jsonc.printParseErrorCode(error.error)), line: lineAt(text, error.offset) };
  if (!tree) return { fault: 'the file is empty', line: 1 };
  const twice = duplicateKey(tree);
  if (twice) return { fault: `the key ${JSON.stringify(twice.value)} is given twice`, line: lineAt(text, twice.offset) };
  return {
    value: plainOf(tree),
    lineOf(path) {
      for (let depth = path.length; depth > 0; depth--) {
        const segments = path.slice(0, depth).filter((segment) => typeof segment !== 'symbol');
        const node = jsonc.findNodeAtLocation(tree, segments);
        if (node) return lineAt(text, node.offset);
      }
      return lineAt(text, tree.offset);
    },
  };
}

/** Applies one change to a text that `parseJsonText` read. Throws `invalid` where the path leads through something that holds no keys. */
export function editJsonText(text: string, change: ConfigChange): string {
  const path = [...change.path];
  if (path.length === 0) throw new CoPawError('invalid', 'The whole configuration cannot be replaced at once; name a key.');
  if (change.value === undefined) return removeAt(text, path);
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  try {
    const edited = jsonc.applyEdits(text, jsonc.modify(text, path, change.value, { formattingOptions }));
    // The formatter takes the last line end with it.
    return text.endsWith('\n') && !edited.endsWith('\n') ? `${edited}${formattingOptions.eol}` : edited;
  } catch (error) {
    throw new CoPawError('invalid', `"${path.join('.')}" cannot be set: a part of that path is a plain value.`, {
      next: 'Unset that part first.',
      cause: error,
    });
  }
}

/** Takes out one property or element and one comma. What stands between, comments included, stays. */
function removeAt(text: string, path: jsonc.JSONPath): string {
  const tree = jsonc.parseTree(text, [], { allowTrailingComma: true });
  const found = tree && jsonc.findNodeAtLocation(tree, path);
  if (!found) return text;
  const node = found.parent?.type === 'property' ? found.parent : found;
  const siblings = node.parent?.children ?? [];
  const before = siblings[siblings.indexOf(node) - 1];
  const end = node.offset + node.length;
  const next = commaAfter(text, end);
  const comma = next ?? (before === undefined ? undefined : commaAfter(text, before.offset + before.length));
  const cuts = [[node.offset, end] as const, ...(comma === undefined ? [] : [[comma, comma + 1] as const])].sort((a, b) => b[0] - a[0]);
  const cut = cuts.reduce((rest, [from, to]) => rest.slice(0, from) + rest.slice(to), text);
  return dropBlankLine(cut, comma !== undefined && comma < node.offset ? node.offset - 1 : node.offset);
}

/** Offset of the comma that follows, when only blanks and comments stand before it. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = jsonc.createScanner(text, true);
  scanner.setPosition(offset);
  // 5 is SyntaxKind.CommaToken: a const enum, which no single-file compiler may inline.
  return scanner.scan() === 5 ? scanner.getTokenOffset() : undefined;
}

/** Drops the line around `offset` when nothing is left on it. */
function dropBlankLine(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1);
  const stop = text.indexOf('\n', offset);
  if (start === -1 || stop === -1 || text.slice(start + 1, stop).trim() !== '') return text;
  return text.slice(0, start + 1) + text.slice(stop + 1);
}

function duplicateKey(node: Node): Node | undefined {
  if (node.type === 'object') {
    const seen = new Set<unknown>();
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (key && seen.has(key.value)) return key;
      seen.add(key?.value);
    }
  }
  for (const child of node.children ?? []) {
    const found = duplicateKey(child);
    if (found) return found;
  }
  return undefined;
}

/** Plain JSON of a node. Keys become own properties, "__proto__" too. */
function plainOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainOf);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).map((property) => {
      const [key, value] = property.children ?? [];
      return [String(key?.value), value ? plainOf(value) : undefined];
    }),
  );
}

/** "ValueExpected" as "value expected". */
function inWords(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/gu, ' ').toLowerCase();
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
