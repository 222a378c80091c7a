// Chat commands through the whole app: in a chat, in a group, on the operator's own surface and while a turn runs. None asks the model.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type ChatCommand, chatCommands } from '../../src/core/chat-command.ts';
import { noUsage } from '../../src/core/model.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { answerOf, openWorld, type World } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(config: object = {}) {
  const model = createScriptedModel();
  const channel = createFakeChannel({ now: Date.now });
  const account = { enabled: true, allow: ['ana'], operators: ['olga'], groups: { g1: {} } };
  const world = await openWorld({
    provider: model.provider,
    channels: { fake: channel.factory },
    config: { channels: { fake: { main: account } }, ...config },
  });
  closing.push(() => world.close());
  let seen = 0;
  /** What CoPaw answers in a chat. */
  const say = async (text: string, sender = 'olga', more: object = {}): Promise<string> => {
    await channel.say(text, { sender: { id: sender }, ...more });
    const all = await channel.arrived(++seen);
    return all[seen - 1]?.message.text ?? '';
  };
  return { world, model, channel, say };
}

const words = async (world: World, text: string): Promise<string> => answerOf(await world.ask(text));

describe('commands', () => {
  test('help lists every command there is; none of them asks the model', async () => {
    const { world, model } = await open();
    const help = await words(world, '/help');
    for (const { name } of chatCommands) expect(help).toContain(`/${name}`);
    for (const { name } of chatCommands) if (name !== 'steer') await words(world, `/${name}`);
    expect(model.requests).toEqual([]);
    expect(await words(world, '/version')).toBe('CoPaw 0');
    expect(world.faults).toEqual([]);
  });

  test('the page about commands has a row for each, with what it takes', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/commands.md'), 'utf8');
    for (const { name, takes, whose } of chatCommands as readonly ChatCommand[]) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`/${name}\` |`)) ?? '';
      expect([name, row.split(/(?<!\\)\|/u)[2]?.trim()]).toEqual([name, takes === undefined ? '' : `\`${takes.en.replaceAll('|', '\\|')}\``]);
      expect([name, row.endsWith(`| ${whose} |`)]).toEqual([name, true]);
    }
  });

  test('new keeps the old conversation under another id, clear forgets it; neither is in the next request', async () => {
    const { world, model } = await open();
    await world.ask('remember the word heron');
    expect(await words(world, '/new')).toBe('A new conversation. The old one is kept.');
    await world.ask('hello');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('heron');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('/new');
    const sessions = await world.app.operator.sessions({ limit: 10 });
    expect(sessions.map(({ title }) => title).sort()).toEqual(['hello', 'remember the word heron']);
    const kept = sessions.find(({ title }) => title.includes('heron'));
    expect(JSON.stringify((await world.app.operator.history(kept?.id ?? '', { limit: 100 })).events)).toContain('remember the word heron');
    expect(await words(world, '/clear')).toBe('This conversation is forgotten. Files and memory stay.');
    const { events } = await world.app.operator.history('test', { limit: 100 });
    expect(JSON.stringify(events)).not.toContain('hello');
    await world.ask('again');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('hello');
    await world.restart();
    expect((await world.app.operator.sessions({ limit: 10 })).map(({ title }) => title).sort()).toEqual(['again', 'remember the word heron']);
  });

  test('undo takes the last turn out of what the model sees, once; the log keeps it', async () => {
    const { world, model } = await open();
    await world.ask('first words');
    await world.ask('second words');
    expect(await words(world, '/undo')).toContain('The last turn is taken back.');
    await world.ask('third words');
    const asked = JSON.stringify(model.requests.at(-1)?.messages);
    expect([asked.includes('first words'), asked.includes('second words'), asked.includes('third words')]).toEqual([true, false, true]);
    expect(JSON.stringify((await world.app.operator.history('test', { limit: 100 })).events)).toContain('second words');
    await words(world, '/undo');
    await words(world, '/undo');
    expect(await words(world, '/undo')).toBe('There is nothing to take back.');
    await world.ask('fourth words');
    expect(JSON.stringify(model.requests.at(-1)?.messages)).not.toContain('first words');
  });

  test('undo gives the files of the last turn what they held, and says so', async () => {
    const { world, model } = await open();
    model.play([['write_file', { path: 'a.txt', content: 'one' }]]);
    await world.ask('write');
    model.play([
      ['write_file', { path: 'a.txt', content: 'two' }],
      ['write_file', { path: 'b.txt', content: 'new' }],
    ]);
    await world.ask('write again');
    const said = await words(world, '/undo');
    expect(said).toMatch(
      /^The last turn is taken back\.\n- moved to the trash: `b\.txt`\n- restored: `a\.txt`\n\nTo have the files back: `copaw undo undo_\w+`$/u,
    );
    expect(readFileSync(join(world.workspace, 'a.txt'), 'utf8')).toBe('one');
    expect(existsSync(join(world.workspace, 'b.txt'))).toBe(false);
    expect(world.faults).toEqual([]);
  });

  test('why tells of the question, the model, the tools and what was approved', async () => {
    const { world, model } = await open();
    model.play([['write_file', { path: 'a.txt', content: 'x' }]], [['memory_search', { query: 'x' }]]);
    await world.ask('write a file');
    const why = await words(world, '/why');
    expect(why).toContain('Asked: write a file (cli, operator)');
    expect(why).toMatch(/Model: offline\/copaw; 3 calls, 0 tokens in/u);
    expect(why).toContain('Tools: write_file (ok)');
    expect(why).toContain('Memory: memory_search (ok)');
    expect(why).toContain('Outcome: answered');
    model.play([['run_command', { argv: ['true'], network: true }]]);
    await world.ask('go online', 'deny');
    expect(await words(world, '/why')).toMatch(/Approvals: run_command denied/u);
    expect(await words(world, '/history')).toContain('- You: write a file');
    expect(await words(world, '/usage')).toContain('This conversation: 0 tokens');
  });

  test('the model of a conversation is the one it was given, after a restart too', async () => {
    const { world } = await open({ models: { providers: { it: { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:9', models: [{ id: 'm' }] } } } });
    expect(await words(world, '/model')).toBe('The model here is offline/copaw. Choose with "/model <name>": it/m.');
    expect(await words(world, '/model it/x/y')).toBe('From now on it/x/y answers here.');
    await world.restart();
    expect(await words(world, '/status')).toContain('Model: it/x/y');
    expect(await words(world, '/model nothing')).toContain('There is no model "nothing".');
    await words(world, '/model default');
    expect(await words(world, '/status')).toContain('Model: offline/copaw');
  });

  test('a guest has the commands of their own conversation and no others; in a group only an operator begins anew', async () => {
    const { say, model } = await open();
    for (const text of ['/help', '/status', '/version', '/history', '/new', '/queue collect', 'stop'])
      expect(await say(text, 'ana'), text).not.toContain('Only the operator');
    for (const text of ['/model it/m', '/usage', '/why', '/undo']) expect(await say(text, 'ana'), text).toContain('Only the operator');
    const group = { chat: { id: 'g1', kind: 'group' }, mentioned: true };
    for (const text of ['/new', '/clear', '/history', '/queue collect', '/queue and then this', '/usage', '/undo'])
      expect(await say(text, 'olga', { ...group, sender: { id: 'ana' } }), text).toContain('Only the operator');
    expect(await say('/status', 'ana', group)).toContain('at rest');
    expect(await say('/new', 'olga', group)).toContain('A new conversation');
    expect(await say('/usage', 'olga', group)).toContain('Only the operator');
    expect(model.requests).toEqual([]);
  });

  test('attack: a command given in the console is answered there, and what was said in a chat is not gone on with from elsewhere', async () => {
    const { world, channel, say } = await open();
    await say('hello', 'olga');
    await say('/new', 'olga');
    const kept = (await world.app.operator.sessions({ limit: 10 })).find(({ title }) => title === 'hello');
    expect(kept?.address.channel).toBe('fake');
    const submit = world.app.operator.submit({ channel: 'console', sessionId: kept?.id ?? '', text: '/usage' });
    await expect(submit).rejects.toMatchObject({ code: 'forbidden', rule: 'R13' });
    expect(channel.sent).toHaveLength(2);
  });

  test('attack: a file that comes with a command in its caption is a message, marked as one', async () => {
    const { say, model, world } = await open();
    const attachments = [{ name: 'a.txt', mediaType: 'text/plain', size: 1, path: 'a.txt' }];
    expect(await say('/help', 'ana', { attachments })).toBe('Done.');
    expect(model.requests).toHaveLength(1);
    expect(await world.app.store.taint.list()).toMatchObject([{ path: 'a.txt' }]);
  });

  test('a reminder is not what undo takes back', async () => {
    const { world, model } = await open();
    await world.ask('first words');
    const session = await world.app.store.sessions.get('test');
    if (!session) throw new Error('no session');
    const job = { id: 'job_1', agentId: 'main', sessionId: 'test', address: session.address, dueAt: Date.now(), text: 'stretch', state: 'scheduled' as const };
    await world.app.store.commit({ transition: 'job-added', jobs: [{ ...job, createdAt: Date.now() }] });
    await world.restart();
    await expect.poll(async () => JSON.stringify((await world.app.operator.history('test', { limit: 50 })).events)).toContain('⏰ stretch');
    expect(await words(world, '/undo')).toContain('taken back');
    await world.ask('second words');
    const asked = JSON.stringify(model.requests.at(-1)?.messages);
    expect([asked.includes('first words'), asked.includes('stretch')]).toEqual([false, true]);
  });

  test('attack: a command that forgets, and could not be done before the end, is not done to what was said since', async () => {
    const { world } = await open();
    await world.ask('old words');
    const address = { channel: 'cli', account: 'local', chat: 'test' };
    const inbound = { kind: 'message' as const, id: 'm9', text: '/clear', chat: { id: 'test', kind: 'direct' as const }, sender: { id: 'operator' }, at: 1 };
    const key = 'cli:local:test:m9';
    await world.app.store.commit({
      transition: 'message-accepted',
      inbox: [{ key, envelope: { key, ...address, inbound, receivedAt: 1 }, state: 'accepted', receivedAt: 1 }],
    });
    await world.restart();
    await expect.poll(async () => (await world.app.store.inbox.get(key))?.state).toBe('answered');
    const events = JSON.stringify((await world.app.operator.history('test', { limit: 50 })).events);
    expect(events).toContain('old words');
    expect(events).toContain('It was not done');
  });

  test('attack: a forwarded command, and one inside a longer text, are words', async () => {
    const { say, model } = await open();
    expect(await say('/clear', 'olga', { forwarded: true })).toBe('Done.');
    expect(await say('please /clear it', 'olga')).toBe('Done.');
    expect(model.requests).toHaveLength(2);
  });
});

describe('while a turn runs', () => {
  /** A model whose answer waits until it is let go. */
  async function busy() {
    const holds: (() => void)[] = [];
    const provider = createFakeModel(async () => {
      await new Promise<void>((resolve) => holds.push(resolve));
      return [
        { type: 'text-delta', text: 'Done.' },
        { type: 'finish', reason: 'stop', usage: noUsage },
      ];
    });
    const world = await openWorld({ provider });
    closing.push(() => world.close());
    const submit = (text: string) => world.app.operator.submit({ channel: 'cli', sessionId: 'test', text });
    const turnEnd = async (turnId: string): Promise<PlacedEvent | undefined> => {
      let last: PlacedEvent | undefined;
      for await (const event of world.app.operator.events({ turnId, after: '0' }, new AbortController().signal)) last = event;
      return last;
    };
    const asked = async (count: number): Promise<void> => void (await expect.poll(() => holds.length).toBe(count));
    const release = (): void => {
      for (const go of holds.splice(0)) go();
    };
    return { world, provider, submit, turnEnd, asked, release };
  }

  test('commands answer at once; queue and steer place a message; the modes hold', async () => {
    const { world, provider, submit, turnEnd, asked, release } = await busy();
    const first = await submit('one');
    await asked(1);
    expect(await words(world, '/status')).toContain('I am working on something here.');
    const queued = await submit('/queue two');
    expect(queued.turnId).not.toBe(first.turnId);
    expect((await submit('/steer three')).turnId).toBe(first.turnId);
    await submit('/queue collect');
    const collected = [await submit('four'), await submit('five')];
    expect(new Set([...collected.map(({ turnId }) => turnId), queued.turnId]).size).toBe(1);
    release();
    await asked(1);
    expect(JSON.stringify(provider.requests.at(-1)?.messages)).toContain('three');
    release();
    expect(await turnEnd(first.turnId)).toMatchObject({ outcome: 'answered' });
    await asked(1);
    const messages = JSON.stringify(provider.requests.at(-1)?.messages);
    for (const word of ['two', 'four', 'five']) expect(messages).toContain(word);
    expect(messages).not.toContain('/queue');
    release();
    expect(await turnEnd(queued.turnId)).toMatchObject({ outcome: 'answered' });
  });

  test('interrupt stops the turn for the newest message; new stops it and begins anew', async () => {
    const { submit, turnEnd, asked, release, provider, world } = await busy();
    await submit('/queue interrupt');
    const first = await submit('one');
    await asked(1);
    const second = await submit('two');
    expect(await turnEnd(first.turnId)).toMatchObject({ outcome: 'cancelled' });
    await expect.poll(() => provider.requests.length).toBe(2);
    await submit('/new');
    expect(await turnEnd(second.turnId)).toMatchObject({ outcome: 'cancelled' });
    const third = await submit('three');
    await expect.poll(() => provider.requests.length).toBe(3);
    expect(JSON.stringify(provider.requests.at(-1)?.messages)).not.toContain('one');
    release();
    expect(await turnEnd(third.turnId)).toMatchObject({ outcome: 'answered' });
    expect(world.faults).toEqual([]);
  });
});
