// The model of the benchmarks: a loopback server that streams the OpenAI-compatible wire, the same words each time, as late as it is told.
// Runs as a process of its own: `node model-server.ts` prints its port. PUT /delay?ms=N sets the wait before the first token; GET /last tells the
// size of the last request, how many there were, and how many are open. A message that ends in a [word] is answered as `scripts` says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

const list = Array.from({ length: 5 }, (_, index) => `${index + 1}. point with **weight** and [a link](https://example.org/${index})\n`).join('');
const code = '```ts\nfor (const one of all) {\n  await run(one); // and wait\n}\n```';
const markdown = `## A heading\n\nA paragraph of some length, with \`code\` and *stress*, as answers have them.\n\n${list}\n${code}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`;
const words = ['All ', 'is ', 'well ', 'in ', 'the ', 'house, ', 'and ', 'quiet.'];
let delayMs = 0;
let last = { bytes: 0, messages: 0, tools: 0 };
let calls = 0;
let open = 0;

type Script =
  /** Words for ever, one each 50 ms. */
  | 'stream'
  /** 2,000 tokens of Markdown, 200 each second. */
  | 'markdown'
  /** Nothing at all. */
  | 'silent'
  /** Asked to come again in half a minute. */
  | 'busy'
  /** One call of a tool; `after` follows its result. */
  | { readonly tool: string; readonly args: object; readonly after?: 'silent' };

/** A parent and two that wait for as many seconds as nobody else does: `family` in stop.ts looks for them. */
const seconds = 1_000_000 + process.pid;
const family = `sleep ${seconds} & (sleep ${seconds}; true) & wait`;
const scripts: Readonly<Record<string, Script>> = {
  stream: 'stream',
  markdown: 'markdown',
  silent: 'silent',
  busy: 'busy',
  tool: { tool: 'read_file', args: { path: 'bench.txt' } },
  ask: { tool: 'run_command', args: { command: 'true', network: true } },
  command: { tool: 'run_command', args: { command: family } },
  background: { tool: 'run_command', args: { command: family, background: true }, after: 'silent' },
};

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (request.method === 'PUT' && url.pathname === '/delay') {
    delayMs = Number(url.searchParams.get('ms') ?? 0);
    return void response.writeHead(204).end();
  }
  if (url.pathname === '/last') return void json(response, { ...last, calls, open });
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

/** The script of the newest question, and whether its tool has answered. */
function scriptOf(messages: readonly { role?: string; content?: unknown }[]): Script | undefined {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const word = /\[(\w+)\]"?\}?\]?$/u.exec(JSON.stringify(messages[asked]?.content) ?? '')?.[1] ?? '';
  const script = scripts[word];
  return typeof script === 'object' && asked < messages.length - 1 ? script.after : script;
}

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  calls++;
  open++;
  response.once('close', () => open--);
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const body = Buffer.concat(pieces).toString();
  const asked: { messages?: { role?: string; content?: unknown }[]; tools?: unknown[] } = JSON.parse(body);
  last = { bytes: Buffer.byteLength(body), messages: asked.messages?.length ?? 0, tools: asked.tools?.length ?? 0 };
  const script = scriptOf(asked.messages ?? []);
  if (script === 'silent') return;
  if (script === 'busy') return void response.writeHead(503, { 'retry-after': '30' }).end();
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: object, reason: string | null = null): boolean => response.write(frame({ choices: [{ index: 0, delta, finish_reason: reason }] }));
  if (script === 'stream') {
    const timer = setInterval(() => send({ role: 'assistant', content: 'word ' }), 50);
    return void response.once('close', () => clearInterval(timer));
  }
  if (script === 'markdown') await sendMarkdown(send, () => response.destroyed);
  else if (script === undefined) {
    for (const word of words) send({ role: 'assistant', content: word });
  } else {
    const { tool, args } = script;
    send({ role: 'assistant', tool_calls: [{ index: 0, id: `call_${crypto.randomUUID()}`, type: 'function', function: { name: tool, arguments: '' } }] });
    // In two pieces, as models write them.
    const text = JSON.stringify(args);
    for (const piece of [text.slice(0, 8), text.slice(8)]) send({ tool_calls: [{ index: 0, function: { arguments: piece } }] });
  }
  send({}, typeof script === 'object' ? 'tool_calls' : 'stop');
  response.write(frame({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } }));
  response.end('data: [DONE]\n\n');
}

/** As even as timers allow: what is late is made up for. */
async function sendMarkdown(send: (delta: object) => unknown, isOver: () => boolean): Promise<void> {
  const tokens = markdown.match(/[\s\S]{1,4}/gu) ?? [];
  const began = performance.now();
  for (let sent = 0; sent < 2_000 && !isOver(); ) {
    const due = Math.min(2_000, Math.ceil((performance.now() - began) / 5));
    for (; sent < due; sent++) send({ role: 'assistant', content: tokens[sent % tokens.length] });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function frame(content: object): string {
  return `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'bench', ...content })}\n\n`;
}
