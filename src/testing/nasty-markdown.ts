// Markdown with everything in it that is hard to write for a platform: nesting, fences, tables, half-open marks, other scripts, signs of other dialects.

const blocks: readonly string[] = [
  '# A heading with `code`, *marks* and a [link](https://example.org/a_b(c)?x=1&y=<2>)',
  'Words **bold _and slanted ~~struck~~_ and** `a ``b`` c` *half open, __also half open, <b>html</b> & &amp; < > " \'.',
  '> A quote\n> > in a quote with a fence\n> ```ts\n> const x = "</code>`";\n> ```',
  '```sh\nfor f in *.txt; do echo "$f" | sed \'s/_/*/g\'; done # ``` not the end\n```',
  '- one\n  - two\n    - three with a long tail that goes on and on so that lines have to be broken somewhere in the middle of it\n1. first\n2. second\n   ```\n   code in a list\n   ```',
  '| name | value | notes |\n|:--|--:|:-:|\n| a_b | 1 | `x|y` |\n| 表格 | 二 | **粗体** |\n| very long cell text that does not end soon enough to be comfortable | 3 | \\| |',
  '中文段落没有空格，所以必须在字符之间断开。标点，引号“像这样”，以及 emoji 👩‍👩‍👧‍👦🏳️‍🌈 都要保留。',
  'ไม่มีช่องว่าง日本語テキスト한국어العربية עברית',
  '@everyone @here <@123> <!channel> #room [x]: y _a_b_ *a*b* ~a~ ||spoiler|| \\*escaped\\* $x^2$ :smile:',
  'https://example.org/a_very_long_address/with_underscores/and*stars*/and/no/end/whatsoever?query=1&other=2#fragment_with_marks',
  '***\n\nA line that ends with two spaces  \nand goes on\\\nand on.\n\n---',
  '<script>alert(1)</script> <a href="javascript:alert(1)">x</a> ![picture](https://example.org/p.png "title") [bad](javascript:alert(1))',
];

/** The same for the same length. Every block is numbered, so that none can be missed. */
export function nastyMarkdown(length: number): string {
  let text = '';
  for (let index = 0; text.length < length; index++) text += `${index + 1}th block\n\n${blocks[index % blocks.length]}\n\n`;
  return text.slice(0, length);
}
