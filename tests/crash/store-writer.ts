// Commits numbered batches for ever and prints each number once its batch is committed; the test kills it.
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/open-store.ts';
import { entry, inboxRow, job, outboxRow, usageRow } from '../../src/testing/store-rows.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const store = await openStore(path);
async function write(number: number): Promise<void> {
  const name = String(number);
  await store.commit({
    inbox: [inboxRow(name)],
    entries: [entry('s1', name, 'one'), entry('s1', name, 'x'.repeat(number % 5_000))],
    outbox: [outboxRow(name, 0), outboxRow(name, 1)],
    usage: [usageRow(`p/${name}`, number)],
    jobs: [job(name, number)],
  });
  writeSync(1, `${name}\n`);
}

// One to four at once: those share a transaction.
for (let number = Number(first); ; ) await Promise.all(Array.from({ length: 1 + (number % 4) }, () => write(number++)));
