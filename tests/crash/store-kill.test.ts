// kill -9 while the store commits: what was said to be stored is there, and nothing is there by halves.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { tempFolder } from '../../src/testing/temp-home.ts';

const writer = join(import.meta.dirname, 'store-writer.ts');

/** Lets the writer begin at `first`, kills it as soon as it has printed `count` numbers, and returns all it printed. */
async function writeAndKill(path: string, first: number, count: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  let printed = '';
  for await (const piece of child.stdout) {
    printed += String(piece);
    if (printed.split('\n').length > count) child.kill('SIGKILL');
  }
  expect(await ended).toBe('SIGKILL');
  return printed.split('\n').slice(0, -1).map(Number);
}

test('every printed batch survives, whole, and no batch is there in part', async () => {
  const folder = tempFolder();
  try {
    const path = join(folder.path, 'copaw.db');
    const printed: number[] = [];
    let next = 0;
    for (const count of [1, 30, 3, 120, 60]) {
      printed.push(...(await writeAndKill(path, next, count)));
      const store = await openStore(path);
      const numbers = (await store.inbox.open()).map(({ key }) => Number(key)).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index));
      expect(printed.filter((number) => number >= numbers.length)).toEqual([]);
      // At each kill at most the batches of one transaction, four, were committed and not yet printed.
      expect(numbers.length - printed.length).toBeLessThanOrEqual(5 * 4);
      const entries = await store.entries.after({ after: 0, limit: 1_000_000 });
      expect(entries.map(({ turnId }) => turnId)).toEqual(numbers.flatMap((number) => [String(number), String(number)]));
      for (const number of numbers) expect(await store.outbox.ofAnswer(String(number))).toHaveLength(2);
      expect((await store.jobs.list()).map(({ id }) => Number(id))).toEqual(numbers);
      expect(await store.usage.since(0)).toHaveLength(numbers.length);
      await store.close();
      next = numbers.length;
    }
    expect(printed.length).toBeGreaterThanOrEqual(214);
  } finally {
    folder.remove();
  }
});
