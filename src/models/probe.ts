// Tries a model the way a turn uses it: one streamed request with a tool, then the tool's result.
import type { ModelFailure, ModelInfo, ModelMessage, ModelProvider, ToolCall, Usage } from '../core/model.ts';
import type { CapabilityReport } from '../core/operator.ts';

const tool = {
  name: 'check_word',
  description: 'Returns the secret word. Call it when asked for the secret word.',
  schema: { type: 'object', properties: { number: { type: 'integer' } }, required: ['number'], additionalProperties: false },
};
const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');

interface Answer {
  text: string;
  calls: ToolCall[];
  usage?: Usage;
  echo?: unknown;
  failure?: ModelFailure;
}

/** One report per capability; after a failed connection only that one. */
export async function probeModel(provider: ModelProvider, info: ModelInfo, signal: AbortSignal): Promise<readonly CapabilityReport[]> {
  const ask = (messages: readonly ModelMessage[]): Promise<Answer> =>
    collect(provider, { model: info.id, system: 'You are being tested. Follow the request exactly.', messages, tools: [tool] }, signal);
  const question: ModelMessage = { role: 'user', text: 'Call check_word with number 7, then tell me the secret word it returns.' };
  const first = await ask([question]);
  if (first.failure) return [{ capability: 'connect', ok: false, detail: words(first.failure) }];
  const reports: CapabilityReport[] = [{ capability: 'connect', ok: true, detail: 'The provider answered.' }];

  const call = first.calls.find((made) => made.name === tool.name && made.broken === undefined);
  let usage = first.usage;
  let text = first.text;
  if (call) {
    const second = await ask([
      question,
      { role: 'assistant', text: first.text, toolCalls: first.calls, ...(first.echo === undefined ? {} : { echo: first.echo }) },
      { role: 'tool', callId: call.id, name: call.name, text: 'The secret word is heron.', failed: false },
    ]);
    usage = second.usage ?? usage;
    text += second.text;
    reports.push({
      capability: 'tool-call',
      ok: !second.failure,
      detail: second.failure ? words(second.failure) : 'It called the tool and read the result.',
    });
  } else reports.push({ capability: 'tool-call', ok: false, detail: 'It did not call the tool. Choose a model that supports tools.' });
  reports.push({ capability: 'stream', ok: text !== '', detail: text === '' ? 'No text was streamed.' : 'Text was streamed.' });
  const counted = usage !== undefined && usage.input > 0;
  reports.push({ capability: 'usage', ok: counted, detail: counted ? 'Tokens are reported.' : 'No token counts are reported, so budgets cannot see its use.' });
  if (info.images) {
    const seen = await ask([{ role: 'user', text: 'Describe this image in one word.', images: [{ mediaType: 'image/png', data: dot }] }]);
    reports.push({ capability: 'image', ok: !seen.failure, detail: seen.failure ? words(seen.failure) : 'It accepted an image.' });
  }
  return reports;
}

const words = (failure: ModelFailure): string => [failure.message, failure.next].filter(Boolean).join(' ');

async function collect(provider: ModelProvider, request: Parameters<ModelProvider['stream']>[0], signal: AbortSignal): Promise<Answer> {
  let answer: Answer = { text: '', calls: [] };
  for await (const event of provider.stream(request, signal)) {
    if (event.type === 'retry') answer = { text: '', calls: [] };
    else if (event.type === 'text-delta') answer.text += event.text;
    else if (event.type === 'tool-call') answer.calls.push(event.call);
    else if (event.type === 'error') answer.failure = event.failure;
    else if (event.type === 'finish') {
      answer.usage = event.usage;
      answer.echo = event.echo;
    }
  }
  return answer;
}
