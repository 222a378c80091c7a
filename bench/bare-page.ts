// The floor of the console: a page with a field, which appends what a model streams to a text and does nothing else.
import { createServer } from 'node:http';

export interface BarePage {
  readonly url: string;
  stop(): Promise<void>;
}

const html = `<!doctype html><meta charset="utf-8"><title>floor</title><textarea></textarea><pre></pre><script>
async function read() {
  const text = document.querySelector('pre').appendChild(document.createTextNode(''));
  const decoder = new TextDecoder();
  const reader = (await fetch('/stream')).body.getReader();
  let rest = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split('\\n');
    rest = lines.pop();
    for (const line of lines) if (line.startsWith('data: {')) text.appendData(JSON.parse(line.slice(6)).choices[0]?.delta.content ?? '');
  }
}</script>`;

/** `model` is asked for the Markdown that the console is shown as well. */
export async function startBarePage(model: string): Promise<BarePage> {
  const body = JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content: 'tell me [markdown]' }] });
  const server = createServer(async (request, response) => {
    if (request.url !== '/stream') return void response.writeHead(200, { 'content-type': 'text/html' }).end(html);
    const answer = await fetch(model, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const piece of answer.body ?? []) response.write(piece);
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
