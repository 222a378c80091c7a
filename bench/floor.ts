// The least a durable agent server can be, without gate, sandbox, journal or accounts: SQLite history, tools, a streaming model, server-sent events.
// `node floor.ts <model base URL> <directory>` prints its port. What CoPaw costs is measured beside this.
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [baseUrl = '', directory = ''] = process.argv.slice(2);
const system = 'You answer shortly and use tools where they help. '.repeat(820).slice(0, 40_000);
const longestHistory = 200;
const tools = [
  {
    type: 'function',
    function: { name: 'read_file', description: 'Read a file', parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] } },
  },
];

interface Call {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}
interface Message {
  role: string;
  content: string;
  tool_calls?: Call[];
  tool_call_id?: string;
}
interface Chunk {
  choices?: { delta?: { content?: string; tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[] } }[];
}

mkdirSync(directory, { recursive: true });
const database = new DatabaseSync(join(directory, 'floor.db'));
database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS messages (seq INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, message TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS by_session ON messages (session, seq);`);
const insert = database.prepare('INSERT INTO messages (session, message) VALUES (?, ?)');
const tail = database.prepare('SELECT message FROM messages WHERE session = ? ORDER BY seq DESC LIMIT ?');

const server = createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const session = (request.url ?? '/').split('/')[3] ?? '';
  const { text }: { text: string } = JSON.parse(Buffer.concat(pieces).toString());
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await turn(session, text, response);
  response.end();
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address ? address.port : 0);
});

function emit(response: ServerResponse, event: object): void {
  response.write(`data: ${JSON.stringify(event)}\n\n`);
}

function keep(session: string, message: Message): void {
  insert.run(session, JSON.stringify(message));
}

async function turn(session: string, text: string, response: ServerResponse): Promise<void> {
  keep(session, { role: 'user', content: text });
  for (;;) {
    const history = tail
      .all(session, longestHistory)
      .map((row): Message => JSON.parse(String(row.message)))
      .reverse();
    const answer = await step(history, (delta) => emit(response, { type: 'text-delta', text: delta }));
    keep(session, answer);
    if (!answer.tool_calls) break;
    for (const call of answer.tool_calls) {
      const { path }: { path: string } = JSON.parse(call.function.arguments);
      keep(session, { role: 'tool', tool_call_id: call.id, content: readFileSync(join(directory, path), 'utf8') });
    }
  }
  emit(response, { type: 'turn-end', outcome: 'answered' });
}

async function step(history: Message[], onText: (text: string) => void): Promise<Message> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'system', content: system }, ...history], tools }),
  });
  const calls: Call[] = [];
  let content = '';
  let buffer = '';
  for await (const piece of (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream())) {
    const lines = (buffer + piece).split('\n');
    buffer = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: {')) continue;
      const chunk: Chunk = JSON.parse(line.slice(6));
      const delta = chunk.choices?.[0]?.delta;
      if (delta?.content) {
        content += delta.content;
        onText(delta.content);
      }
      for (const part of delta?.tool_calls ?? []) {
        const call = calls[part.index] ?? { id: part.id ?? '', type: 'function', function: { name: part.function?.name ?? '', arguments: '' } };
        calls[part.index] = call;
        call.function.arguments += part.function?.arguments ?? '';
      }
    }
  }
  return { role: 'assistant', content, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}
