// What holds for every answer in every dialect: nothing lost, each part fits and is well-formed, and the same again gives the same.
import fc from 'fast-check';
import { Lexer, walkTokens } from 'marked';
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/core/channel.ts';
import { type RenderedPart, render } from '../../src/gateway/render/render.ts';

const dialects: readonly Dialect[] = ['plain', 'telegram-html', 'slack-mrkdwn', 'discord', 'matrix-html', 'email-html', 'feishu-card', 'dingtalk-markdown'];
const parts = (markdown: string, dialect: Dialect, textLength: number): readonly RenderedPart[] =>
  render(markdown, { dialect, textLength, media: false }, (name) => name).parts;

/** As the platforms count, written down apart from the code that cuts. */
function measured({ text, plain = '' }: RenderedPart, dialect: Dialect): number {
  if (dialect === 'matrix-html') return Buffer.byteLength(JSON.stringify(text)) + Buffer.byteLength(JSON.stringify(plain)) - 4;
  if (dialect === 'feishu-card') return Buffer.byteLength(JSON.stringify({ content: JSON.stringify({ content: text }) })) - 32;
  if (dialect === 'dingtalk-markdown') return Buffer.byteLength(JSON.stringify({ text })) - 11;
  return dialect === 'telegram-html' ? readHtml(text, dialect).length : text.length;
}

const allowed: Readonly<Partial<Record<Dialect, RegExp>>> = {
  'telegram-html': /^(?:b|i|s|pre|blockquote|code(?: class="language-[\w+#.-]+")?|a href="(?:https?|tg):[^"<> ]+")$/u,
  'matrix-html':
    /^(?:p|h[1-6]|strong|em|del|code(?: class="language-[\w+#.-]+")?|pre|blockquote|ul|ol(?: start="\d+")?|li|table|thead|tbody|tr|th|td|br|hr|a href="(?:https?|mailto):[^"<> ]+")$/u,
  'email-html':
    /^(?:p|h[1-6]|strong|em|del|code(?: class="language-[\w+#.-]+")?|pre|blockquote|ul|ol(?: start="\d+")?|li|table|thead|tbody|tr|t[hd](?: align="(?:right|center)")?|br|hr|a href="(?:https?|mailto):[^"<> ]+")$/u,
};

/** The text of strict HTML; throws where it is not well-formed or has a tag that does not belong. */
function readHtml(html: string, dialect: Dialect): string {
  const open: string[] = [];
  let text = '';
  let rest = html;
  while (rest !== '') {
    const [whole = '', slash, tag = '', entity, plain] = /^<(\/?)([^<>]+)>|^&(amp|lt|gt|quot);|^([^<>&]+)/u.exec(rest) ?? [];
    if (whole === '') throw new Error(`not HTML: ${rest.slice(0, 40)}`);
    rest = rest.slice(whole.length);
    const name = tag.split(' ')[0] ?? '';
    if (entity !== undefined || plain !== undefined) text += entity === undefined ? plain : { amp: '&', lt: '<', gt: '>', quot: '"' }[entity];
    else if (slash === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
    } else {
      if (!allowed[dialect]?.test(tag)) throw new Error(`<${tag}> does not belong`);
      if (name !== 'br' && name !== 'hr') open.push(name);
    }
  }
  if (open.length > 0) throw new Error(`<${open.join('><')}> stays open`);
  return text;
}

const fenceLine = /^[> •\-\d.]*```[^`\n]*$/gmu;
const isCommonMark = (dialect: Dialect): boolean => dialect === 'feishu-card' || dialect === 'dingtalk-markdown';
const isHtml = (dialect: Dialect): boolean => dialect.endsWith('-html');

