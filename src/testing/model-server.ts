// A loopback HTTP server that speaks each model wire format, with streamed text, split arguments and faults to order.
import { createServer, type ServerResponse } from 'node:http';

export type ModelServerKind = 'openai-compatible' | 'openai' | 'anthropic' | 'google';

/** One answer. `arguments` is raw text, so that it may be broken JSON. Google sends objects: broken text becomes a broken stream there. */
export interface ModelServerReply {
  readonly text?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** drop: the connection is cut after the text. silence: headers are never sent. */
  readonly fault?: 'drop' | 'rate' | 'failure' | 'html' | 'silence' | 'auth' | 'broken-stream';
}

export interface ModelServer {
  readonly baseUrl: string;
  readonly requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }[];
  close(): Promise<void>;
}

/** Answers request n with reply n; the last one repeats. */
export async function startModelServer(kind: ModelServerKind, script: readonly ModelServerReply[]): Promise<ModelServer> {
  const requests: { path: string; headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body });
      answer(kind, script[Math.min(requests.length, script.length) - 1] ?? {}, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(kind: ModelServerKind, reply: ModelServerReply, response: ServerResponse): void {
  const { fault } = reply;
  if (fault === 'silence') return;
  if (fault === 'html') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><html></html>');
  if (fault === 'rate')
    return void response.writeHead(429, { 'retry-after': '7', 'content-type': 'application/json' }).end('{"error":{"message":"slow down"}}');
  if (fault === 'failure') return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":{"message":"oops"}}');
  if (fault === 'auth') return void response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"bad key"}}');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events = frames[kind](reply);
  if (fault === 'broken-stream') return void response.end('data: {"broken\n\n');
  if (fault === 'drop') {
    const cut = events.slice(0, Math.ceil(events.length / 2)).map(frame);
    response.write(cut.join(''), () => setImmediate(() => response.destroy()));
    return;
  }
  for (const event of events) response.write(frame(event));
  response.end(kind === 'openai-compatible' ? 'data: [DONE]\n\n' : '');
}

const frame = (event: Frame): string => `${'type' in event ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`;

type Frame = Readonly<Record<string, unknown>>;

/** Text in two halves. */
function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}

const frames: Readonly<Record<ModelServerKind, (reply: ModelServerReply) => readonly Frame[]>> = {
  'openai-compatible': ({ text = '', calls = [] }) => {
    const chunk = (delta: unknown, reason: string | null = null): Frame => ({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason: reason }],
    });
    const starts = calls.map((call, index) => chunk({ tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] }));
    const split = calls.map((call) => halves(call.arguments));
    const pieces = [0, 1].flatMap((half) => split.flatMap((parts, index) => (parts[half] === undefined ? [] : [{ index, piece: parts[half] }])));
    return [
      ...halves(text).map((content) => chunk({ role: 'assistant', content })),
      ...starts,
      ...pieces.map(({ index, piece }) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      chunk({}, calls.length > 0 ? 'tool_calls' : 'stop'),
      {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'm',
        choices: [],
        usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } },
      },
    ];
  },
  openai: ({ text = '', calls = [] }) => [
    { type: 'response.created', response: { id: 'r', created_at: 1, model: 'm' } },
    { type: 'response.output_item.added', output_index: 0, item: { type: 'message', id: 'msg' } },
    ...halves(text).map((delta) => ({ type: 'response.output_text.delta', item_id: 'msg', delta })),
    { type: 'response.output_item.done', output_index: 0, item: { type: 'message', id: 'msg' } },
    ...calls.flatMap((call, index) => {
      const item = { type: 'function_call', id: `f${index}`, call_id: call.id, name: call.name };
      return [
        { type: 'response.output_item.added', output_index: index + 1, item: { ...item, arguments: '' } },
        ...halves(call.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', item_id: item.id, output_index: index + 1, delta })),
        { type: 'response.output_item.done', output_index: index + 1, item: { ...item, arguments: call.arguments, status: 'completed' } },
      ];
    }),
    { type: 'response.completed', response: { usage: { input_tokens: 10, input_tokens_details: { cached_tokens: 4 }, output_tokens: 5 } } },
  ],
  anthropic: ({ text = '', calls = [] }) => [
    {
      type: 'message_start',
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 0 },
      },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...halves(text).map((half) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: half } })),
    { type: 'content_block_stop', index: 0 },
    ...calls.flatMap((call, at) => [
      { type: 'content_block_start', index: at + 1, content_block: { type: 'tool_use', id: call.id, name: call.name, input: {} } },
      ...halves(call.arguments).map((half) => ({ type: 'content_block_delta', index: at + 1, delta: { type: 'input_json_delta', partial_json: half } })),
      { type: 'content_block_stop', index: at + 1 },
    ]),
    { type: 'message_delta', delta: { stop_reason: calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ],
  google: ({ text = '', calls = [] }) => [
    ...halves(text).map((half) => ({ candidates: [{ content: { role: 'model', parts: [{ text: half }] } }] })),
    ...calls.map((call) => ({
      candidates: [
        { content: { role: 'model', parts: [{ functionCall: { name: call.name, args: JSON.parse(call.arguments) }, thoughtSignature: `sig-${call.id}` }] } },
      ],
    })),
    {
      candidates: [{ content: { role: 'model', parts: [] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 10, cachedContentTokenCount: 4, candidatesTokenCount: 5, totalTokenCount: 15 },
    },
  ],
};
