// Whatever the server says to a person in its own words, the console can say in Chinese, and no Chinese is kept for what nobody says any more.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'rolldown/utils';
import { expect, test } from 'vitest';
import { hole } from '../../console/src/text/said.ts';
import { said, table, tables } from '../../console/src/text/zh/said/said.ts';
import { builtinChannels } from '../../src/builtins.ts';
import { channelSettings } from '../../src/core/channel-kind.ts';

/** Of the syntax tree, the members that are looked at. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly callee: Node;
  readonly arguments: readonly Node[];
  readonly key: Node;
  readonly properties: readonly Node[];
  readonly value: unknown;
  readonly quasis: readonly { readonly value: { readonly cooked: string } }[];
  readonly consequent: Node;
  readonly alternate: Node;
}

const root = join(import.meta.dirname, '../..');
/** What these say is read by a terminal, a log, a model, a command or whoever tests a channel. */
const elsewhere = new RegExp(
  [
    ...[
      'cli',
      'cli-parts',
      'testing',
      'tools',
      'app',
      'open-doctor',
      'open-sandbox-check',
      'open-senders',
      'open-embedding',
      'open-transcription',
      'open-models',
    ],
    ...[
      'http/client',
      'http/uploads-client',
      'http/sessions-client',
      'http/remote-ask',
      'http/listen',
      'gateway/previews',
      'core/proxy-target',
      'schedule/remind',
    ],
    ...['agent/past-sessions', 'memory/edit', 'memory/memory', 'memory/read-lines', 'models/embed'],
  ]
    .map((path) => `^src/${path}(?:/|\\.ts$)`)
    .join('|'),
  'u',
);
const sources = globSync('src/**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts') && !elsewhere.test(path));

/** The members of an object whose text a person may read; `text` is one where it has a code beside it. */
const spoken = new Set(['next', 'message', 'detail', 'reason', 'fault', 'why', 'what', 'fix']);
/** Words for people have an upper-case letter or a mark in front, and more than one word; other texts are names, prompts and formats. */
const isSentence = (text: string): boolean => /^(?:[A-Z“"]|\{\}|`).*[a-z{}] [a-z{}]/su.test(text) && /[.:)`}\w]$/u.test(text);

/** The texts that an expression may have, a hole for each part that differs. */
function texts(node: Node | undefined): readonly string[] {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node?.type === 'TemplateLiteral') return [node.quasis.map(({ value }) => value.cooked).join(hole)];
  return node?.type === 'ConditionalExpression' ? [...texts(node.consequent), ...texts(node.alternate)] : [];
}

function collect(source: string, value: unknown, add: (text: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) collect(source, member, add);
  const node = value as Node;
  const name = ({ start, end }: Node): string => source.slice(start, end);
  if (node.type === 'NewExpression' && name(node.callee) === 'CoPawError') texts(node.arguments[1]).forEach(add);
  if (node.type !== 'ObjectExpression') return;
  const members = node.properties.filter(({ type }) => type === 'Property').map((member) => [name(member.key), member.value as Node] as const);
  const coded = members.some(([key]) => key === 'code');
  for (const [key, member] of members) if (spoken.has(key) || (key === 'text' && coded)) texts(member).forEach(add);
}

const spokenIn = new Map(
  sources.map((path) => {
    const source = readFileSync(join(root, path), 'utf8');
    const found = new Set<string>();
    collect(source, parseSync(path, source).program, (text) => void (isSentence(text) && found.add(text)));
    return [path, found];
  }),
);

test('every sentence has its Chinese', () => {
  const all = [...spokenIn].flatMap(([path, found]) => [...found].map((text) => `${path}: ${text}`));
  expect(all.length).toBeGreaterThan(500);
  const dumb = [...spokenIn].flatMap(([path, found]) =>
    [...found].flatMap((text) => (said(text.replaceAll('{}', 'x')) === undefined ? [`${path}: ${text}`] : [])),
  );
  expect(dumb).toEqual([]);
});

/** These are said by words that fit others too, which is well. The last is not shown: a refusal stands in its place. */
const general = new Set([
  'There is no agent "{}".',
  'There is no channel account {}/{}.',
  'It takes requests at /hooks/{}/{}; that they come through shows with the first one.',
  'Another CoPaw{} is using {}.',
  'Run: copaw channels add slack',
  'Judging took too long.',
]);

test('no sentence is taken by the words of another one', () => {
  const own = (text: string): boolean => Object.hasOwn(table, text) || Object.hasOwn(table, `${text}.`);
  const inRow = (sentences: readonly string[]): boolean =>
    sentences.length === 0 || sentences.some((_, index) => own(sentences.slice(0, index + 1).join(' ')) && inRow(sentences.slice(index + 1)));
  const all = new Set([...spokenIn.values()].flatMap((found) => [...found]));
  expect([...all].filter((text) => !inRow(text.split(/(?<=[.!?]) (?=\S)/u)) && !general.has(text))).toEqual([]);
  const filled = (text: string): string => {
    let next = 0;
    return text.replace(/\{(\d?)\}/gu, (_, digit: string) => `Q${digit === '' ? next++ : digit}q`);
  };
  expect(Object.entries(table).filter(([english, chinese]) => said(filled(english)) !== filled(chinese))).toEqual([]);
});

test('no Chinese is kept for what nobody says', () => {
  const all = [...globSync('src/**/*.ts', { cwd: root })]
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n')
    .replaceAll(/\\(.)/gu, '$1');
  const ofParsers = /^(?:Invalid|Too|invalid|unexpected end of) |^[a-z ]+ expected$/u;
  // Some are put together: what stands between their marks is said.
  const pieces = (one: string): readonly string[] => one.replace(/^(Not tried): \w+/u, '$1{}').split(/\{\}|[.:,] ?/u);
  expect(Object.keys(table).filter((one) => !ofParsers.test(one) && !pieces(one).every((piece) => all.includes(piece.trim())))).toEqual([]);
});

test('each is kept once, says enough to be known by, and has a place for all that it fills in', () => {
  const each = tables.flatMap((one) => Object.keys(one));
  expect(each.filter((one, index) => each.indexOf(one) !== index)).toEqual([]);
  expect(Object.keys(table).filter((one) => one.includes(hole) && one.replaceAll(hole, '').replaceAll(/\W/gu, '').length < 3)).toEqual([]);
  expect(Object.entries(table).filter(([english, chinese]) => chinese.split(hole).length > english.split(hole).length)).toEqual([]);
});

test('what an account of a channel lacks is said by its paths, without a word of English', async () => {
  for (const load of Object.values(builtinChannels)) {
    const kind = await load();
    let message = '';
    try {
      channelSettings(kind, 'main', {});
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    // All that is left of English are the names of the keys.
    expect(said(message) ?? message).toMatch(/^尚未设置完整。(?:channels(?:\.\w+)+：[^a-zA-Z]+。)+$/u);
  }
});
