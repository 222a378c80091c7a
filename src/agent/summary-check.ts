// Reads what a model wrote as a summary, and says why it is not good enough. What it may say is bounded by what it was given.
import { z } from 'zod';
import { type Summary, summaryLists } from '../core/compaction.ts';
import { estimateTokens } from './tokens.ts';

const mostItems = 24;
const mostCharacters = 600;

const words = z.string().transform((text) =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters)
    .toWellFormed(),
);
/** Lists as models write them: one text, nothing at all, or texts among other things. */
const list = z
  .union([z.array(z.union([words, z.unknown().transform(() => '')])), words.transform((text) => [text]), z.null().transform(() => [])])
  .default([])
  .transform((items) => items.filter((item) => item !== '').slice(0, mostItems));
const summarySchema = z.object({
  goal: words.refine((text) => text !== '', 'is empty'),
  ...{ constraints: list, done: list, doing: list, blocked: list, decisions: list, next: list, promises: list, facts: list },
});

export interface Grounds {
  /** All that the writer was given. */
  readonly source: string;
  /** What the person asked last; a summary that does not speak of it is of no use. */
  readonly task: string;
  /** Estimated tokens it may have. */
  readonly tokens: number;
}

/** The summary in a model's words, or why it is refused, in words for the model. */
export function readSummary(text: string, { source, task, tokens }: Grounds): Summary | { readonly refused: string } {
  const parsed = summarySchema.safeParse(readObject(text));
  if (!parsed.success) return { refused: `It was not the JSON object that was asked for: ${z.prettifyError(parsed.error)}` };
  const summary: Summary = parsed.data;
  const written = textOf(summary);
  if (estimateTokens(written) > tokens) return { refused: `It was too long: write at most ${Math.floor(tokens / 2)} words.` };
  if (summaryLists.every((member) => summary[member].length === 0)) return { refused: 'It said nothing but the goal.' };
  const foreign = [...written.matchAll(foreignPattern)].map(([found]) => found.replace(/[.,;:!?。，]+$/u, '')).find((found) => !source.includes(found));
  if (foreign !== undefined) return { refused: `${JSON.stringify(foreign)} does not stand in the conversation. Copy such things exactly, or leave them out.` };
  if (!speaksOf(written, task)) return { refused: `It did not speak of what was asked last: ${JSON.stringify(task.slice(0, 300))}` };
  return summary;
}

/** Addresses and long numbers: what would do harm where a model made it up. */
const foreignPattern = /https?:\/\/[^\s<>"'`)\]}]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\d{6,}/gu;

const textOf = (summary: Summary): string => [summary.goal, ...summaryLists.flatMap((member) => summary[member])].join('\n');

/** Whether any word of weight is in both; a request without one asks for nothing. */
function speaksOf(written: string, task: string): boolean {
  const wanted = weighty(task);
  if (wanted.length === 0) return true;
  const lower = written.toLowerCase();
  return wanted.some((word) => lower.includes(word));
}

function weighty(text: string): readonly string[] {
  const found =
    text
      .slice(0, 4_000)
      .toLowerCase()
      .match(/\p{Script=Han}{2}|[\p{L}\p{N}]{5,}/gu) ?? [];
  // The beginning of a word is enough: summaries inflect.
  return found.map((word) => (word.length > 6 ? word.slice(0, 6) : word));
}

/** The outermost object of a text, whatever stands around it. */
function readObject(text: string): unknown {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    return undefined;
  }
}
