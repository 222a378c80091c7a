// What a provider can take out of its cache: over thirty turns with tools, each request on the wire begins with the bytes of the one before, until something is cut or compacted.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startModelServer } from '../../src/testing/model-server.ts';
import { openWorld } from './harness.ts';

interface Body {
  readonly messages: readonly unknown[];
  readonly tools: readonly unknown[];
}

const bytes = (values: readonly unknown[]): number => values.reduce<number>((sum, value) => sum + Buffer.byteLength(JSON.stringify(value)), 0);

/** How many messages at the beginning are the same in both. */
function common(a: Body, b: Body): number {
  if (JSON.stringify(a.tools) !== JSON.stringify(b.tools)) return 0;
  const at = a.messages.findIndex((message, index) => JSON.stringify(message) !== JSON.stringify(b.messages[index]));
  return at < 0 ? a.messages.length : at;
}

test.each([
  { resultBytes: 1_500, breaks: 0 },
  { resultBytes: 6_000, breaks: 3 },
])('thirty turns with results of $resultBytes bytes: the prefix is broken $breaks times at most, and nine tenths of the input can be cached', async (size) => {
  let asked = 0;
  const server = await startModelServer('openai-compatible', (_, { body }) => {
    const { messages }: { messages: readonly { role: string }[] } = JSON.parse(body);
    if (messages.at(-1)?.role === 'tool') return { text: 'Read.' };
    return { calls: [{ id: `call-${++asked}`, name: 'read_file', arguments: JSON.stringify({ path: `${asked}.txt` }) }] };
  });
  const provider = { kind: 'openai-compatible', baseUrl: server.baseUrl, models: [{ id: 'm', contextTokens: 64_000 }] };
  const world = await openWorld({ config: { models: { default: 'it/m', providers: { it: provider } } } });
  try {
    for (let turn = 1; turn <= 30; turn++) {
      writeFileSync(join(world.workspace, `${turn}.txt`), `Line of file ${turn}.\n`.padEnd(size.resultBytes, `${turn} lanterns hang in the trees.\n`));
      await world.ask(`Please read file ${turn}.`);
    }
    const bodies = server.requests.map(({ body }): Body => JSON.parse(body));
    expect(bodies).toHaveLength(60);
    let [cacheable, all, breaks] = [0, 0, 0];
    for (const [index, body] of bodies.entries()) {
      const before = bodies[index - 1];
      if (!before) continue;
      const same = common(before, body);
      if (same < before.messages.length) breaks++;
      if (index < 4) continue;
      // Tools come first for every provider.
      cacheable += bytes(body.tools) + bytes(body.messages.slice(0, same));
      all += bytes(body.tools) + bytes(body.messages);
    }
    console.log(`${size.resultBytes} bytes: ${((cacheable / all) * 100).toFixed(1)} % cacheable from the third turn on, ${breaks} breaks`);
    expect(breaks).toBeLessThanOrEqual(size.breaks);
    expect(cacheable / all).toBeGreaterThanOrEqual(0.9);
    expect(world.faults).toEqual([]);
  } finally {
    await world.close();
    await server.close();
  }
});
