// Every wire format end to end: the real command line, in process and through a running server, against a scripted loopback provider.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServer, type ModelServerKind, type ModelServerScript, providerWords, startModelServer } from '../../src/testing/model-server.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';
import { expectDocumentedOrder, keptTypes, only, spoken } from './events.ts';

const wires = ['openai-compatible', 'openai', 'anthropic', 'google'] as const satisfies readonly ModelServerKind[];
const surfaces = ['in process', 'through a running server'] as const;
type Surface = (typeof surfaces)[number];

const key = 'sk-canary-5d1f0a';
const question = 'write hello to notes.txt and read it back';
const call = (id: string, name: string, input: object) => ({ id, name, arguments: JSON.stringify(input) });
const twoThenRead: ModelServerScript = [
  {
    text: 'I write it down first.',
    calls: [
      call('w', 'write_file', { path: 'notes.txt', content: 'hello, in enough words for many chunks' }),
      call('o', 'write_file', { path: 'other.txt', content: 'second' }),
    ],
  },
  { calls: [call('r', 'read_file', { path: 'notes.txt' })] },
  { text: 'It says hello.' },
];
const scripted = [
  ...['turn-start', 'message', 'message', 'tool-start', 'tool-end', 'tool-start', 'tool-end'],
  ...['message', 'tool-start', 'tool-end', 'message', 'turn-end'],
];
const offline = ['turn-start', 'message', 'message', 'tool-start', 'tool-end', 'message', 'tool-start', 'tool-end', 'message', 'turn-end'];

interface Bench {
  readonly homes: Readonly<Record<Surface, CommandHome>>;
  close(): Promise<void>;
}

/** One home of its own for each surface; on the second a server runs. */
async function openBench(config: object): Promise<Bench> {
  const homes = { 'in process': openCommandHome(config, { MODEL_KEY: key }), 'through a running server': openCommandHome(config, { MODEL_KEY: key }) };
  const server = await homes['through a running server'].start();
  return {
    homes,
    async close() {
      await server.end('SIGTERM');
      for (const home of Object.values(homes)) await home.close();
    },
  };
}

/** Nothing open, one turn with this outcome, and what it said in the outbox of the conversation. */
async function expectSettled(home: CommandHome, turnId: string, outcome: string): Promise<string> {
  return home.inStore(async (store) => {
    expect(await store.inbox.open()).toEqual([]);
    expect(await store.turns.open()).toEqual([]);
    expect((await store.inbox.ofTurn(turnId)).map((row) => row.state)).toEqual([outcome]);
    const entries = await store.entries.ofTurn(turnId);
    const ends = entries.flatMap(({ event }) => (event.type === 'turn-end' ? [event] : []));
    expect(ends).toMatchObject([{ outcome }]);
    const rows = await store.outbox.ofAnswer(ends[0]?.answerId ?? '');
    expect(rows.map((row) => row.state)).toEqual(['sent']);
    return rows[0]?.outgoing.text ?? '';
  });
}

describe('the offline model', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench({});
  });
  afterAll(() => bench.close());

  test.each(surfaces)('writes and reads back, %s', async (surface) => {
    const home = bench.homes[surface];
    const asked = await home.ask(question);
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    expectDocumentedOrder(asked.events, surface !== 'in process');
    expect(keptTypes(asked.events)).toEqual(offline);
    expect(readFileSync(join(home.workspace, 'notes.txt'), 'utf8')).toBe('hello');
    expect(await expectSettled(home, asked.events[0]?.turnId ?? '', 'answered')).toContain('hello');
  });
});

