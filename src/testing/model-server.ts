// A loopback HTTP server that speaks each model wire format, with streamed text, split arguments and faults to order.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

export type ModelServerKind = 'openai-compatible' | 'openai' | 'anthropic' | 'google';

/** One answer. `arguments` is raw text, so that it may be broken JSON; Google sends objects, so there it must not be. */
export interface ModelServerReply {
  readonly text?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** drop: the connection is cut after the text. silence: headers are never sent. */
  readonly fault?: 'drop' | 'rate' | 'failure' | 'html' | 'silence' | 'auth' | 'request' | 'broken-stream';
  /** Seconds in the `retry-after` header; 7 when absent at `rate`, no header at `failure`. */
  readonly retryAfter?: number;
  /** The first half of the stream goes out; the rest waits for this. */
  readonly hold?: Promise<unknown>;
  /** Called when the whole answer was handed to the system. */
  readonly sent?: () => void;
}

export interface ModelServerRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Answers request n with reply n, the last one again and again; or whatever the function says of request n, from 1. */
export type ModelServerScript = readonly ModelServerReply[] | ((count: number, request: ModelServerRequest) => ModelServerReply);

export interface ModelServer {
  readonly baseUrl: string;
  /** Since the start or the last `play`. */
  readonly requests: readonly ModelServerRequest[];
  /** Another script from here on; requests count from 1 again. */
  play(script: ModelServerScript): void;
  close(): Promise<void>;
}

/** Stands in every error body and error page, to see that the provider's words go no further. */
export const providerWords = 'raw words of the provider';

export async function startModelServer(kind: ModelServerKind, first: ModelServerScript): Promise<ModelServer> {
  const requests: ModelServerRequest[] = [];
  let script = first;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const asked = { path: request.url ?? '', headers: request.headers, body };
      const count = requests.push(asked);
      const reply = typeof script === 'function' ? script(count, asked) : script[Math.min(count, script.length) - 1];
      void answer(kind, reply ?? {}, response);
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
    play(next) {
      script = next;
      requests.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(kind: ModelServerKind, reply: ModelServerReply, response: ServerResponse): Promise<void> {
  const { fault, hold, sent } = reply;
  const refuse = (status: number, headers: Record<string, string> = {}): void =>
    void response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify({ error: { message: providerWords } }));
  if (fault === 'silence') return;
  if (fault === 'html') return void response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><html>${providerWords}</html>`);
  if (fault === 'rate') return refuse(429, { 'retry-after': String(reply.retryAfter ?? 7) });
  if (fault === 'failure') return refuse(500, reply.retryAfter === undefined ? {} : { 'retry-after': String(reply.retryAfter) });
  if (fault === 'auth') return refuse(401);
  if (fault === 'request') return refuse(400);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (fault === 'broken-stream') return void response.end('data: {"broken\n\n');
  const parts = frames[kind](reply).map(frame);
  const half = Math.ceil(parts.length / 2);
  for (const part of parts.slice(0, half)) response.write(part);
  if (fault === 'drop') return void response.write('\n', () => setImmediate(() => response.destroy()));
  if (hold) await Promise.race([hold, once(response, 'close')]);
  if (response.destroyed) return;
  for (const part of parts.slice(half)) response.write(part);
  response.end(kind === 'openai-compatible' ? 'data: [DONE]\n\n' : '', sent);
}

const frame = (event: Frame): string => `${'type' in event ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`;

type Frame = Readonly<Record<string, unknown>>;

/** Text in two halves. */
function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((half) => half !== '');
}

/** Text in many small pieces, as tool arguments come. */
function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,3}/gu) ?? [];
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
    // Piece by piece in turn, so that the arguments of parallel calls arrive interleaved.
    const split = calls.map((call) => pieces(call.arguments));
    const rounds = Array.from({ length: Math.max(0, ...split.map((parts) => parts.length)) }, (_, round) => round);
    const mixed = rounds.flatMap((round) => split.flatMap((parts, index) => (parts[round] === undefined ? [] : [{ index, piece: parts[round] }])));
    return [
      ...halves(text).map((content) => chunk({ role: 'assistant', content })),
      ...starts,
      ...mixed.map(({ index, piece }) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
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
        ...pieces(call.arguments).map((delta) => ({ type: 'response.function_call_arguments.delta', item_id: item.id, output_index: index + 1, delta })),
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
      ...pieces(call.arguments).map((piece) => ({ type: 'content_block_delta', index: at + 1, delta: { type: 'input_json_delta', partial_json: piece } })),
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
