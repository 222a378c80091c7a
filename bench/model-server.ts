// The model of the benchmarks: a loopback server that streams the OpenAI-compatible wire, the same words each time, as late as it is told.
// Runs as a process of its own: `node model-server.ts` prints its port. PUT /delay?ms=N sets the wait before the first token; GET /last tells the
// size of the last request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const words = ['All ', 'is ', 'well ', 'in ', 'the ', 'house, ', 'and ', 'quiet.'];
let delayMs = 0;
let last = { bytes: 0, messages: 0, tools: 0 };

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'PUT' && url.pathname === '/delay') {
    delayMs = Number(url.searchParams.get('ms') ?? 0);
    return void response.writeHead(204).end();
  }
  if (url.pathname === '/last') return void json(response, last);
  if (url.pathname === '/v1/models') return void json(response, { object: 'list', data: [{ id: 'bench', object: 'model' }] });
  if (url.pathname === '/v1/chat/completions') return void complete(request, response);
  response.writeHead(404).end();
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address ? address.port : 0);
});

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A message that ends in "[tool]" is answered with one call of read_file, and its result with words. */
async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const body = Buffer.concat(pieces).toString();
  const asked: { messages?: { role?: string; content?: unknown }[]; tools?: unknown[] } = JSON.parse(body);
  const newest = asked.messages?.at(-1);
  const wantsTool = newest?.role === 'user' && /\[tool\]"?\}?\]?$/u.test(JSON.stringify(newest.content));
  last = { bytes: Buffer.byteLength(body), messages: asked.messages?.length ?? 0, tools: asked.tools?.length ?? 0 };
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, reason: string | null = null): boolean => response.write(frame({ choices: [{ index: 0, delta, finish_reason: reason }] }));
  if (wantsTool) {
    send({
      role: 'assistant',
      tool_calls: [{ index: 0, id: `call_${crypto.randomUUID()}`, type: 'function', function: { name: 'read_file', arguments: '' } }],
    });
    send({ tool_calls: [{ index: 0, function: { arguments: '{"path":' } }] });
    send({ tool_calls: [{ index: 0, function: { arguments: '"bench.txt"}' } }] });
  } else {
    for (const word of words) send({ role: 'assistant', content: word });
  }
  send({}, wantsTool ? 'tool_calls' : 'stop');
  response.write(frame({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } }));
  response.end('data: [DONE]\n\n');
}

function frame(content: object): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'bench', ...content })}\n\n`;
}