/** What a reader sees, without white space, marks of the dialects and repeated table heads (written in the letters Ħ and Ŋ). */
function visible(text: string, dialect: Dialect): string {
  const read = isHtml(dialect)
    ? readHtml(text, dialect)
    : dialect === 'slack-mrkdwn'
      ? text
          .replace(fenceLine, '')
          .replace(/<[^|>]+\|([^>]*)>/gu, '$1')
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&')
      : isCommonMark(dialect)
        ? text
            .replace(fenceLine, '')
            .replace(/\]\(https?:[^)]*\)/gu, '')
            .replace(/&#(\d+);/gu, (_, code: string) => String.fromCharCode(Number(code)))
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&amp;', '&')
        : text.replace(fenceLine, '').replace(/\]\(<[^>]*>\)/gu, '');
  return read.replace(/[\s\u200b\u2060\\*_~`<>|#.\-+•—[\]()ĦŊ]/gu, '');
}

/** What a reader of CommonMark with tables finds that does not belong: tags, pictures, links elsewhere, code that never ends, more tables than a card takes. */
function strangers(text: string): string[] {
  const found: string[] = [];
  let tables = 0;
  walkTokens(new Lexer().lex(text), (token) => {
    if (['html', 'image', 'def'].includes(token.type)) found.push(token.raw);
    if (token.type === 'link' && !/^(?:https?|mailto):/u.test(token.href)) found.push(token.raw);
    if (token.type === 'code' && !/^[^`]*```.*\n[^`]*```$/su.test(token.raw.trimEnd())) found.push(token.raw);
    if (token.type === 'table') tables += 1;
  });
  return tables > 3 ? [...found, `${tables} tables`] : found;
}

/** What is wrong with one part, by itself. */
function faults(part: RenderedPart, dialect: Dialect, limit: number): string[] {
  const { text } = part;
  const wrong: string[] = [];
  if (measured(part, dialect) > limit) wrong.push(`${measured(part, dialect)} of ${limit}`);
  if (!/[^\s\p{DI}\p{Cf}]/u.test(isHtml(dialect) ? readHtml(text, dialect).replace(/^$/u, text.includes('<hr>') ? '—' : '') : text)) wrong.push('empty');
  if (!text.isWellFormed() || /(?![\n\t])\p{Cc}/u.test(text)) wrong.push('not well-formed');
  if (isHtml(dialect)) readHtml(text, dialect);
  if (
    dialect === 'slack-mrkdwn' &&
    text
      .replace(/<(?:https?|mailto):[^<>| ]+\|[^<>]*>/gu, '')
      .replace(/^(?:> )+|^>(?: >)*$/gmu, '')
      .includes('<')
  )
    wrong.push('a bracket');
  if (['slack-mrkdwn', 'discord'].includes(dialect) && (text.match(fenceLine)?.length ?? 0) % 2 !== 0) wrong.push('an open fence');
  if (dialect === 'discord' && /@everyone|@here|<@[!&]?\d/u.test(text)) wrong.push('a mention');
  if (isCommonMark(dialect)) wrong.push(...strangers(text));
  if (isHtml(dialect) && dialect !== 'telegram-html' && part.plain === undefined) wrong.push('no plain text');
  return wrong;
}

function check(markdown: string, dialect: Dialect, limit: number): void {
  const cut = parts(markdown, dialect, limit);
  expect(cut.flatMap((part) => faults(part, dialect, limit))).toEqual([]);
  expect(parts(markdown, dialect, limit)).toEqual(cut);
  const whole = parts(markdown, dialect, 100_000_000);
  expect(whole.length).toBeLessThanOrEqual(1);
  expect(cut.map(({ text }) => visible(text, dialect)).join('')).toBe(whole.map(({ text }) => visible(text, dialect)).join(''));
  const beside = (all: readonly RenderedPart[]): string => all.map(({ plain = '' }) => visible(plain, 'plain')).join('');
  expect(beside(cut)).toBe(beside(whole));
}

const bits = [
  'a',
  'Bc',
  ' ',
  ' ',
  '\n',
  '\n\n',
  '*',
  '**',
  '_',
  '~~',
  '`',
  '``',
  '```',
  '[',
  '](',
  ')',
  '<',
  '>',
  '&',
  '&lt;',
  '&#64;',
  '"',
  '\\',
  '# ',
  '- ',
  '1. ',
  '> ',
];
const odd = [
  'é',
  'e\u0301',
  '👨‍👩‍👧',
  '🇩🇪',
  '👍🏽',
  'שלום',
  '\u202eevil',
  'مرحبا',
  '中文',
  '。',
  '\u200b',
  '\u0000',
  '\u001b[1m',
  '\ud800',
  '@everyone',
  '<@12>',
  '<!channel>',
  '[^1]',
  '[^1]: x',
];
const links = [
  'https://a.b/c_d?e=1&f=(2)',
  '[w](https://a.b)',
  '[w](javascript:x)',
  '![alt](http://i.j/k)',
  '<b>',
  '</p>',
  '<script>',
  'x@y.z',
  '\t',
  '    ',
  '---',
  '+ ',
];
const soup = fc.array(fc.constantFrom(...bits, ...odd, ...links), { maxLength: 120 }).map((all) => all.join(''));

const prose = fc
  .array(
    fc.constantFrom(
      'word',
      'longerword',
      '**bold**',
      '*it a ly*',
      '`co de`',
      '~~no~~',
      '[a link](https://x.y/z)',
      '**b *c* d**',
      'e\u0301nd.',
      '中文很好。',
      '👨‍👩‍👧',
    ),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) => all.join(' '));
const fenced = fc
  .array(fc.constantFrom('const a = 1;', '  if (x < y && z) {', '', '`tick`', '| no |', '# no', 'x'.repeat(90)), { minLength: 1, maxLength: 20 })
  .map((all) => `\`\`\`ts\n${all.join('\n')}\n\`\`\``);
const list = fc
  .array(fc.tuple(fc.nat(3), prose), { minLength: 1, maxLength: 6 })
  .map((items) => items.map(([depth, text], index) => `${'   '.repeat(depth)}${index % 2 === 0 ? '-' : '1.'} ${text}`).join('\n'));
