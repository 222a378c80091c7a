// A text for a text: one model call without tools and without a conversation. What it is given to read is material, and stands between marks.

import { type ModelFailure, noUsage, type ReadyModel, type Usage } from '../core/model.ts';
import { jsonOf } from '../lib/json-of.ts';

export interface Asked {
  readonly system: string;
  readonly text: string;
  readonly maxOutputTokens?: number;
}

export interface Answered {
  readonly text: string;
  readonly usage: Usage;
  readonly failure?: ModelFailure;
}

/** Never throws for what a model does; an abort is a failure too. */
export async function askModel(model: ReadyModel, { system, text, ...rest }: Asked, signal: AbortSignal): Promise<Answered> {
  let said = '';
  for await (const event of model.provider.stream({ model: model.info.id, system, messages: [{ role: 'user', text }], tools: [], ...rest }, signal)) {
    if (event.type === 'text-delta') said += event.text;
    if (event.type === 'retry') said = '';
    if (event.type === 'error') return { text: said, usage: event.usage ?? noUsage, failure: event.failure };
    if (event.type === 'finish') return { text: said, usage: event.usage };
  }
  const failure = { code: 'model-answer', message: 'The model ended its answer without saying so.', retryable: true } as const;
  return { text: said, usage: noUsage, failure };
}

/** The outermost JSON object of an answer that may be wrapped in words or a code fence; undefined where there is none. */
export function jsonIn(answer: string): unknown {
  const [from, to] = [answer.indexOf('{'), answer.lastIndexOf('}')];
  if (from === -1 || to < from) return undefined;
  return jsonOf(answer.slice(from, to + 1));
}

/** Material between marks that nothing inside can end. */
export function inMarks(name: string, text: string): string {
  return `<${name}>\n${text.replace(new RegExp(`<(?=/?${name}\\b)`, 'giu'), '‹')}\n</${name}>`;
}
