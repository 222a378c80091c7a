// kill -9 at every boundary of the journal, before and after the commit: each message is answered by one turn, each answer is seen at most once, nothing is missing.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Transition, transitions } from '../../src/core/journal.ts';
import { type CrashWorld, type Kill, openCrashWorld } from './crash-world.ts';

let world: CrashWorld;
let count = 0;
const killed: string[] = [];
beforeAll(async () => {
  world = await openCrashWorld();
});
afterAll(() => world.close());

/** What makes each boundary come. A name of its own for each kill keeps them apart. */
const causes: Readonly<Record<Transition, (name: string) => void>> = {
  'message-accepted': () => world.say('/stop'),
  'message-refused': (name) => world.happen('reaction', `chat-${name}`, name),
  'message-changed': (name) => world.happen('edit', `chat-${name}`, name),
  'message-joined': (name) => {
    world.say(`slow ${name}`, { chat: `chat-${name}` });
    world.say(`steer ${name}`, { chat: `chat-${name}` });
  },
  'turn-begun': (name) => world.say(`plain ${name}`),
  'turn-resumed': () => undefined,
  'turn-tainted': (name) => world.say(`plain ${name}`),
  'voice-heard': (name) => world.say(`voice ${name}`),
  'model-retried': (name) => world.say(`retry ${name}`),
  'model-finished': (name) => world.say(`write ${name}`),
  'context-compacted': (name) => world.say('/compact', { chat: `chat-${name}` }),
  'tool-refused': (name) => world.say(`bad ${name}`),
  'tool-started': (name) => world.say(`write ${name}`),
  'tool-finished': (name) => world.say(`run ${name}`),
  'tool-unknown': () => undefined,
  'approval-stored': (name) => world.say(`run ${name}`),
  'approval-asked': (name) => world.say(`run ${name}`),
  'approval-settled': (name) => world.say(`run ${name}`),
  'approval-answered': (name) => world.say(`run ${name}`),
  'turn-ended': (name) => world.say(`plain ${name}`),
  'command-answered': () => world.say('stop'),
  'job-added': (name) => world.say(`remind ${name}`),
  'job-fired': (name) => world.say(`remind ${name}`),
  // Of one account such a notice is given once an hour.
  'notice-added': () => undefined,
  'undo-begun': () => world.change('again'),
  'answer-asked-again': () => world.change('again'),
  'session-copied': () => world.change('fork'),
  'session-dropped': () => world.change('drop'),
  'part-sending': (name) => world.say(`long ${name}`),
  'part-sent': (name) => world.say(`long ${name}`),
  'part-pending': (name) => {
    world.platform.fates.push('lost');
    world.say(`long ${name}`);
  },
  'part-unknown': (name) => {
    world.platform.fates.push('blind');
    world.say(`plain ${name}`);
  },
  'part-dead': (name) => {
    world.platform.fates.push('refused');
    world.say(`plain ${name}`);
  },
};
/** Boundaries that only a start after another kill comes to. */
const first: Partial<Record<Transition, Kill & { readonly at: Transition }>> = {
  'turn-resumed': { at: 'turn-begun', side: 'after' },
  'tool-unknown': { at: 'tool-started', side: 'after' },
};

/** A conversation that is long enough to be compacted: what is said while a turn runs would belong to that. */
async function converse(chat: string): Promise<void> {
  const life = await world.live();
  for (const part of ['one', 'two', 'three']) {
    world.say(`plain ${chat}-${part}`, { chat });
    await life.quiet();
  }
  await life.stop();
}

async function dieAt(kill: Kill & { readonly at: Transition }): Promise<void> {
  if (kill.at === 'notice-added') world.platform.refused.add(kill.side === 'before' ? 'left' : 'right');
  const life = await world.live(kill);
  causes[kill.at](`n${++count}`);
  expect(await life.ended, `${kill.side} ${kill.at}`).toBe('SIGKILL');
  killed.push(`${kill.at} ${kill.side}`);
}

describe('kill -9 at a boundary of the journal', () => {
  test('words of a stranger reach the memory, so that later conversations are tainted by their prompt', async () => {
    const life = await world.live();
    world.say('note something', { forwarded: true });
    await life.quiet();
    await life.stop();
  });

  test.each(transitions.flatMap((at) => [{ at, side: 'before' } as const, { at, side: 'after' } as const]))('$side $at', async (kill) => {
    const before = first[kill.at];
    if (before) await dieAt(before);
    if (kill.at === 'context-compacted') await converse(`chat-n${count + 1}`);
    await dieAt(kill);
    const life = await world.live();
    await life.quiet();
    await life.stop();
    world.platform.refused.clear();
    await world.verify();
  });

  test.each([
    { at: 'undo-begun', side: 'after' },
    { at: 'command-answered', side: 'before' },
  ] as const)('/undo of a turn that wrote a file, killed $side $at', async (kill) => {
    const name = `n${++count}`;
    const chat = `chat-${name}`;
    const life = await world.live(kill);
    world.say(`write ${name}`, { chat });
    await life.quiet();
    world.say('/undo', { chat });
    expect(await life.ended).toBe('SIGKILL');
    const next = await world.live();
    // Said in between, it does not make the command come too late.
    world.say(`plain ${name}`, { chat });
    await next.quiet();
    await next.stop();
    expect(await world.takenBack(`${name}.txt`)).toBe(true);
    await world.verify();
  });

  test('every boundary there is was one', async () => {
    expect(new Set(killed)).toEqual(new Set(transitions.flatMap((at) => [`${at} before`, `${at} after`])));
    const { messages, parts } = await world.verify();
    console.log(`${killed.length} kills, ${world.platform.connections} connections: messages ${JSON.stringify(messages)}, parts ${JSON.stringify(parts)}`);
  });
});