const table = fc
  .array(fc.tuple(fc.constantFrom('one', '**two**', 'drei & 3'), fc.constantFrom('1', '中文', '`x`')), { maxLength: 30 })
  .map((rows) => ['| ĦŊ | ŊŊ |', '|---|--:|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n'));
const block = fc.oneof(
  prose,
  fenced,
  list,
  table,
  prose.map((text) => `## ${text}`),
  fc.constant('---'),
  fc.tuple(prose, fenced).map((both) => both.join('\n\n').replace(/^/gmu, '> ')),
);
const answer = fc.array(block, { maxLength: 5 }).map((blocks) => blocks.join('\n\n'));

const nested = (mark: string, depth: number): string => Array.from({ length: depth }, (_, level) => `${mark.repeat(level + 1)} level ${level}`).join('\n');
const hostile: readonly (readonly [what: string, markdown: string])[] = [
  ['right to left', 'שלום **עולם** `קוד` \u200fمرحبا\u200e\n\n- א\n- ב'],
  ['emoji of many', '👨‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽1️⃣'.repeat(80)],
  ['nothing of width', '\u200b\u200d\ufeff\u2060a\u200b'.repeat(60)],
  ['heaps of accents', `${'e\u0301\u0323\u0308'.repeat(200)} a${'\u0300'.repeat(300)}`],
  ['control characters', Array.from({ length: 32 }, (_, code) => `a${String.fromCharCode(code)}b`).join(' ')],
  ['half surrogates', '\ud83d \ude00 a\ud800'.repeat(50)],
  ['one line of 9,000', `${'long line without an end '.repeat(360)}`],
  ['one word of 9,000', 'x'.repeat(9_000)],
  ['Chinese without spaces', '这是一个很长的句子，没有空格。'.repeat(100)],
  ['deep lists', Array.from({ length: 40 }, (_, level) => `${'  '.repeat(level)}- item ${level}`).join('\n')],
  ['deep quotes', nested('>', 30)],
  ['many markers in a line', `${'- '.repeat(60)}a\n\n${'>'.repeat(300)} b\n\n${'1. '.repeat(60)}c`],
  ['an open fence', `text\n\n\`\`\`js\n${'let a = 1;\n\n'.repeat(60)}`],
  ['fences in fences', `~~~~\n\`\`\`\n${'`'.repeat(7)}\n~~~\n~~~~\n\n\`\`\`\n~~~~\n\`\`\`\nend`],
  ['backticks', '` `` ``` ```` '.repeat(80)],
  ['brackets', `${'['.repeat(300)}${'a]('.repeat(100)} ![[](![`],
  ['a long label', `[${'many words in a label '.repeat(60)}](https://a.b/c)`],
  ['marks without an end', '**a *b ~~c `d '.repeat(100)],
  ['crossed marks', '**a *b** c* ***d** e* _f __g_ h__ '.repeat(10)],
  ['a ragged table', '|a|b|c|\n|-|-|\n|1|2|3|\n\n|a|b|\n|-|-|\n|1|\n|1|2|3|4|\n|`x|y`|\\||'],
  ['a table in a quote in a list', `- a\n\n  > |ĦŊ|Ħ|\n  > |-|-|\n${'  > |1|2|\n'.repeat(60)}`],
  ['references', '&amp;lt; &#0; &#x202e; &#xd800; &nbsp; &copy &bogus;'.repeat(20)],
];

describe.each(dialects)('%s', (dialect) => {
  // Where tags count, small limits change what is a table or a link at all; then the whole is no measure.
  const least = dialect === 'matrix-html' ? 1_300 : dialect === 'email-html' ? 700 : 220;
  const limit = fc.integer({ min: least, max: least * 3 });
  test('answers of every kind', () =>
    fc.assert(
      fc.property(answer, limit, (markdown, most) => check(markdown, dialect, most)),
      { numRuns: 8 },
    ));
  test('any soup of markup', () =>
    fc.assert(
      fc.property(soup, limit, (markdown, most) => check(markdown, dialect, most)),
      { numRuns: 25 },
    ));
  test.each(hostile)('%s', (_, markdown) => check(markdown, dialect, least));
});

/** Inputs that take a lexer minutes, or its stack: each is answered, with all its letters. */
test.each([
  ['links and emphasis never closed', '[*a](b '.repeat(8_000)],
  ['an address of 60,000', `${'a'.repeat(60_000)}@`],
  ['half emphasis', 'a*'.repeat(30_000)],
  ['lists in lists', `${'- '.repeat(15_000)}a`],
  ['quotes in quotes', `${'>'.repeat(30_000)}a`],
  ['quotes and lazy lines', '> a\nb\n'.repeat(6_000)],
  ['control characters', '\u0000'.repeat(4_000)],
])(
  'bounded: %s',
  (_, markdown) => {
    const letters = (text: string): number => text.match(/[ab]/gu)?.length ?? 0;
    const cut = parts(markdown, 'telegram-html', 4_096).map(({ text }) => text);
    expect(letters(cut.join('').replace(/<[^>]*>/gu, ''))).toBe(letters(markdown));
  },
  30_000,
);
