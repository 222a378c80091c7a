// Stop means stop: whatever a conversation is doing, it ends in the same moment, the words reach people, and no process is left.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { noUsage } from '../../src/core/model.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { startModelServer } from '../../src/testing/model-server.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import { processesWith } from './command-line.ts';
import { answerOf, openWorld, type World, type WorldOptions } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: WorldOptions): Promise<World> {
  const world = await openWorld(options);
  closing.push(() => world.close());
  return world;
}

/** Begins a turn, waits for `moment`, says the words of a stop, and gives the turn's last events. */
async function stopped(world: World, moment: (event: PlacedEvent) => unknown, words = '/stop'): Promise<readonly PlacedEvent[]> {
  const { turnId } = await world.app.operator.submit({ channel: 'cli', sessionId: 'test', text: 'go' });
  const events: PlacedEvent[] = [];
  let said: Promise<readonly PlacedEvent[]> | undefined;
  for await (const event of world.app.operator.events({ turnId, after: '0' }, new AbortController().signal)) {
    events.push(event);
    if (!said && moment(event)) said = world.ask(words);
  }
  expect(answerOf((await said) ?? [])).toMatch(/^Stopped/u);
  expect(events.at(-1)).toMatchObject({ type: 'turn-end', outcome: 'cancelled' });
  expect((await world.app.operator.status()).openTurns).toBe(0);
  expect(await world.app.store.turns.open()).toEqual([]);
  expect(world.faults).toEqual([]);
  return events;
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('stop', () => {
  test.each(['stop', 'STOP', '/stop', '停止'])('%s ends a model that streams', async (words) => {
    const model = await startModelServer('openai-compatible', [{ text: 'A long answer that never ends.', hold: never() }]);
    closing.push(() => model.close());
    const world = await open({
      config: { models: { default: 'it/m', providers: { it: { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm' }] } } } },
    });
    await stopped(world, ({ type }) => type === 'text-delta', words);
  });

  test('a model that says nothing at all, and the wait before it is asked again', async () => {
    const model = await startModelServer('openai-compatible', [{ fault: 'rate', retryAfter: 600 }]);
    closing.push(() => model.close());
    const world = await open({
      config: { models: { default: 'it/m', providers: { it: { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm' }] } } } },
    });
    await stopped(world, (event) => event.type === 'notice' && event.code === 'retry');
    model.play([{ fault: 'silence' }]);
    await stopped(world, ({ type }) => type === 'message');
  });

  test.skipIf(!sandboxed)('a command and all its children', async () => {
    const mark = `stop-mark-${process.pid}`;
    const model = createScriptedModel();
    const world = await open({ provider: model.provider });
    const command = `touch ${mark}; (tail -f ${mark} & tail -f ${mark} &) ; setsid tail -f ${mark} & echo started; exec tail -f ${mark}`;
    model.play([['run_command', { command }]]);
    await stopped(world, (event) => event.type === 'tool-progress' && event.text.includes('started'));
    expect(processesWith(mark)).toEqual([]);
  });

  test.skipIf(!sandboxed)('a command in the background, with and without a turn', async () => {
    const mark = `stop-background-${process.pid}`;
    const model = createScriptedModel();
    const world = await open({ provider: model.provider });
    const background = { command: `touch ${mark}; exec tail -f ${mark}`, background: true };
    model.play([['run_command', background]]);
    await world.ask('start it');
    await expect.poll(() => processesWith(`tail -f ${mark}`).length + processesWith(mark).length).toBeGreaterThan(0);
    expect(answerOf(await world.ask('stop'))).toBe('Stopped, and a background command with it.');
    await expect.poll(() => processesWith(mark)).toEqual([]);
    expect(answerOf(await world.ask('stop'))).toBe('Nothing is running.');
    model.play([['run_command', background]]);
    await world.ask('start it');
    expect(await world.app.operator.stop('other')).toBe(false);
    // It is started when the turn ends, and a moment later a program of its own.
    await expect.poll(() => processesWith(mark).length).toBeGreaterThan(0);
    expect(await world.app.operator.stop('test')).toBe(true);
    await expect.poll(() => processesWith(mark)).toEqual([]);
  });

  test('a wait for an approval', async () => {
    const model = createScriptedModel();
    const world = await open({ provider: model.provider });
    model.play([['run_command', { argv: ['true'], network: true }]]);
    await stopped(world, ({ type }) => type === 'approval-request');
    expect(await world.app.operator.approvals()).toEqual([]);
  });

  test('attack: a tool that does not listen is left behind, and can write nothing into the log any more', async () => {
    const late = Promise.withResolvers<void>();
    const deaf = defineTool({
      name: 'deaf',
      description: 'Hears nothing.',
      input: z.strictObject({}),
      sideEffect: 'none',
      effects: () => [],
      async run() {
        await late.promise;
        return { text: 'too-late-words' };
      },
    });
    const model = createScriptedModel();
    const world = await open({ provider: model.provider, tools: [deaf] });
    model.play([['deaf', {}]]);
    await stopped(world, ({ type }) => type === 'tool-start');
    late.resolve();
    expect(answerOf(await world.ask('and now?'))).toBe('Done.');
    expect(JSON.stringify((await world.app.operator.history('test', { limit: 100 })).events)).not.toContain('too-late-words');
  });

  test('attack: a tool that was stopped starts, writes and reads nothing more through its hands', async () => {
    const late = Promise.withResolvers<void>();
    const tried: string[] = [];
    const stubborn = defineTool({
      name: 'stubborn',
      description: 'Goes on.',
      input: z.strictObject({}),
      sideEffect: 'workspace',
      effects: () => [
        { kind: 'write', path: 'late.txt' },
        { kind: 'run', argv: ['true'], cwd: '.', network: false, sandboxed: true },
      ],
      async run(_args, hands) {
        await late.promise;
        await hands.files.write('late.txt', 'x').catch((error: unknown) => tried.push(String(error)));
        await hands.shell.run({ argv: ['true'], cwd: '.', timeoutMs: 1_000, background: true }).catch((error: unknown) => tried.push(String(error)));
        return { text: 'went on' };
      },
    });
    const model = createScriptedModel();
    const world = await open({ provider: model.provider, tools: [stubborn] });
    model.play([['stubborn', {}]]);
    await stopped(world, ({ type }) => type === 'tool-start');
    late.resolve();
    await expect.poll(() => tried.length).toBe(2);
    expect(existsSync(join(world.workspace, 'late.txt'))).toBe(false);
  });

  test('from a chat, by the bare word; what waits behind the turn is answered all the same', async () => {
    const channel = createFakeChannel({ now: Date.now });
    let asked = (): void => undefined;
    const provider = createFakeModel(async (_request, call) => {
      asked();
      if (call === 0) await never();
      return [
        { type: 'text-delta', text: 'Done.' },
        { type: 'finish', reason: 'stop', usage: noUsage },
      ];
    });
    const begun = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await open({ provider, channels: { fake: channel.factory }, config: { channels: { fake: { main: { enabled: true, operators: ['olga'] } } } } });
    const olga = { sender: { id: 'olga' } };
    await channel.say('a long task', olga);
    await begun;
    await channel.say('/queue and this', olga);
    await channel.say('stop', olga);
    expect((await channel.arrived(2)).map(({ message }) => message.text)).toEqual(['Stopped.', 'Done.']);
  });
});
