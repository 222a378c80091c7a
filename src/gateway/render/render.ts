// From an answer in Markdown to the parts one channel can send. Pure: the same answer and limits give the same parts, so part n can be sent after a restart.
import type { ChannelLimits, Dialect } from '../../core/channel.ts';
import { extensionOf } from './extension.ts';
import { lay } from './lay.ts';
import { readLiteral, readMarkdown } from './read.ts';
import { type RenderedPart, split } from './split.ts';
import type { Style } from './style.ts';
import { dingtalk } from './style-dingtalk.ts';
import { discord } from './style-discord.ts';
import { feishu } from './style-feishu.ts';
import { email, matrix } from './style-html.ts';
import { plain } from './style-plain.ts';
import { slack } from './style-slack.ts';
import { telegram } from './style-telegram.ts';

export type { RenderedPart } from './split.ts';

/** A file that stands for what would fill too many parts. */
export interface RenderedFile {
  /** File name without folders, ASCII. */
  readonly name: string;
  /** IANA media type; the text is UTF-8. */
  readonly mediaType: string;
  readonly text: string;
}

export interface Rendered {
  /** In order; each fits the limit and shows something. None when the answer shows nothing. */
  readonly parts: readonly RenderedPart[];
  /** Empty unless the channel takes media. */
  readonly files: readonly RenderedFile[];
}

/** No platform's parts are smaller, and frames need some room. */
const smallestLimit = 160;
/** Code or a table that fills more parts than this becomes a file. */
const mostOfOne = 3;
/** An answer of more parts than this is cut off there, and goes along whole as a file. */
const mostParts = 12;

const styles: Readonly<Record<Dialect, Style>> = {
  plain,
  'telegram-html': telegram,
  'slack-mrkdwn': slack,
  discord,
  'matrix-html': matrix,
  'email-html': email,
  'feishu-card': feishu,
  'dingtalk-markdown': dingtalk,
};

/** `say` gives the line that stands where something became a file, as plain words. Limits below 160 count as 160. */
export function render(
  markdown: string,
  { dialect, textLength, media }: Pick<ChannelLimits, 'dialect' | 'textLength' | 'media'>,
  say: (name: string) => string,
): Rendered {
  const style = styles[dialect];
  const limit = limitOf(textLength);
  const tree = readMarkdown(markdown);
  const files: RenderedFile[] = [];
  const setAside: NonNullable<Parameters<typeof lay>[1]['setAside']> = (block, size) => {
    if (size <= mostOfOne * limit) return undefined;
    const code = block.type === 'code';
    const name = code ? `code-${files.length + 1}.${extensionOf(block.language)}` : `table-${files.length + 1}.md`;
    files.push({ name, mediaType: code ? 'text/plain' : 'text/markdown', text: `${code ? block.text : block.source.trimEnd()}\n` });
    return say(name);
  };
  const cut = (pieces: ReturnType<typeof lay>): RenderedPart[] => split(pieces, style, limit);
  const parts = cut(lay(tree, { style, limit, ...(media ? { setAside } : {}) }));
  if (!media || parts.length <= mostParts) return { parts, files };
  const name = 'answer.md';
  const note = cut(lay([{ type: 'paragraph', children: [{ type: 'text', text: say(name) }] }], { style, limit }));
  return { parts: [...parts.slice(0, mostParts - note.length), ...note], files: [{ name, mediaType: 'text/markdown', text: markdown }] };
}

/** The same for words that are no Markdown and must show as they are, a plan to approve among them. */
export function renderLiteral(text: string, { dialect, textLength }: Pick<ChannelLimits, 'dialect' | 'textLength'>): readonly RenderedPart[] {
  const style = styles[dialect];
  const limit = limitOf(textLength);
  return split(lay(readLiteral(text), { style, limit }), style, limit);
}

const limitOf = (textLength: number): number => Math.max(smallestLimit, Math.floor(textLength));
