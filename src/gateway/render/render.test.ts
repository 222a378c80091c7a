// One answer in each dialect, to the letter; where it is cut; and what becomes a file.
import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../core/channel.ts';
import { render, renderLiteral } from './render.ts';

const say = (name: string): string => `(see ${name})`;
const all = (markdown: string, dialect: Dialect, textLength = 4_000) => render(markdown, { dialect, textLength, media: false }, say).parts;
const one = (markdown: string, dialect: Dialect): string => {
  const parts = all(markdown, dialect);
  expect(parts).toHaveLength(1);
  return parts[0]?.text ?? '';
};
const texts = (markdown: string, dialect: Dialect, textLength: number): string[] => all(markdown, dialect, textLength).map(({ text }) => text);

/** Markdown, then what it is in each dialect. */
type Row = readonly [what: string, markdown: string, written: Partial<Record<Dialect, string>>];
const rows: readonly Row[] = [
  [
    'emphasis and code',
    '**b *i* x** ~~no~~ `a<b`',
    {
      plain: 'b i x no `a<b`',
      'telegram-html': '<b>b <i>i</i> x</b> <s>no</s> <code>a&lt;b</code>',
      'slack-mrkdwn': '*b _i_ x* ~no~ `a&lt;b`',
      discord: '**b *i* x** ~~no~~ `a<b`',
      'feishu-card': '**b *i\u200b* x\u200b** ~~no\u200b~~ `a<b`',
      'dingtalk-markdown': '**b *i\u200b* x\u200b** no `a&lt;b`',
      'matrix-html': '<p><strong>b <em>i</em> x</strong> <del>no</del> <code>a&lt;b</code></p>',
      'email-html': '<p><strong>b <em>i</em> x</strong> <del>no</del> <code>a&lt;b</code></p>',
    },
  ],
  [
    'marks inside a word',
    '这是**粗体**文字',
    {
      'slack-mrkdwn': '这是\u200b*粗体*\u200b文字',
      discord: '这是**粗体**文字',
      'telegram-html': '这是<b>粗体</b>文字',
      'feishu-card': '这是**\u200b粗体\u200b**文字',
    },
  ],
  [
    'text that looks like markup',
    String.raw`\*a\* snake_case \_b\_ \~c \`d &amp; <b>e</b> "q"`,
    {
      plain: '*a* snake_case _b_ ~c `d & <b>e</b> "q"',
      'telegram-html': '*a* snake_case _b_ ~c `d &amp; &lt;b&gt;e&lt;/b&gt; "q"',
      'slack-mrkdwn': '\u2060*\u2060a\u2060*\u2060 snake_case \u2060_\u2060b\u2060_\u2060 \u2060~\u2060c \u2060`\u2060d &amp; &lt;b&gt;e&lt;/b&gt; "q"',
      discord: String.raw`\*a\* snake\_case \_b\_ \~c \`d & \<b>e\</b> "q"`,
      'feishu-card': '&#42;a&#42; snake&#95;case &#95;b&#95; &#126;c &#96;d &#38; &#60;b&#62;e&#60;/b&#62; "q"',
      'dingtalk-markdown': '&#42;a&#42; snake_case &#95;b&#95; ~c &#96;d &amp; &lt;b&gt;e&lt;/b&gt; "q"',
      'matrix-html': '<p>*a* snake_case _b_ ~c `d &amp; &lt;b&gt;e&lt;/b&gt; "q"</p>',
    },
  ],
  [
    'lines that look like blocks',
    'x\n\\# a\n\\> b\n\\- c\n1\\. d',
    {
      discord: 'x\n\\# a\n\\> b\n\\- c\n1\\. d',
      'slack-mrkdwn': 'x\n# a\n\u2060&gt; b\n- c\n1. d',
      'matrix-html': '<p>x<br># a<br>&gt; b<br>- c<br>1. d</p>',
      'dingtalk-markdown': 'x  \n&#35; a  \n&gt; b  \n&#45; c  \n1&#46; d',
      'feishu-card': 'x  \n&#35; a  \n&#62; b  \n&#45; c  \n1&#46; d',
    },
  ],
  [
    'links',
    '[a & b](https://x.y/?p=1&q="2") https://a.b/c_d <me@x.y>',
    {
      plain: 'a & b (https://x.y/?p=1&q=%222%22) https://a.b/c_d me@x.y',
      'telegram-html': '<a href="https://x.y/?p=1&amp;q=%222%22">a &amp; b</a> <a href="https://a.b/c_d">https://a.b/c_d</a> me@x.y',
      'slack-mrkdwn': '<https://x.y/?p=1&amp;q=%222%22|a &amp; b> <https://a.b/c_d|https://a.b/c_d> <mailto:me@x.y|me@x.y>',
      discord: '[a & b](<https://x.y/?p=1&q=%222%22>) <https://a.b/c_d> me@x.y',
      'feishu-card': '[a &#38; b](https://x.y/?p=1&q=%222%22) [https&#58;//a.b/c&#95;d](https://a.b/c_d) me@x.y',
      'email-html':
        '<p><a href="https://x.y/?p=1&amp;q=%222%22">a &amp; b</a> <a href="https://a.b/c_d">https://a.b/c_d</a> <a href="mailto:me@x.y">me@x.y</a></p>',
    },
  ],
  [
    'links that go nowhere safe, and words that pose as an address',
    '[x](javascript:alert(1)) [y](./z.md) [https://bank.com](https://evil.com/)',
    {
      plain: 'x (javascript:alert(1)) y (./z.md) https://bank.com (https://evil.com/)',
      'telegram-html': 'x (javascript:alert(1)) y (./z.md) https://bank.com (<a href="https://evil.com/">https://evil.com/</a>)',
      'email-html': '<p>x (javascript:alert(1)) y (./z.md) https://bank.com (<a href="https://evil.com/">https://evil.com/</a>)</p>',
    },
  ],
  [
    'tg links',
    '[u](tg://user?id=1)',
    { 'telegram-html': '<a href="tg://user?id=1">u</a>', 'email-html': '<p>u (tg://user?id=1)</p>', discord: 'u (tg://user?id=1)' },
  ],
  [
    'images',
    '![a "b"](https://x.y/z.png)',
    {
      plain: '🖼 a "b" (https://x.y/z.png)',
      'telegram-html': '<a href="https://x.y/z.png">🖼 a "b"</a>',
      'matrix-html': '<p><a href="https://x.y/z.png">🖼 a "b"</a></p>',
      'feishu-card': '[🖼 a "b"](https://x.y/z.png)',
    },
  ],
  [
    'headings and rules',
    '# A **b**\n\n#### c\n\n---',
    {
      plain: 'A b\n\nc\n\n———',
      'telegram-html': '<b>A b</b>\n\n<b>c</b>\n\n———',
      'slack-mrkdwn': '*A b*\n\n*c*\n\n———',
      discord: '# A **b**\n\n**c**\n\n———',
      'feishu-card': '# A **b\u200b**\n\n#### c\n\n---',
      'matrix-html': '<h1>A <strong>b</strong></h1><h4>c</h4><hr>',
    },
  ],
  [
    'nested lists, tasks, numbers',
    '3. a\n   - b\n     - [x] c\n   - [ ] d\n4. e\n   f',
    {
      plain: '3. a\n   - b\n     - ☑ c\n   - ☐ d\n4. e\n   f',
      'telegram-html': '3. a\n   • b\n     • ☑ c\n   • ☐ d\n4. e\n   f',
      'slack-mrkdwn': '3. a\n   • b\n     • ☑ c\n   • ☐ d\n4. e\n   f',
      discord: '3. a\n   - b\n     - ☑ c\n   - ☐ d\n4. e\n   f',
      'feishu-card': '3.  a\n    -   b\n        -   ☑ c\n    -   ☐ d\n4.  e  \n    f',
      'matrix-html': '<ol start="3"><li>a<ul><li>b<ul><li>☑ c</li></ul></li><li>☐ d</li></ul></li><li>e<br>f</li></ol>',
    },
  ],
  [
    'quotes',
    '> a\n>\n> > b\n> > c',
    {
      plain: '> a\n>\n> > b\n> > c',
      'telegram-html': '<blockquote>a\n\n&gt; b\n&gt; c</blockquote>',
      'slack-mrkdwn': '> a\n>\n> > b\n> > c',
      'feishu-card': '> a\n>\n> > b  \n> > c',
      'matrix-html': '<blockquote><p>a</p><blockquote><p>b<br>c</p></blockquote></blockquote>',
    },
  ],
  [
    'code blocks',
    '````c++\nif (a < b && "`") {\n  ```\n````',
    {
      plain: '````c++\nif (a < b && "`") {\n  ```\n````',
      'telegram-html': '<pre><code class="language-c++">if (a &lt; b &amp;&amp; "`") {\n  ```</code></pre>',
      'slack-mrkdwn': '```\nif (a &lt; b &amp;&amp; "`") {\n  ``\u200b`\n```',
      discord: '```c++\nif (a < b && "`") {\n  ``\u200b`\n```',
      'email-html': '<pre><code class="language-c++">if (a &lt; b &amp;&amp; "`") {\n  ```</code></pre>',
    },
  ],
  [
    'code in a quote',
    '> ```\n> a\n> ```',
    { plain: '> ```\n> a\n> ```', discord: '> ```\n> a\n> ```', 'telegram-html': '<blockquote><pre>a</pre></blockquote>' },
  ],
  ['code in a list', '- a\n  ```\n  <at id=all></at>\n  ```\n  b', { 'feishu-card': '-   a\n\n    ```\n    <\u200bat id=all></at>\n    ```\n    b' }],
  ['code spans with backticks', '`` a`b ``', { plain: '``a`b``', discord: '``a`b``', 'slack-mrkdwn': 'a\u2060`\u2060b', 'telegram-html': '<code>a`b</code>' }],
  [
    'tables',
    '| Wort | n | 说明 |\n|---|--:|:-:|\n| **a** | 10 | 苹果 |\n| [b](https://x.y) | 9 | é |',
    {
      'telegram-html': '<pre>Wort            |   n | 说明\n----------------+-----+-----\na               |  10 | 苹果\nb (https://x.y) |   9 |  é</pre>',
      discord: '```\nWort            |   n | 说明\n----------------+-----+-----\na               |  10 | 苹果\nb (https://x.y) |   9 |  é\n```',
      'dingtalk-markdown': '```\nWort            |   n | 说明\n----------------+-----+-----\na               |  10 | 苹果\nb (https://x.y) |   9 |  é\n```',
      'feishu-card': '| Wort | n | 说明 |\n| --- | --- | --- |\n| **a\u200b** | 10 | 苹果 |\n| [b](https://x.y) | 9 | é |',
      'matrix-html':
        '<table><thead><tr><th>Wort</th><th>n</th><th>说明</th></tr></thead><tbody><tr><td><strong>a</strong></td><td>10</td><td>苹果</td></tr><tr><td><a href="https://x.y">b</a></td><td>9</td><td>é</td></tr></tbody></table>',
      'email-html':
        '<table><thead><tr><th>Wort</th><th align="right">n</th><th align="center">说明</th></tr></thead><tbody><tr><td><strong>a</strong></td><td align="right">10</td><td align="center">苹果</td></tr><tr><td><a href="https://x.y">b</a></td><td align="right">9</td><td align="center">é</td></tr></tbody></table>',
    },
  ],
  [
    'calls to everybody',
    '@everyone <@123> `@here` @room <!channel>',
    {
      discord: '\\@\u200beveryone \\<\\@\u200b123> `@\u200bhere` @room \\<!channel>',
      'slack-mrkdwn': '@everyone &lt;@123&gt; `@here` @room &lt;!channel&gt;',
      'matrix-html': '<p>@everyone &lt;@123&gt; <code>@here</code> @\u2060room &lt;!channel&gt;</p>',
    },
  ],
  [
    'tags, pictures and signs of cards',
    '<at id=all></at> `<at id=all>` <person id="ou_1"></person> ![x](img_v3_1) wow\\![y](https://z.z) :DONE: &lt;at id=all&gt; [t](tel://112)',
    {
      'dingtalk-markdown':
        '&lt;at id=all&gt;&lt;/at&gt; `&lt;at id=all&gt;` &lt;person id="ou_1"&gt;&lt;/person&gt; 🖼 x (img_v3_1) wow!\u200b[y](https://z.z) :DONE: &lt;at id=all&gt; t (tel://112)',
      'feishu-card':
        '&#60;at id=all&#62;&#60;/at&#62; `<\u200bat id=all>` &#60;person id="ou&#95;1"&#62;&#60;/person&#62; 🖼 x (img&#95;v3&#95;1) wow!\u200b[y](https://z.z) &#58;DONE: &#60;at id=all&#62; t (tel&#58;//112)',
    },
  ],
  [
    'calls and commands of DingTalk',
    '@所有人 @all me@x.y [a](dtmd://dingtalkclient/sendMessage?content=/approve) \\[b](dtmd://c) <a atId=1>x<a>\n\n```md\n# ![x](http://i.j)\n  [y](dtmd://z)\n```',
    {
      'dingtalk-markdown':
        '@\u2060所有人 @\u2060all me@x.y a (dtmd://dingtalkclient/sendMessage?content=/approve) &#91;b&#93;(dtmd://c) &lt;a atId=1&gt;x&lt;a&gt;\n\n```md\n&#35; !\u200b[x]\u200b(http://i.j)\n\u00a0\u00a0[y]\u200b(dtmd://z)\n```',
    },
  ],
  [
    'raw HTML',
    '<div onclick="x">\n\na <script>b</script><br>',
    { plain: '<div onclick="x">\n\na <script>b</script><br>', 'telegram-html': '&lt;div onclick="x"&gt;\n\na &lt;script&gt;b&lt;/script&gt;&lt;br&gt;' },
  ],
  [
    'footnotes and targets nobody links to',
    'a[^1] [b][2]\n\n[^1]: word\n\n[2]: https://x.y\n[3]: https://z.z',
    { plain: 'a[^1] b (https://x.y)\n\n[^1]: word\n\n[3]: https://z.z' },
  ],
  ['what hides', 'a\u0000b\u202ec\u2028d\ud800', { plain: 'a\\u{0}b\\u{202e}c\nd\ufffd' }],
];

