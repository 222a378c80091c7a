// The built-in model without a model: no network, no weights, the same answer every time. It reads a small documented set of requests.

import { type ModelEvent, type ModelMessage, type ModelProvider, type ModelRequest, noUsage } from '../core/model.ts';
import type { Clock } from '../lib/clock.ts';
import { languageOf, type OfflineCall, readIntent, withoutContext } from './offline-intents.ts';
import { offlineWords } from './offline-words.ts';

type ToolMessage = Extract<ModelMessage, { role: 'tool' }>;

/** Answers every turn without a provider, so that everything but the thinking works from the first start. Its model id is "copaw". */
export function createOfflineModel(parts: { readonly clock: Clock; readonly timezone: () => string }): ModelProvider {
  return {
    models: () => Promise.resolve([{ id: 'copaw', images: false, tools: true }]),
    async *stream(request, signal) {
      if (signal.aborted) {
        yield { type: 'error', failure: { code: 'cancelled', message: 'The answer was cancelled.', retryable: false }, usage: noUsage };
        return;
      }
      yield* answer(request, parts.clock.now(), parts.timezone());
    },
  };
}

function* answer(request: ModelRequest, now: number, timezone: string): Generator<ModelEvent> {
  const asked = request.messages.findLastIndex((message) => message.role === 'user');
  const message = request.messages[asked];
  const text = message?.role === 'user' ? withoutContext(message.text) : '';
  const results = request.messages.slice(asked + 1).filter((later): later is ToolMessage => later.role === 'tool');
  const words = offlineWords[languageOf(text)];
  const offered = new Set(request.tools.map((tool) => tool.name));
  const intent = readIntent(text, { now, timezone });

  if (intent.kind === 'help') return yield* say(words.help);
  if (intent.kind === 'connect') return yield* say(words.connect);
  if (intent.kind === 'say') return yield* say(intent.text);
  if (intent.kind !== 'calls') return yield* say(`${words.noModel}\n\n${words.help}\n\n${words.connect}`);

  const next: OfflineCall | undefined = intent.calls[results.length];
  if (!next || results.some((result) => result.failed)) return yield* say(outcome(results, words.nothing));
  if (!offered.has(next.name)) return yield* say([outcome(results, ''), words.missing(next.name)].filter(Boolean).join('\n\n'));
  yield { type: 'tool-call', call: { id: `offline_${now.toString(36)}_${request.messages.length}`, name: next.name, input: next.input } };
  yield { type: 'finish', reason: 'tool-calls', usage: noUsage };
}

/** Their text is files or output: shown as it is, not read as Markdown. */
const verbatim: ReadonlySet<string> = new Set(['run_command', 'read_file', 'list_files', 'search_files']);

/** The tools' own words, in the order they came. */
function outcome(results: readonly ToolMessage[], empty: string): string {
  return results.map((result) => (result.text.trim() === '' ? empty : verbatim.has(result.name) ? fenced(result.text) : result.text.trim())).join('\n\n');
}

/** A fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.replace(/\n+$/u, '')}\n${fence}`;
}

function* say(text: string): Generator<ModelEvent> {
  for (const line of text.split(/(?<=\n)/u)) yield { type: 'text-delta', text: line };
  yield { type: 'finish', reason: 'stop', usage: noUsage };
}
