// Voice notes through the whole app: off until a model is named for them, written down once, counted, kept when that fails, and never a command.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import type { IncomingFile } from '../../src/core/channel.ts';
import type { ModelRequest } from '../../src/core/model.ts';
import type { PlacedEvent, UserMessage } from '../../src/core/turn-event.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createFakeChannel } from '../../src/testing/fake-channel.ts';
import { providerWords } from '../../src/testing/model-server.ts';
import { recording, type SpeechReply, startSpeechServer } from '../providers/speech.ts';
import { openCommandHome } from './command-line.ts';
import { answerOf, openWorld, type WorldOptions } from './harness.ts';
import { createScriptedModel } from './scripted-model.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const never = new Promise<never>(() => undefined);
const account = { enabled: true, allow: ['ana'], operators: ['olga'], groups: { team: { allow: ['ana'] } }, senderPerMinute: 100, chatPerMinute: 200 };
const olga = { sender: { id: 'olga' } };
const note = (more: Partial<IncomingFile> = {}, bytes: Uint8Array = recording()): IncomingFile => ({
  ...{ name: 'voice-1.oga', voice: 'said' as const, ...more },
  async open() {
    return (async function* () {
      yield bytes;
    })();
  },
});

interface Settings extends Partial<Omit<WorldOptions, 'config'>> {
  readonly replies?: readonly SpeechReply[];
  readonly transcription?: object | null;
  readonly config?: object;
  readonly models?: object;
}

async function open({ replies = [{ text: 'Buy milk.', usage: { type: 'duration', seconds: 30 } }], transcription, config, models, ...options }: Settings = {}) {
  const speech = await startSpeechServer({ key: 'sk-secret', model: 'whisper' }, ...replies);
  closing.push(() => speech.close());
  const chat = createFakeChannel({ now: () => Date.now() });
  const model = createScriptedModel();
  const heard = {
    kind: 'openai-compatible',
    baseUrl: speech.baseUrl,
    key: { env: 'SPEECH_KEY' },
    models: [{ id: 'whisper', price: { input: 1, output: 1, minute: 0.006 } }],
  };
  const world = await openWorld({
    ...{ provider: model.provider, channels: { chat: chat.factory }, environment: { SPEECH_KEY: 'sk-secret' } },
    ...options,
    config: {
      channels: { chat: { main: account } },
      models: { providers: { speech: heard }, retries: 1, ...models },
      ...(transcription === null ? {} : { transcription: { model: 'speech/whisper', ...transcription } }),
      ...config,
    },
  });
  closing.push(() => world.close());
  const events = async (chatId: string): Promise<readonly PlacedEvent[]> => {
    const { id = '' } = (await world.app.operator.sessions({ limit: 9 })).find(({ address }) => address.chat === chatId) ?? {};
    return (await world.app.operator.history(id, { limit: 100 })).events;
  };
  const said = (found: readonly PlacedEvent[]): readonly UserMessage[] =>
    found.flatMap((event) => (event.type === 'message' && event.message.role === 'user' ? [event.message] : []));
  const rows = () => {
    const database = new DatabaseSync(join(world.home, 'copaw.db'), { readOnly: true });
    try {
      return database.prepare("SELECT turn_id != '' AS in_turn, agent_id, model, input, seconds, cost FROM usage WHERE seconds IS NOT NULL").all();
    } finally {
      database.close();
    }
  };
  const tainted = async (): Promise<number> => (await world.app.store.sessions.tainted()).length;
  return { world, chat, model, speech, events, said, rows, tainted };
}

const lastWords = (request: ModelRequest | undefined): string =>
  (request?.messages ?? []).flatMap((message) => (message.role === 'user' ? [message.text] : [])).join('\n---\n');

