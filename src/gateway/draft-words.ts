// What a chat is shown of an answer that is still being written: never half a secret, never more than one message, always with a sign that it is not all.
import type { ChannelLimits, Sendable } from '../core/channel.ts';
import type { Redactor } from '../core/secret.ts';
import type { RenderedPart } from './render/render.ts';

/** Half a word is not shown: words count once something stands behind them. Chinese, Japanese and Korean have no spaces. */
const ended = /[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}、。，！？：；]/u;
/** Limits below this have no room for anything beside the words. */
const leastForLine = 1_000;
/** Of the limit, for the sign and the line behind the words. */
const mostBehind = 512;

/** The words of a draft up to where the last of them ended. */
export function endedWords(draft: string): string {
  let end = draft.length;
  while (end > 0 && !ended.test(draft.charAt(end - 1))) end--;
  return draft.slice(0, end);
}

export interface DraftWords {
  /** In Markdown, as far as it was written. */
  readonly draft: string;
  /** CoPaw's own, behind the words: which tool runs, or that nothing comes any more. */
  readonly line?: string;
  /** Whether more comes. */
  readonly goesOn: boolean;
}

/** undefined: there is nothing to show. */
export type WriteDraft = (words: DraftWords, limits: ChannelLimits) => Promise<Sendable | undefined>;

export function createDraftWords({ redact, redactDraft }: Redactor): WriteDraft {
  /** Heavy, and first wanted when something is shown. */
  let rendering: Promise<typeof import('./render/render.ts')> | undefined;
  return async ({ draft, line, goesOn }, limits) => {
    rendering ??= import('./render/render.ts');
    const { render, renderLiteral } = await rendering;
    const textLength = limits.textLength - Math.min(mostBehind, Math.floor(limits.textLength / 4));
    const room = { ...limits, textLength, media: false };
    // What does not fit the first part is not looked at; four marks of Markdown for one letter are many.
    const words = endedWords(redactDraft(endedWords(draft)).slice(0, 4 * textLength)).trimEnd();
    const [first] = words === '' ? [] : render(words, room, (name) => name).parts;
    const [behind] = line === undefined || (first && limits.textLength < leastForLine) ? [] : renderLiteral(redact(line), room);
    const shown = [...(first ? [goesOn ? followed(first) : first] : []), ...(behind ? [behind] : [])];
    if (shown.length === 0) return undefined;
    // Markup that is left out may bring the halves of one together.
    const joined = (of: (part: RenderedPart) => string): string => redact(shown.map(of).join('\n\n'));
    const plain = shown.some((part) => part.plain !== undefined);
    return {
      text: joined(({ text }) => text),
      ...(plain ? { plain: joined((part) => part.plain ?? part.text) } : {}),
      ...(goesOn ? { goesOn } : {}),
    };
  };
}

/** Behind a fence or the row of a table it would be read as a part of that. */
function followed({ text, plain }: RenderedPart): RenderedPart {
  const sign = (words: string): string => `${words}${/(?:```|\|)$/u.test(words) ? '\n\n' : ' '}…`;
  return { text: sign(text), ...(plain === undefined ? {} : { plain: sign(plain) }) };
}
