// Vectors over each wire format that has them, against a loopback server; what comes back is checked before it is believed.
import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { providerConfig } from '../core/config.ts';
import { systemClock } from '../lib/clock.ts';
import { createProvider } from './provider.ts';

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const openai = (vectors: readonly (readonly unknown[])[]) => ({
  data: vectors.map((embedding, index) => ({ index, embedding, object: 'embedding' })),
  usage: { prompt_tokens: 7, total_tokens: 7 },
});
const google = (vectors: readonly (readonly unknown[])[]) => ({ embeddings: vectors.map((values) => ({ values })) });

async function provider(kind: 'openai-compatible' | 'openai' | 'google' | 'anthropic', status: number, answer: object) {
  const asked: { path: string; body: string; key: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body, key: `${request.headers.authorization ?? request.headers['x-goog-api-key']}` });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const made = createProvider({
    ...{ id: 'it', fetch: globalThis.fetch, secrets: { use: async (_ref, fn) => fn('sk-secret') }, clock: systemClock, firstTokenMs: 5_000, retries: 1 },
    config: providerConfig.parse({ kind, baseUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v1`, key: { env: 'KEY' } }),
    redact: (text) => text,
  });
  return { made, asked };
}
const signal = new AbortController().signal;

test.each([
  ['openai-compatible', '/v1/embeddings', openai, 7],
  ['openai', '/v1/embeddings', openai, 7],
  ['google', '/v1/models/m:batchEmbedContents', google, 0],
] as const)('%s: one vector a text, in order, with the key and the tokens', async (kind, path, answer, tokens) => {
  const vectors = [
    [0.5, -1],
    [0, 0.25],
  ];
  const { made, asked } = await provider(kind, 200, answer(vectors));
  expect(await made.embed?.({ model: 'm', texts: ['one', 'two'] }, signal)).toEqual({
    vectors,
    usage: { input: tokens, cachedInput: 0, output: 0, reasoning: 0 },
  });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ path, key: expect.stringContaining('sk-secret') });
  expect(asked[0]?.body).toMatch(/one[\s\S]*two/u);
});

test('a wire format without embeddings has none', async () => {
  expect((await provider('anthropic', 200, {})).made.embed).toBeUndefined();
});

test.each([
  ['too few vectors', 200, openai([[1, 2]]), 'model-answer'],
  ['vectors of two lengths', 200, openai([[1, 2], [1]]), 'model-answer'],
  ['vectors of nothing', 200, openai([[], []]), 'model-answer'],
  ['another answer', 200, { hello: 1 }, /^model-/u],
  ['a refused key', 401, { error: { message: 'no' } }, 'model-auth'],
] as const)('%s: a failure in our words', async (_what, status, answer, code) => {
  const { made } = await provider('openai-compatible', status, answer);
  await expect(made.embed?.({ model: 'm', texts: ['one', 'two'] }, signal)).rejects.toMatchObject({
    code: typeof code === 'string' ? code : expect.stringMatching(code),
  });
});
