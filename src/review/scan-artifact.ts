// Looks through an artifact and says what a person should see before enabling it. It informs; nothing is allowed or refused by it.
import type { FindingSeverity, SkillFinding } from '../core/skill.ts';
import { textRules } from './scan-rules.ts';

export interface ScannedFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** Bytes of one file, and of all files, that are looked at; the rest is a finding. */
const mostOfFile = 1024 * 1024;
const mostOfAll = 4 * 1024 * 1024;
const mostFindings = 100;
const mostPerRule = 5;
const longLine = 2_000;

/** At most 100 findings, the grave ones first. */
export function scanArtifact(files: readonly ScannedFile[]): readonly SkillFinding[] {
  let left = mostOfAll;
  const found = files.flatMap(({ path, data }): SkillFinding[] => {
    const kind = kindOf(data);
    if (kind !== undefined) return [{ ...kind, path, line: 0 }];
    const looked = data.subarray(0, Math.min(mostOfFile, left));
    left -= looked.length;
    const rest: SkillFinding[] =
      looked.length === data.length
        ? []
        : [{ id: 'not-scanned', severity: 'high', path, line: 0, detail: `Only the first ${looked.length} bytes were looked at.` }];
    const text = textOf(looked);
    if (text === undefined) return [{ id: 'binary-file', severity: 'low', path, line: 0, detail: 'Not text; it was not looked into.' }];
    return [...rest, ...scanText(path, text)];
  });
  const order: readonly FindingSeverity[] = ['high', 'medium', 'low'];
  return found.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity)).slice(0, mostFindings);
}

const magics: readonly { readonly bytes: readonly number[]; readonly id: string; readonly severity: FindingSeverity; readonly detail: string }[] = [
  ...[
    [0x7f, 0x45, 0x4c, 0x46],
    [0x4d, 0x5a],
    [0xcf, 0xfa, 0xed, 0xfe],
    [0xce, 0xfa, 0xed, 0xfe],
    [0xca, 0xfe, 0xba, 0xbe],
    [0, 0x61, 0x73, 0x6d],
  ].map((bytes) => ({ bytes, id: 'executable-file', severity: 'high', detail: 'A program in machine code; nobody can review it.' }) as const),
  ...[
    [0x50, 0x4b, 3, 4],
    [0x1f, 0x8b],
    [0x37, 0x7a, 0xbc, 0xaf],
    [0xfd, 0x37, 0x7a, 0x58],
    [0x42, 0x5a, 0x68],
  ].map((bytes) => ({ bytes, id: 'nested-archive', severity: 'medium', detail: 'An archive or office document; what is inside was not looked at.' }) as const),
];

function kindOf(data: Uint8Array): Pick<SkillFinding, 'id' | 'severity' | 'detail'> | undefined {
  const known = magics.find(({ bytes }) => bytes.every((byte, index) => data[index] === byte));
  // "MZ" and "BZh" also begin a text.
  if (!known || (known.bytes.every((byte) => byte >= 0x20 && byte < 0x7f) && textOf(data.subarray(0, 4096)) !== undefined)) return undefined;
  return { id: known.id, severity: known.severity, detail: known.detail };
}

/** Undefined for what is not UTF-8 text; a character cut off at the end does not count. */
function textOf(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(data, { stream: true });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function scanText(path: string, text: string): SkillFinding[] {
  const starts = [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
  const found: SkillFinding[] = [];
  const add = ({ id, severity, detail }: Pick<SkillFinding, 'id' | 'severity' | 'detail'>, places: Iterable<number>): void => {
    const lines = new Set<number>();
    for (const place of places) {
      lines.add(lineOf(starts, place));
      if (lines.size >= mostPerRule) break;
    }
    found.push(...[...lines].map((line) => ({ id, severity, path, line, detail })));
  };
  // A phrase may wrap; list items, headings and paragraphs stay apart. The length stays, so places do too.
  const joined = text.replace(/\r?\n(?![ \t]*(?:[-*+#>]|\d{1,3}[.)]|\r?\n|$))/gu, (end) => ' '.repeat(end.length));
  for (const rule of textRules) add(rule, matches(joined, rule.patterns));
  const long = starts.filter((start, index) => (starts[index + 1] ?? text.length) - start > longLine);
  add({ id: 'long-line', severity: 'medium', detail: `A line of over ${longLine} characters.` }, long);
  return found;
}

function* matches(text: string, patterns: readonly RegExp[]): Generator<number> {
  for (const pattern of patterns) for (const { index } of text.matchAll(new RegExp(pattern, `${pattern.flags}g`))) yield index;
}

/** The 1-based line of an offset, by the sorted offsets where lines start. */
function lineOf(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
