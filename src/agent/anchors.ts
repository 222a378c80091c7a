// Takes what must not be lost out of messages before they are covered: by code, word for word, so that no summariser can drop or change it.
import { type Anchor, type AnchorKind, anchorKinds } from '../core/compaction.ts';
import type { DurableEvent, Entry, UserMessage } from '../core/turn-event.ts';
import { anchorPatterns, smallTalk } from './anchor-patterns.ts';
import { estimateTokens } from './tokens.ts';

/** Characters of one anchor; of a longer sentence the part around what was found is kept. */
const mostCharacters = 280;
/** Characters of a message that are looked at: the rest of a pasted text stays in the log. */
const mostRead = 20_000;
/** Sentences of one message that are kept: a pasted list does not push everything else out. */
const mostPerMessage = 12;
const mostAnchors = 400;
/** Anchors about the same words, such as one price that is named again and again: the newest are kept. */
const mostAlike = 3;

/** Sentences of the people in these entries and what tools set up for later, oldest first. */
export function anchorsOf(entries: readonly Entry[]): readonly Anchor[] {
  const anchors: Anchor[] = [];
  const calls = new Map<string, unknown>();
  // What a file says the assistant promised and set up here, it did not.
  const imported = new Set(
    entries.flatMap(({ event, turnId }) => (event.type === 'message' && event.message.role === 'user' && event.message.imported ? [turnId] : [])),
  );
  for (const { seq, event, turnId } of entries) {
    if (event.type === 'message' && event.message.role === 'user') anchors.push(...ofMessage(event.message, seq));
    else if (imported.has(turnId)) continue;
    else if (event.type === 'message' && event.message.role === 'assistant') {
      for (const { id, input } of event.message.toolCalls) calls.set(`${turnId} ${id}`, input);
      anchors.push(...promisesOf(event.message.text, seq));
    } else if (event.type === 'tool-end') anchors.push(...ofTool(event, calls.get(`${turnId} ${event.callId}`), seq));
  }
  return anchors;
}

/** Those of before and the new ones, without doubles, ranked by kind and then newest first, as many as fit so many tokens; shown oldest first. */
export function mergeAnchors(before: readonly Anchor[], fresh: readonly Anchor[], tokens: number): readonly Anchor[] {
  const seen = new Set<string>();
  const unique = [...before, ...fresh].toReversed().filter(({ text }) => {
    const key = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    return !seen.has(key) && seen.add(key);
  });
  const counts = new Map<string, number>();
  const rare = unique.filter(({ kind, text }) => {
    const about = firstKinds.has(kind) ? text : (find(text)?.words ?? text).toLowerCase();
    counts.set(about, (counts.get(about) ?? 0) + 1);
    return (counts.get(about) ?? 0) <= mostAlike;
  });
  const ranked = rare.toSorted((a, b) => rank(a.kind) - rank(b.kind) || b.seq - a.seq);
  const kept: Anchor[] = [];
  let left = tokens;
  for (const anchor of ranked) {
    const size = estimateTokens(anchor.text) + 6;
    if (size > left || kept.length >= mostAnchors) continue;
    left -= size;
    kept.push(anchor);
  }
  return kept.toSorted((a, b) => a.seq - b.seq);
}

/** Rules, what was set up or promised for later, and what is worded like a rule come first, each before the next; then what nobody can work out again; of the rest the newest. */
const firstKinds: ReadonlySet<AnchorKind> = new Set(['rule', 'reminder', 'promise', 'wish']);
const exactKinds: ReadonlySet<AnchorKind> = new Set(['id', 'contact', 'path', 'name']);
const rank = (kind: AnchorKind): number => (firstKinds.has(kind) ? anchorKinds.indexOf(kind) : anchorKinds.length + (exactKinds.has(kind) ? 0 : 1));

/** What was passed on, or came in a file, asks for nothing and promises nothing: the words may be anybody's. */
function ofMessage({ text, sender, origin, forwarded, imported }: UserMessage, seq: number): readonly Anchor[] {
  const foreign = forwarded === true || imported === true;
  const from = imported ? { from: 'a file' } : forwarded ? { from: `forwarded by ${sender.id}` } : origin === 'operator' ? {} : { from: sender.id };
  const found = sentences(text.slice(0, mostRead)).flatMap((sentence) => {
    if (smallTalk.test(sentence)) return [];
    const hit = find(sentence, foreign);
    return hit ? [{ kind: hit.kind, text: around(sentence, hit.index), seq, ...from }] : [];
  });
  return found.toSorted((a, b) => rank(a.kind) - rank(b.kind)).slice(0, mostPerMessage);
}

/** What is found first in a sentence, where, and the words that show it. */
function find(sentence: string, foreign = false): { readonly kind: AnchorKind; readonly index: number; readonly words: string } | undefined {
  for (const { kind, pattern } of anchorPatterns) {
    if (foreign && firstKinds.has(kind)) continue;
    const found = pattern.exec(sentence);
    if (found) return { kind, index: found.index, words: found[0] };
  }
  return undefined;
}

const promise =
  /\b(?:I(?:'ll| will) (?:remind|send|check|let you know|get back|follow up|report|watch|tell you)|I promise)\b|我(?:会|将)(?:提醒|检查|通知|回复|跟进|告诉)/iu;

function promisesOf(text: string, seq: number): readonly Anchor[] {
  return sentences(text.slice(0, mostRead))
    .filter((sentence) => promise.test(sentence))
    .slice(0, 4)
    .map((sentence) => ({ kind: 'promise', text: around(sentence, sentence.search(promise)), seq, from: 'assistant' }));
}

/** What the journal knows: reminders that were set, and files that were written. */
function ofTool({ name, text, outcome, changed, tainted }: Extract<DurableEvent, { type: 'tool-end' }>, input: unknown, seq: number): readonly Anchor[] {
  if (outcome !== 'ok') return [];
  // Setting a reminder reads nothing of strangers: where the mark is, it came in a file.
  if (name === 'remind_me' && tainted) return [];
  if (name === 'remind_me') return [{ kind: 'reminder', text: around(`${text.trim()} ${JSON.stringify(input)}`, 0), seq, from: name }];
  return (changed ?? []).slice(0, 8).map((path) => ({ kind: 'path', text: path, seq, from: name }));
}

/** Sentences and lines; what ends in a full stop inside a number, an address or a name of a file goes on. */
export function sentences(text: string): readonly string[] {
  return text
    .split(/\n+|(?<=[。！？])|(?<=[.!?])(?<!\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|vs)\.)(?=\s+["'“(]?[\p{Lu}\p{N}\p{Script=Han}])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

/** A whole sentence, or of a long one the words around a place in it. */
function around(sentence: string, index: number): string {
  if (sentence.length <= mostCharacters) return sentence;
  const start = Math.max(0, Math.min(index - mostCharacters / 3, sentence.length - mostCharacters));
  const from = start === 0 ? 0 : sentence.indexOf(' ', start) + 1 || Math.ceil(start);
  return sentence.slice(from, from + mostCharacters);
}