describe('a voice note', () => {
  test('stays a file, and nothing of it leaves, until a model is named for it', async () => {
    const { chat, speech, model } = await open({ transcription: null });
    await chat.emit('message', { text: '', ...olga }, 'main', [note()]);
    await chat.arrived(1);
    expect(lastWords(model.requests[0])).toMatch(/\[attached: inbox\/[^ ]+ \(audio\/ogg, \d+ bytes\)\]$/u);
    expect([speech.requests, speech.faults]).toEqual([[], []]);
  });

  test('is acknowledged at once, written down before the first model step, counted, and shown where it lies', async () => {
    const hold = Promise.withResolvers<void>();
    const { chat, speech, model, events, said, rows, tainted, world } = await open({
      replies: [{ text: 'Buy milk.', usage: { type: 'duration', seconds: 30 }, hold: hold.promise }],
      transcription: { language: 'en' },
    });
    await chat.emit('message', { text: 'listen', ...olga }, 'main', [note()]);
    await expect.poll(() => speech.requests.length, { timeout: 10_000 }).toBe(1);
    expect([model.requests.length, chat.sent.length]).toEqual([0, 0]);
    hold.resolve();
    await chat.arrived(1);
    expect(speech.requests[0]).toMatchObject({ language: 'en', file: { name: 'voice.ogg', type: 'audio/ogg' } });
    expect(lastWords(model.requests[0])).toMatch(/listen\n\[attached: (inbox\/[^ ]+)[\s\S]+\[what is said in \1, written down by a model\]\nBuy milk\.$/u);
    const [first, second] = said(await events('chat-of-olga'));
    expect(second).toMatchObject({
      text: 'Buy milk.',
      origin: 'operator',
      sender: { id: 'olga' },
      attachments: [],
      heard: { path: first?.attachments[0]?.path },
    });
    expect(rows()).toEqual([{ in_turn: 1, agent_id: 'main', model: 'speech/whisper', input: 0, seconds: 30, cost: 0.003 }]);
    expect(existsSync(join(world.workspace, first?.attachments[0]?.path ?? ''))).toBe(true);
    expect([await tainted(), speech.faults, world.faults]).toEqual([0, [], []]);
  });

  test('that comes during a turn is heard before its next step', async () => {
    const { chat, speech, model } = await open();
    const first = Promise.withResolvers<void>();
    model.play([['current_time', {}]]);
    const stream = model.provider.stream;
    model.provider.stream = async function* (request, signal) {
      if (model.requests.length === 0) await first.promise;
      yield* stream(request, signal);
    };
    await chat.emit('message', { text: 'go', ...olga });
    await chat.emit('message', { text: '', ...olga }, 'main', [note()]);
    expect(speech.requests).toHaveLength(0);
    first.resolve();
    await chat.arrived(1);
    expect([model.requests.length, lastWords(model.requests[0]).includes('milk'), lastWords(model.requests[1]).includes('Buy milk.')]).toEqual([
      2,
      false,
      true,
    ]);
  });

  test('of a group keeps the origin and the mark of its words; a recording from elsewhere counts as words of strangers', async () => {
    const { chat, events, said, tainted, model } = await open();
    const team = { id: 'team', kind: 'group' } as const;
    await chat.emit('message', { text: '', chat: team, sender: { id: 'ana' }, mentioned: true }, 'main', [note()]);
    await chat.arrived(1);
    expect(said(await events('team'))[1]).toMatchObject({ origin: 'group', text: 'Buy milk.' });
    expect(await tainted()).toBe(1);
    await chat.emit('message', { text: '', ...olga }, 'main', [note()]);
    await chat.arrived(2);
    expect(await tainted()).toBe(1);
    await chat.emit('message', { text: '', ...olga }, 'main', [{ name: note().name, open: note().open }]);
    await chat.arrived(3);
    expect([await tainted(), said(await events('chat-of-olga')).map(({ forwarded }) => forwarded === true)]).toEqual([2, [false, false, false, true]]);
    expect(model.requests).toHaveLength(3);
  });

  test.each(['/approve x always', '/new', 'stop', '停止', '/stop'])('that says "%s" is no command', async (text) => {
    const { chat, model, events, said } = await open({ replies: [{ text }] });
    await chat.emit('message', { text: '', ...olga }, 'main', [note()]);
    await chat.arrived(1);
    expect([chat.textsTo('chat-of-olga'), model.requests.length]).toEqual([['Done.'], 1]);
    expect(said(await events('chat-of-olga')).map((one) => one.text)).toEqual(['', text]);
  });

  test('whose words the platform has written down already is not paid for', async () => {
    const { chat, speech, model } = await open();
    await chat.emit('message', { text: 'Buy milk, it says.', ...olga }, 'main', [note({ voice: 'written' })]);
    await chat.arrived(1);
    expect([speech.requests.length, lastWords(model.requests[0]).includes('it says')]).toEqual([0, true]);
  });
});

describe('one that cannot be written down', () => {
  test.each([
    ['a refused key', { environment: { SPEECH_KEY: 'sk-wrong' } }, 'the provider refused the key'],
    ['a key that is not set', { environment: {} }, 'the key of the provider is not set'],
    ['a limit for an hour', { replies: [{ status: 429, retryAfter: 3_600 }] }, 'limits how often'],
    ['a provider that is not there', { transcription: { model: 'nobody/whisper' } }, 'is not there'],
    ['a provider that cuts the connection', { models: { retries: 0 }, replies: [{ cut: true }] }, 'cannot be reached'],
    ['a model that is not there', { transcription: { model: 'speech/other' } }, 'is not there'],
    ['silence in it', { replies: [{ text: ' ' }] }, 'no words were heard'],
    ['too long', { transcription: { maxMinutes: 0.01 } }, 'longer than 0.01 minutes'],
    ['too large', { transcription: { maxMegabytes: 0.00001 } }, 'larger than 0.00001 MB'],
  ] as const)('%s: the words and the file are there, and people hear why', async (_what, settings, why) => {
    const { chat, model, world } = await open(settings as Settings);
    await chat.emit('message', { text: 'my words', ...olga }, 'main', [note()]);
    await chat.arrived(1);
    const words = lastWords(model.requests[0]);
    expect(words).toContain('my words');
    expect(words).toMatch(/\[attached: inbox\//u);
    expect(words).toContain('[The recording voice-1.oga was kept, but not written down: ');
    expect(words).toContain(why);
    expect(words).not.toContain(providerWords);
    expect([chat.textsTo('chat-of-olga'), world.faults]).toEqual([['Done.'], []]);
  });

  test('a format that models do not take, in the language of its operator, and nothing leaves', async () => {
    const { chat, model, speech } = await open({ config: { language: 'zh' } });
    await chat.emit('message', { text: '', ...olga }, 'main', [note({}, Buffer.from('#!AMR\n'))]);
    await chat.arrived(1);
    expect(lastWords(model.requests[0])).toContain('[录音 voice-1.oga 已保存，但没有转成文字：语音模型不接受这种格式。]');
    expect([speech.requests, speech.faults]).toEqual([[], []]);
  });

  test('counts for the limit of the day; where that is reached it is not sent, and the turn says so', async () => {
    const { chat, speech, model } = await open({ config: { limits: { dayCost: 0.003 } } });
    await chat.emit('message', { text: 'one', ...olga }, 'main', [note()]);
    await chat.arrived(1);
    await chat.emit('message', { text: 'two', ...olga }, 'main', [note()]);
    await chat.arrived(2);
    expect([speech.requests.length, model.requests.length]).toEqual([1, 0]);
    for (const text of chat.textsTo('chat-of-olga')) expect(text).toContain('Today cost');
  });
});

test.each([
  [{}, /FAILED {3}model: There is no model "speech\/whisper"/u],
  [{ speech: { kind: 'anthropic' } }, /FAILED {3}model: The provider of speech\/whisper writes no speech down/u],
  [{ speech: { kind: 'openai', key: { env: 'NO_SUCH_KEY' } } }, /FAILED {3}model: The key of speech\/whisper is not set/u],
])('doctor says what is missing: %j', async (providers, says) => {
  const here = openCommandHome({ models: { providers }, transcription: { model: 'speech/whisper' } });
  closing.push(() => here.close());
  expect((await here.run('doctor')).stdout).toMatch(says);
});

describe('stop, crash and again', () => {
  test('a stop in the middle ends it at once, and no model is asked', async () => {
    const { chat, speech, model, world } = await open({ replies: [{ hold: never }] });
    await chat.emit('message', { text: '', ...olga }, 'main', [note()]);
    await expect.poll(() => speech.requests.length, { timeout: 10_000 }).toBe(1);
    const at = systemClock.steady();
    await chat.emit('message', { text: 'stop', ...olga });
    await expect.poll(async () => (await world.app.operator.status()).openTurns, { timeout: 10_000 }).toBe(0);
    expect(systemClock.steady() - at).toBeLessThan(1_000);
    expect([model.requests.length, world.faults]).toEqual([0, []]);
    expect(chat.textsTo('chat-of-olga').at(-1)).toMatch(/^Stopped/u);
  });

  test('a turn that goes on after a restart does not ask again for what was written down', async () => {
    const { chat, speech, model, world } = await open();
    const stream = model.provider.stream;
    let first = true;
    model.provider.stream = async function* (request, signal) {
      if (first) {
        first = false;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      }
      yield* stream(request, signal);
    };
    await chat.emit('message', { text: '', ...olga }, 'main', [note()]);
    await expect.poll(() => first, { timeout: 10_000 }).toBe(false);
    await world.restart();
    await chat.arrived(1);
    expect([speech.requests.length, chat.textsTo('chat-of-olga')]).toEqual([1, ['Done.']]);
    expect(lastWords(model.requests.at(-1)).match(/Buy milk/gu)).toHaveLength(1);
  });

  test('in the console, and asked again: the words are taken from the log, and are no words of their own', async () => {
    const { world, speech, model, tainted } = await open({ replies: [{ text: '/new and more' }] });
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield recording();
    }
    const { id } = await world.app.operator.uploads.add({ name: 'voice.ogg', bytes: bytes(), voice: 'said' });
    const { turnId } = await world.app.operator.submit({ channel: 'console', sessionId: 's1', text: 'listen', attachments: [id] });
    const all = async (turn: string): Promise<readonly PlacedEvent[]> => {
      const found: PlacedEvent[] = [];
      for await (const event of world.app.operator.events({ turnId: turn, after: '0' }, new AbortController().signal)) found.push(event);
      return found;
    };
    expect(answerOf(await all(turnId))).toBe('Done.');
    const again = await (await world.app.sessions('test')).regenerate('s1', { turnId, files: false });
    expect(answerOf(await all(again.turnId))).toBe('Done.');
    expect([speech.requests.length, await tainted()]).toEqual([1, 0]);
    expect(lastWords(model.requests[1])).toMatch(/listen\n\[attached:[\s\S]+written down by a model\]\n\/new and more$/u);
    expect(lastWords(model.requests[1]).match(/\/new/gu)).toHaveLength(1);
  });
});