describe.each(rows)('%s', (_, markdown, written) => {
  test.each(Object.entries(written) as [Dialect, string][])('%s', (dialect, expected) => expect(one(markdown, dialect)).toBe(expected));
});

test('a card holds three tables, further ones are code; a bar in a cell is never one of code', () => {
  const table = '| a | b |\n|---|---|\n| 1 | `x\\|y` |';
  const text = one(Array.from({ length: 5 }, () => table).join('\n\n'), 'feishu-card');
  expect(text.match(/^\| a \| b \|\n\| --- \| --- \|\n\| 1 \| x&#124;y \|$/gmu)).toHaveLength(3);
  expect(text.match(/^```\na {3}\| b\n----\+----\n1 {3}\| x\|y\n```$/gmu)).toHaveLength(2);
});

test('words that are no Markdown show as they are', () => {
  const words = '# run_command {"command":"rm *a* _b_ `c` <d>"}\n\n1. [x](https://y.z)';
  const literal = (dialect: Dialect): string | undefined => renderLiteral(words, { dialect, textLength: 4_000 })[0]?.text;
  expect(literal('plain')).toBe(words);
  expect(literal('telegram-html')).toBe(words.replace('<d>', '&lt;d&gt;'));
  expect(renderLiteral('{\n\n    "a": 1\n}', { dialect: 'feishu-card', textLength: 4_000 })[0]?.text).toBe('{  \n  \n\u00a0\u00a0\u00a0\u00a0"a": 1  \n}');
  expect(literal('discord')).toBe('\\# run\\_command {"command":"rm \\*a\\* \\_b\\_ \\`c\\` \\<d>"}\n\n1\\. \\[x\\](https://y.z)');
});

test('the plain text beside HTML', () => {
  expect(all('**a** @room\n\n| x | y |\n|---|---|\n| 1 | 2 |', 'matrix-html')[0]?.plain).toBe('a @\u2060room\n\n```\nx   | y\n----+----\n1   | 2\n```');
  expect(all('- [a](https://b.c)', 'email-html')[0]?.plain).toBe('- a (https://b.c)');
});

test('attack: @room in a table, a link target or broken by marks calls nobody in the plain text of Matrix', () => {
  const table = '| @room | b |\n|---|---|\n| @room | [x](https://y.z/@room) |';
  const plain = all(`${table}\n\n[a](https://b.c/@room) @Room @r**oom** @*room*\n\n\`\`\`@room\nx\n\`\`\``, 'matrix-html')[0]?.plain ?? '';
  expect(plain.replaceAll('\u2060', '').match(/@room/giu)).toHaveLength(7);
  expect(plain).not.toMatch(/@room/iu);
});

describe('attack: a small table that would fill the memory', () => {
  const rows = (row: string, count: number): string => Array.from({ length: count }, () => row).join('\n');
  /** Lines in fixed width, and cells with such lines beside them. */
  const dialects: readonly Dialect[] = ['telegram-html', 'matrix-html'];
  test.each([
    ['one wide cell and many rows', `|a|b|\n|-|-|\n|${'x'.repeat(120_000)}|y|\n${rows('|1|2|', 5_000)}`],
    ['one wide column name and many rows', `|a|${'x'.repeat(120_000)}|\n|-|-|\n${rows('|1|2|', 5_000)}`],
    ['many columns and many short rows', `${'|a'.repeat(8_000)}|\n${'|-'.repeat(8_000)}|\n${rows('|1', 8_000)}`],
  ])(
    '%s',
    (_, table) => {
      for (const dialect of dialects) {
        const parts = all(table, dialect, 4_000);
        const size = parts.reduce((sum, { text, plain = '' }) => sum + text.length + plain.length, 0);
        expect(size).toBeGreaterThan(table.length / 2);
        expect(size).toBeLessThan(table.length * 20);
      }
    },
    60_000,
  );
});

test('a column name too long for each row is said in full once', () => {
  const name = 'n'.repeat(3_000);
  const text = texts(`|a|${name}|\n|-|-|\n${Array.from({ length: 20 }, (_, row) => `|${row}|z|`).join('\n')}`, 'plain', 9_000).join('');
  expect(text.match(/n+: z/gu)).toEqual([`${name}: z`]);
  expect(text.match(/n{40}…: z/gu)).toHaveLength(19);
});

test.each(['', ' \n\n', '\u200b', '```\n\n```', '#'])('%j shows nothing and is no part', (markdown) => expect(all(markdown, 'plain')).toEqual([]));

describe('cuts', () => {
  const line = (letter: string, length: number): string => `${letter.repeat(length - 1)}.`;

  test('between blocks first, and leaves a heading with what it heads', () => {
    expect(texts(`${line('a', 90)}\n\n${line('b', 60)}\n\n${line('c', 60)}`, 'plain', 160)).toEqual([`${line('a', 90)}\n\n${line('b', 60)}`, line('c', 60)]);
    const long = `${line('b', 45)} ${line('c', 45)}`;
    expect(texts(`${line('a', 70)}\n\n# Head\n\n${long}`, 'plain', 160)).toEqual([line('a', 70), `Head\n\n${long}`]);
  });
  test('between sentences, then words', () => {
    expect(texts(`${'a'.repeat(100)}. ${'b'.repeat(30)} ${'c'.repeat(60)}`, 'plain', 160)).toEqual([
      `${'a'.repeat(100)}.`,
      `${'b'.repeat(30)} ${'c'.repeat(60)}`,
    ]);
    expect(texts(`${'a'.repeat(100)} ${'b'.repeat(30)} ${'c'.repeat(60)}`, 'plain', 160)).toEqual([`${'a'.repeat(100)} ${'b'.repeat(30)}`, 'c'.repeat(60)]);
  });
  test('with marks closed and opened again', () => {
    expect(texts(`**${'a'.repeat(100)} *${'b'.repeat(30)} ${'c'.repeat(60)}***`, 'telegram-html', 160)).toEqual([
      `<b>${'a'.repeat(100)} <i>${'b'.repeat(30)}</i></b>`,
      `<b><i>${'c'.repeat(60)}</i></b>`,
    ]);
  });
  test('with fences and their language again', () => {
    const code = Array.from({ length: 10 }, (_, index) => `  line ${index} ${'x'.repeat(20)}`);
    const parts = texts(`\`\`\`js\n${code.join('\n')}\n\`\`\``, 'discord', 160);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part).toMatch(/^```js\n {2}line .*\n```$/su);
    expect(parts.flatMap((part) => part.split('\n').slice(1, -1))).toEqual(code);
  });
  test('with table headers again', () => {
    const rows = Array.from({ length: 20 }, (_, index) => `| ${index} | word |`);
    const table = `| Nr | What |\n|---|---|\n${rows.join('\n')}`;
    const grid = texts(table, 'slack-mrkdwn', 160);
    expect(grid.length).toBeGreaterThan(1);
    for (const part of grid) expect(part).toMatch(/^```\nNr {2}\| What\n----\+-----\n(?:\d+ +\| word\n)+```$/u);
    const html = texts(table, 'email-html', 400);
    expect(html.length).toBeGreaterThan(1);
    for (const part of html)
      expect(part).toMatch(/^<table><thead><tr><th>Nr<\/th><th>What<\/th><\/tr><\/thead><tbody>(?:<tr><td>\d+<\/td><td>word<\/td><\/tr>)+<\/tbody><\/table>$/u);
  });
  test('with list numbers going on', () => {
    const list = Array.from({ length: 6 }, (_, index) => `${index + 1}. ${'x'.repeat(60)}`).join('\n');
    expect(texts(list, 'plain', 160)[1]).toBe(`3. ${'x'.repeat(60)}\n4. ${'x'.repeat(60)}`);
    expect(texts(list, 'email-html', 200)[1]).toBe(`<ol start="3"><li>${'x'.repeat(60)}</li><li>${'x'.repeat(60)}</li></ol>`);
  });
  test('a table too wide for columns is read row by row', () => {
    expect(texts(`| A | B |\n|---|---|\n| ${'x'.repeat(90)} | ${'y'.repeat(50)} |`, 'telegram-html', 4_000)).toEqual([
      `<b>A:</b> ${'x'.repeat(90)}\n<b>B:</b> ${'y'.repeat(50)}`,
    ]);
  });
  test('never inside a cluster, an entity or a short link', () => {
    const family = '👨‍👩‍👧';
    for (const part of texts(family.repeat(60), 'plain', 163)) expect(part.replaceAll(family, '')).toBe('');
    for (const part of texts('&'.repeat(200), 'email-html', 161)) expect(part).toMatch(/^<p>(?:&amp;)+<\/p>$/u);
    const [first, second] = texts(`${'a'.repeat(140)} [some words here](https://x.y/)`, 'discord', 160);
    expect([first, second]).toEqual(['a'.repeat(140), '[some words here](<https://x.y/>)']);
  });
  test('a link too long for a part shows its target as text', () => {
    const parts = texts(`[words](https://a.b/${'p/'.repeat(100)}) after`, 'discord', 160);
    expect(parts.join('').replaceAll(' ', '')).toBe(`words(https://a.b/${'p/'.repeat(100)})after`);
  });
  test('a link with a long label says its target once where it is shown', () => {
    expect(
      texts(`[${'word '.repeat(50)}](https://a.b/c)`, 'plain', 160)
        .join(' ')
        .match(/a\.b/gu),
    ).toHaveLength(1);
  });
  test('one line of 9,000 characters arrives whole', () => {
    for (const dialect of ['plain', 'telegram-html', 'slack-mrkdwn', 'discord'] as const)
      expect(texts('x'.repeat(9_000), dialect, 2_000).join('')).toBe('x'.repeat(9_000));
  });
  test('a cluster larger than a part is cut between characters', () => {
    const heap = `a${'\u0301'.repeat(400)}`;
    expect(texts(heap, 'plain', 160).join('')).toBe(heap);
  });
  test('Telegram counts what is shown, and a hundred marks', () => {
    expect(texts('&'.repeat(160), 'telegram-html', 160)).toEqual(['&amp;'.repeat(160)]);
    const marked = texts('**a** '.repeat(250), 'telegram-html', 4_096);
    expect(marked.map((part) => part.match(/<b>/gu)?.length)).toEqual([100, 100, 50]);
  });
});

describe('what fills too many parts', () => {
  const code = `\`\`\`python\n${'print("x")\n'.repeat(100)}\`\`\``;
  const limits = { dialect: 'telegram-html', textLength: 200 } as const;

  test('becomes a file where the channel takes them', () => {
    expect(render(`Here:\n\n${code}\n\nDone.`, { ...limits, media: true }, say)).toEqual({
      parts: [{ text: 'Here:\n\n(see code-1.py)\n\nDone.' }],
      files: [{ name: 'code-1.py', mediaType: 'text/plain', text: 'print("x")\n'.repeat(100) }],
    });
    const table = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(200)}`;
    expect(render(table, { ...limits, media: true }, say)).toEqual({
      parts: [{ text: '(see table-1.md)' }],
      files: [{ name: 'table-1.md', mediaType: 'text/markdown', text: table }],
    });
  });
  test('is cut where it does not', () => {
    const { parts, files } = render(code, { ...limits, media: false }, say);
    expect(parts.length).toBeGreaterThan(3);
    expect(files).toEqual([]);
  });
  test('goes along whole when the answer itself is too long', () => {
    const answer = `${'A sentence of some words. '.repeat(20)}\n\n`.repeat(20);
    const { parts, files } = render(answer, { ...limits, media: true }, say);
    expect(parts).toHaveLength(12);
    expect(parts.at(-1)).toEqual({ text: '(see answer.md)' });
    expect(files).toEqual([{ name: 'answer.md', mediaType: 'text/markdown', text: answer }]);
  });
});