describe.each(wires)('%s', (wire) => {
  let model: ModelServer;
  let bench: Bench;
  beforeAll(async () => {
    model = await startModelServer(wire, []);
    const provider = { kind: wire, baseUrl: model.baseUrl, key: { env: 'MODEL_KEY' }, models: [{ id: 'm' }] };
    bench = await openBench({ models: { default: 'it/m', providers: { it: provider }, retries: 1, firstTokenSeconds: 10 } });
  });
  afterAll(async () => {
    await bench.close();
    await model.close();
  });

  test.each(surfaces)('two parallel calls, a read and an answer, %s', async (surface) => {
    const home = bench.homes[surface];
    model.play(twoThenRead);
    const asked = await home.ask(question);
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    expectDocumentedOrder(asked.events, surface !== 'in process');
    expect(keptTypes(asked.events)).toEqual(scripted);
    expect(only(asked.events, 'text-delta').length).toBeGreaterThanOrEqual(surface === 'in process' ? 4 : 1);
    expect(only(asked.events, 'tool-end').map(({ name, outcome }) => [name, outcome])).toEqual([
      ['write_file', 'ok'],
      ['write_file', 'ok'],
      ['read_file', 'ok'],
    ]);
    expect(only(asked.events, 'turn-end')).toMatchObject([{ outcome: 'answered', usage: { input: 30, cachedInput: 12, output: 15 } }]);
    expect(readFileSync(join(home.workspace, 'notes.txt'), 'utf8')).toBe('hello, in enough words for many chunks');
    expect(readFileSync(join(home.workspace, 'other.txt'), 'utf8')).toBe('second');
    expect(await expectSettled(home, asked.events[0]?.turnId ?? '', 'answered')).toBe('It says hello.');

    expect(model.requests).toHaveLength(3);
    expect(model.requests[0]?.body).toContain(question);
    expect(model.requests[1]?.body).toContain('Wrote 6 bytes to other.txt.');
    // The first time in the arguments of the call, the second time as what was read.
    expect(model.requests[2]?.body.split('in enough words')).toHaveLength(3);
    for (const { headers, body } of model.requests) {
      expect(JSON.stringify(headers)).toContain(key);
      expect(body).not.toContain(key);
    }
    expect(asked.stdout).not.toContain(key);
    for (const file of ['notes.txt', 'other.txt']) rmSync(join(home.workspace, file));
  });

  // In process a command is slower to start: one wire format shows that both surfaces end the same way.
  const surfacesOfFaults = wire === 'openai-compatible' ? surfaces : (['through a running server'] as const);
  describe.each(surfacesOfFaults)('%s', (surface) => {
    const broken = [{ calls: [{ id: 'a', name: 'write_file', arguments: '{"path": oops' }] }, { text: 'Sorry.' }];
    const mendable: readonly (readonly [string, ModelServerScript, string])[] = [
      // Google sends arguments as objects, which cannot be broken.
      ...(wire === 'google' ? [] : [['broken JSON arguments', broken, 'tool-arguments'] as const]),
      ['arguments that do not fit', [{ calls: [call('a', 'write_file', { file: 'x' })] }, { text: 'Sorry.' }], 'tool-arguments'],
      ['an unknown tool', [{ calls: [call('a', 'sudo', {})] }, { text: 'Sorry.' }], 'tool-unknown'],
    ];
    test.each(mendable)('%s are told to the model, which then answers', async (_name, script, code) => {
      const home = bench.homes[surface];
      model.play(script);
      const asked = await home.ask('do it');
      expect(asked.code).toBe(0);
      expectDocumentedOrder(asked.events, surface !== 'in process');
      expect(only(asked.events, 'tool-end')).toMatchObject([{ outcome: 'failed', code }]);
      expect(model.requests).toHaveLength(2);
      expect(model.requests[1]?.body).toContain(only(asked.events, 'tool-end')[0]?.text.slice(0, 20));
      expect(await expectSettled(home, asked.events[0]?.turnId ?? '', 'answered')).toBe('Sorry.');
    });

    const passing: readonly (readonly [string, ModelServerScript, string])[] = [
      ['a rate limit', [{ fault: 'rate', retryAfter: 0 }, { text: 'Here.' }], 'Trying again in 0 s.'],
      ['a connection dropped in the middle', [{ text: 'Only half of this', fault: 'drop' }, { text: 'Here.' }], 'Trying again in 1 s.'],
    ];
    test.each(passing)('%s that passes is a note, and the answer comes once', async (_name, script, note) => {
      const home = bench.homes[surface];
      model.play(script);
      const asked = await home.ask('do it');
      expect(asked.code).toBe(0);
      expectDocumentedOrder(asked.events, surface !== 'in process');
      expect(only(asked.events, 'notice')).toMatchObject([{ level: 'info', code: 'retry', text: expect.stringContaining(note) }]);
      // Live only: whoever asks through the server may join when the draft is over, or in its middle.
      if (surface === 'in process') expect(only(asked.events, 'draft-reset')).toHaveLength(1);
      expect(model.requests).toHaveLength(2);
      expect(spoken(asked.events).map((message) => message.text)).toEqual(['Here.']);
      expect(await expectSettled(home, asked.events[0]?.turnId ?? '', 'answered')).toBe('Here.');
      expect(asked.stdout).not.toContain(providerWords);
    });

    const lasting: readonly (readonly [string, ModelServerScript, string, number])[] = [
      ['a rate limit for ever', [{ fault: 'rate', retryAfter: 0 }], 'model-rate', 2],
      ['a failing server', [{ fault: 'failure', retryAfter: 0 }], 'model-overloaded', 2],
      ['connections that always drop', [{ text: 'Only half of this', fault: 'drop' }], 'model-network', 2],
      ['a web page instead of JSON', [{ fault: 'html' }], 'model-answer', 1],
      ['a stream that cannot be read', [{ fault: 'broken-stream' }], 'model-answer', 2],
      ['an empty answer', [{}], 'model-answer', 1],
      ['a wrong key', [{ fault: 'auth' }], 'model-auth', 1],
    ];
    test.each(lasting)('%s ends in a clear, stored outcome', async (_name, script, code, requests) => {
      const home = bench.homes[surface];
      model.play(script);
      const asked = await home.ask('do it');
      expect(asked.code).toBe(1);
      expectDocumentedOrder(asked.events, surface !== 'in process');
      const [notice, ...more] = only(asked.events, 'notice').filter((one) => one.level === 'error');
      expect(more).toEqual([]);
      expect(notice).toMatchObject({
        code,
        text: expect.stringMatching(/^[A-Z].+\.$/u),
        next: expect.stringMatching(/^[A-Z].+\.$/u),
        reference: asked.events[0]?.turnId,
      });
      expect(only(asked.events, 'turn-end')).toMatchObject([{ outcome: 'failed' }]);
      expect(model.requests).toHaveLength(requests);
      const said = await expectSettled(home, asked.events[0]?.turnId ?? '', 'failed');
      for (const part of [notice?.text, notice?.next, notice?.reference]) expect(said).toContain(part);
      for (const text of [asked.stdout, asked.stderr, said]) {
        expect(text).not.toContain(providerWords);
        expect(text).not.toContain(key);
      }
    });
  });
});
