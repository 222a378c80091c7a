// Answers that grow in a chat, through the whole app: asked for by an account, stopped, resumed after a restart, with tools, files and secrets.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type ModelEvent, type ModelProvider, noUsage } from '../../src/core/model.ts';
import type { Tool } from '../../src/core/tool.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { defineTool } from '../../src/tools/define-tool.ts';
import { openWorld } from './harness.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const home = 'chat-of-ana';

/** A model that says what a test says, when it says it. */
function createTold() {
  let queue: ModelEvent[] = [];
  let wake = (): void => undefined;
  let calls = 0;
  const finish = (reason: 'stop' | 'tool-calls'): ModelEvent => ({ type: 'finish', reason, usage: noUsage });
  const push = (...events: ModelEvent[]): void => {
    queue.push(...events);
    wake();
  };
  const provider: ModelProvider = {
    async *stream(_request, signal) {
      calls++;
      queue = [];
      signal.addEventListener('abort', () => wake(), { once: true });
      for (;;) {
        for (let event = queue.shift(); event; event = queue.shift()) {
          yield event;
          if (event.type === 'finish') return;
        }
        if (signal.aborted) return yield { type: 'error', failure: { code: 'cancelled', message: 'Cancelled.', retryable: true } };
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    models: async () => [{ id: 'fake' }],
  };
  return {
    provider,
    calls: () => calls,
    say: (text: string) => push({ type: 'text-delta', text }),
    call: (name: string, input: unknown) => push({ type: 'tool-call', call: { id: `call-${calls}`, name, input } }, finish('tool-calls')),
    done: () => push(finish('stop')),
  };
}

async function open(more: object = { stream: true }, tools: readonly Tool[] = []) {
  const clock = createFakeClock();
  const chat = createFakeChannel({ now: clock.now, limits: { edit: true, editMs: 1_000, media: true } });
  const model = createTold();
  const account = { enabled: true, allow: ['ana'], operators: ['olga'], ...more };
  const world = await openWorld({
    provider: model.provider,
    clock,
    tools,
    channels: { chat: chat.factory },
    config: { channels: { chat: { main: account } } },
  });
  closing.push(() => world.close());
  /** Until it is so; time goes on meanwhile where there is some. */
  const until = async (look: () => unknown, ms = 0): Promise<void> => {
    for (const end = Date.now() + 10_000; Date.now() < end; await clock.advance(ms)) if (await look()) return;
    throw new Error('It never came to that.');
  };
  const asked = async (text: string, calls = 1): Promise<void> => {
    await chat.say(text);
    await until(() => model.calls() === calls);
  };
  const stands = (...texts: readonly string[]) => until(() => JSON.stringify(chat.standing(home)) === JSON.stringify(texts), 100);
  return { clock, chat, model, world, until, asked, stands };
}

test('the answer grows where an account wants that, and is there once, in the message that grew', async () => {
  const { asked, chat, model, stands, until, world } = await open();
  await asked('tell me');
  model.say('Once upon a ti');
  await stands('Once upon a …');
  model.say('me there was a ca');
  await stands('Once upon a time there was a …');
  model.say('t.');
  model.done();
  await stands('Once upon a time there was a cat.');
  const answerId = chat.sent[0]?.key.answerId.replace('live_', '') ?? '';
  const row = async () => (await world.app.store.outbox.ofAnswer(answerId))[0];
  await until(async () => (await row())?.state === 'sent');
  expect((await row())?.ref).toBe(chat.sent[0]?.ref);
  expect([await world.app.store.previews.list(), world.faults]).toEqual([[], []]);
});

test('without the key nothing is sent but the answer', async () => {
  const { asked, chat, clock, model, stands } = await open({});
  await asked('tell me');
  model.say('Once upon a time ');
  await clock.advance(60_000);
  expect(chat.sent).toEqual([]);
  model.done();
  await stands('Once upon a time ');
  expect(chat.edits).toEqual([]);
});

test('"stop" leaves the words that stood there, and says so', async () => {
  const { asked, chat, model, stands, until, world } = await open();
  await asked('tell me');
  model.say('Once upon a time ');
  await stands('Once upon a time …');
  await chat.say('stop');
  await until(async () => (await world.app.operator.status()).openTurns === 0, 100);
  await until(() => chat.standing(home)[0] === 'Once upon a time\n\n(stopped)', 100);
  expect(await world.app.store.previews.list()).toEqual([]);
});

test('a restart in the middle: the turn goes on with the same message', async () => {
  const { asked, chat, model, stands, until, world } = await open();
  await asked('tell me');
  model.say('Once upon a time ');
  await stands('Once upon a time …');
  await world.restart();
  await until(() => model.calls() === 2);
  model.say('Twice upon a time ');
  await stands('Twice upon a time …');
  model.say('there was.');
  model.done();
  await stands('Twice upon a time there was.');
  expect(chat.sent).toHaveLength(1);
});

test('a restart while the first words were on their way: looked up, and no second message', async () => {
  const { asked, chat, clock, model, stands, until, world } = await open();
  await asked('tell me');
  chat.next('unsure');
  model.say('Once upon a time ');
  await until(() => chat.sent.length === 1, 100);
  await world.restart();
  await until(() => model.calls() === 2);
  await clock.advance(1_000);
  model.say('Twice. ');
  await stands('Twice. …');
  model.done();
  await stands('Twice. ');
  expect(chat.sent).toHaveLength(1);
});

test('the tool that runs is shown below the words, and a file comes behind the answer', async () => {
  const held = Promise.withResolvers<void>();
  const lookUp = defineTool({
    ...{ name: 'look_up', description: 'Looks it up.', input: z.strictObject({ what: z.string() }), sideEffect: 'none', effects: () => [] },
    run: () => held.promise.then(() => ({ text: 'hidden output' })),
  });
  const { asked, chat, model, stands, until, world } = await open({ stream: true, showTools: true }, [lookUp]);
  writeFileSync(join(world.workspace, 'report.txt'), 'The report.');
  await asked('look it up');
  model.say('I look. ');
  model.call('look_up', { what: 'hidden argument' });
  await stands('I look. …\n\n(using look_up)');
  held.resolve();
  await until(() => model.calls() === 2);
  model.call('send_file', { path: 'report.txt' });
  await until(() => model.calls() === 3);
  model.say('Here it is. ');
  await stands('Here it is. …');
  model.done();
  await stands('Here it is. ', 'report.txt');
  expect(chat.sent.at(-1)?.message.files).toMatchObject([{ name: 'report.txt' }]);
  expect(JSON.stringify([chat.sent, chat.edits])).not.toContain('hidden');
  expect(world.faults).toEqual([]);
});

test('fault: an answer of a file without words left the preview behind', async () => {
  const { asked, chat, model, stands, until, world } = await open({ stream: true, showTools: true });
  writeFileSync(join(world.workspace, 'report.txt'), 'The report.');
  await asked('send it');
  model.say('I send. ');
  await stands('I send. …');
  model.call('send_file', { path: 'report.txt' });
  await until(() => model.calls() === 2);
  model.done();
  await stands('…', 'report.txt');
  expect(chat.sent.at(-1)?.message.files).toMatchObject([{ name: 'report.txt' }]);
  expect([await world.app.store.previews.list(), world.faults]).toEqual([[], []]);
});

test('attack: a secret that the model says piece by piece is never shown, not in halves either', async () => {
  const { asked, chat, model, stands, world } = await open();
  await world.app.secrets.set('service', 'sk-very-secret-value-123');
  await asked('tell me');
  model.say('The key is sk-very-');
  await stands('The key is …');
  model.say('secret-value-123 and ');
  await stands('The key is [redacted] and …');
  model.done();
  await stands('The key is [redacted] and ');
  expect(JSON.stringify([chat.sent, chat.edits])).not.toMatch(/sk-very/u);
  expect(world.faults).toEqual([]);
});

test('fault: of a password with spaces the first words were shown', async () => {
  const { asked, chat, model, stands, world } = await open();
  await world.app.secrets.set('mail', 'abcd efgh ijkl mnop');
  await asked('tell me');
  model.say('It is abcd efgh ij');
  await stands('It is …');
  model.say('kl mnop and ');
  await stands('It is [redacted] and …');
  model.done();
  await stands('It is [redacted] and ');
  expect(JSON.stringify([chat.sent, chat.edits])).not.toMatch(/abcd|efgh/u);
  expect(world.faults).toEqual([]);
});
