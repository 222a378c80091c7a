// A whole CoPaw on a small disk that is filled at the worst moment; prints what happened as one line of JSON. storage.test.ts mounts the disk and judges.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { toCoPawError } from '../../src/core/error.ts';
import { type ModelEvent, noUsage } from '../../src/core/model.ts';
import type { Tool } from '../../src/core/tool.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { openWorld } from '../app/harness.ts';

const [disk = '', scenario = ''] = process.argv.slice(2);
const ballast = join(disk, 'ballast');
/** Takes all room but for less than a page. */
function fill(): void {
  const file = openSync(ballast, 'a');
  try {
    for (const size of [65_536, 4_096, 1]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size, 1));
      } catch {
        // full to this grain
      }
    }
  } finally {
    closeSync(file);
  }
}
const free = (): void => rmSync(ballast, { force: true });

const clock = createFakeClock();
const finish = (reason: 'stop' | 'tool-calls'): ModelEvent => ({ type: 'finish', reason, usage: noUsage });
const long = 'word '.repeat(20_000);
let acted = 0;
const act: Tool = {
  name: 'act',
  description: 'Does something outside.',
  sideEffect: 'outside',
  input: z.strictObject({}),
  effects: () => [{ kind: 'opaque', what: 'something outside' }],
  run: async () => {
    acted++;
    fill();
    return { text: long.slice(0, 15_000) };
  },
};
const provider = createFakeModel((_request, call): readonly ModelEvent[] => {
  if (scenario === 'tool' && call === 0) return [{ type: 'tool-call', call: { id: 'call-1', name: 'act', input: {} } }, finish('tool-calls')];
  if ((scenario === 'turn' || scenario === 'stop') && call === 0) fill();
  return [{ type: 'text-delta', text: scenario === 'messages' ? 'Yes.' : long }, finish('stop')];
});

const world = await openWorld({ folder: disk, provider, clock, tools: [act] });
const codes = (): string[] => [...new Set(world.faults.map((fault) => toCoPawError(fault).code))];
const submit = (text: string, messageId: string) =>
  world.app.operator.submit({ channel: 'cli', sessionId: 's', text, messageId }).then(
    ({ duplicate }) => (duplicate ? 'duplicate' : 'accepted'),
    (error: unknown) => toCoPawError(error).code,
  );
const state = async () => {
  const { storage, openTurns, openMessages } = await world.app.operator.status();
  return { storage, openTurns, openMessages: openMessages.length };
};
/** Lets the work go on, and now and then a minute pass, until it holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let round = 1; !(await holds()); round++) {
    if (round === 100_000) throw new Error(`It did not happen: ${JSON.stringify(await state())}`);
    await new Promise((resolve) => setImmediate(resolve));
    if (round % 500 === 0) await clock.advance(60_000);
  }
}
const settled = async (): Promise<boolean> => (await state()).openMessages === 0 && (await state()).openTurns === 0;
const stalled = async (): Promise<boolean> => codes().includes('disk-full');
const events = async (): Promise<readonly PlacedEvent[]> => (await world.app.operator.history('s', { limit: 1_000 })).events;
const turns = async () => {
  const all = await events();
  return {
    users: all.flatMap((event) => (event.type === 'message' && event.message.role === 'user' ? [event.message.text] : [])),
    answers: all.flatMap((event) =>
      event.type === 'message' && event.message.role === 'assistant' && event.message.toolCalls.length === 0 ? [event.message.text.length] : [],
    ),
    tools: all.flatMap((event) => (event.type === 'tool-end' ? [event.outcome] : [])),
    ends: all.flatMap((event) => (event.type === 'turn-end' ? [event.outcome] : [])),
    resumed: all.flatMap((event) => (event.type === 'turn-start' ? [event.resumed] : [])),
  };
};

const facts: Record<string, unknown> = {};
if (scenario === 'messages') {
  facts.first = await submit('first', 'm-first');
  await until(settled);
  fill();
  const accepted: string[] = ['first'];
  for (let number = 0; ; number++) {
    const text = `${number} ${long.slice(0, 3_000)}`;
    const became = await submit(text, `m${number}`);
    if (became === 'accepted') accepted.push(text);
    else {
      facts.refused = became;
      fill(); // what the store gave back of its own log
      facts.again = [await submit(text, `m${number}`), await submit(text, `m${number}`)];
      facts.full = (await state()).storage;
      free();
      facts.ok = (await state()).storage;
      facts.after = await submit(text, `m${number}`);
      accepted.push(text);
      break;
    }
  }
  await until(settled);
  const { users, ends } = await turns();
  facts.nothingLost = JSON.stringify(users) === JSON.stringify(accepted);
  facts.ends = [...new Set(ends)];
} else {
  facts.accepted = await submit('do it', 'm1');
  const approve = async (): Promise<void> => {
    for (const { id } of await world.app.operator.approvals()) await world.app.operator.answer(id, 'once', 'test');
  };
  await until(async () => {
    await approve();
    return stalled();
  });
  facts.full = await state();
  if (scenario !== 'tool') facts.next = await submit(long, 'm2');
  if (scenario === 'stop') {
    await world.app.stop();
    free();
    await world.restart();
  } else free();
  await until(settled);
  Object.assign(facts, await turns(), { acted, calls: provider.requests.length, again: await submit('do it', 'm1') });
}
facts.end = await state();
facts.faults = codes();
await world.close();
process.stdout.write(`${JSON.stringify(facts)}\n`);
