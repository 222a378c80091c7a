import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answerOf, openWorld, type World } from './harness.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

describe('the whole product with no key', () => {
  test('writes a file and reads it back without a prompt', async () => {
    const events = await world.ask('write hello to notes.txt and read it back');
    expect(readFileSync(join(world.workspace, 'notes.txt'), 'utf8')).toContain('hello');
    expect(events.filter((event) => event.type === 'approval-request')).toEqual([]);
    expect(events.filter((event) => event.type === 'tool-end').map((event) => [event.name, event.outcome])).toEqual([
      ['write_file', 'ok'],
      ['read_file', 'ok'],
    ]);
    expect(answerOf(events)).toContain('hello');
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', outcome: 'answered' });
    expect(world.faults).toEqual([]);
  });

  test('runs a command in the sandbox without a prompt', async () => {
    const events = await world.ask('run: echo from-the-sandbox');
    expect(events.filter((event) => event.type === 'approval-request')).toEqual([]);
    expect(answerOf(events)).toContain('from-the-sandbox');
  });

  test('remembers, and knows it after a restart', async () => {
    await world.ask('remember that the cat is called Miso');
    await world.restart();
    expect(answerOf(await world.ask('what do you know about the cat?'))).toContain('Miso');
  });

  test('a reminder arrives in its conversation, once, without a model call', async () => {
    const arrived = (async () => {
      for await (const event of world.app.operator.events({ sessionId: 'test' }, new AbortController().signal)) {
        if (event.type === 'message' && event.message.role === 'assistant' && event.message.text.includes('⏰')) return event.message.text;
      }
      return '';
    })();
    await world.ask('remind me in 1 seconds to stretch');
    expect(await arrived).toBe('⏰ stretch');
    expect((await world.app.store.jobs.list()).map((job) => job.state)).toEqual(['fired']);
  });

  test('says plainly that no language model is connected', async () => {
    expect(answerOf(await world.ask('write me a poem about the sea'))).toMatch(/no language model/i);
  });

  test('the audit chain of a day is whole', async () => {
    await world.ask('write hello to notes.txt');
    expect(await world.app.audit.verify()).toMatchObject({ ok: true });
  });
});
