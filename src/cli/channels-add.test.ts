// `copaw channels add` in front of a made-up ChannelsAdmin: what is asked, what a script must give, that no secret is printed, and how it ends.
import { expect, test } from 'vitest';
import type { ChannelFault, ChannelKindView, ChannelsAdmin, ChannelTest } from '../core/channels-admin.ts';
import { CoPawError } from '../core/error.ts';
import { type AddOptions, add } from './channels-add.ts';
import type { Context } from './context.ts';

const kind: ChannelKindView = {
  ...{ kind: 'test', title: 'Test', secrets: ['token', 'spare'], page: 'channels/test.md' },
  settings: {
    type: 'object',
    required: ['token', 'host', 'mode', 'rooms', 'port'],
    properties: {
      token: { secret: true, description: 'From the bot’s page.' },
      host: { type: 'string', description: 'Where it is.' },
      mode: { type: 'string', enum: ['poll', 'push'] },
      rooms: { type: 'array', items: { type: 'string' } },
      port: { type: 'integer' },
      spare: { secret: true },
      extra: { type: 'string' },
      user: { type: 'string', asked: true },
    },
  },
};
const links: ChannelTest['links'] = [
  { link: 'settings', state: 'ok', detail: 'x' },
  { link: 'access', state: 'failed', detail: 'The token \u001b[2J is not known.', next: 'Make a new one.' },
];

interface World {
  readonly answers?: (string | undefined)[];
  readonly faults?: readonly (readonly ChannelFault[])[];
  readonly running?: boolean;
  readonly ok?: boolean;
  readonly stdin?: string;
}

function setUp({ answers, faults = [], running = true, ok = true, stdin = '' }: World = {}) {
  const calls: unknown[] = [];
  const questions: string[] = [];
  const printed = { out: '', error: '' };
  const left = [...faults];
  const never = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  const admin: ChannelsAdmin = {
    ...{ remove: never, setEnabled: never, restart: never, send: never },
    kinds: async () => [kind],
    list: async () => [{ channel: 'test', account: 'main', state: running ? 'connecting' : 'unknown', since: 0, attempts: 0 }],
    async read(channel, account) {
      if (calls.length === 0) throw new CoPawError('not-found', 'No.');
      const secrets = { token: { ref: { env: 'BOT_TOKEN' }, set: false } };
      return { channel, account, enabled: true, settings: {}, secrets, listed: { allow: 0, operators: 0, groups: 0 } };
    },
    async add(...given) {
      calls.push(given);
      return left.shift() ?? [];
    },
    test: async (channel, account) => ({ channel, account, ok, links: ok ? links.slice(0, 1) : links }),
  };
  const next = async (question: string): Promise<string | undefined> => {
    questions.push(question);
    return answers?.shift();
  };
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, channels: async () => admin },
    terminal: {
      interactive: answers !== undefined,
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
      ...{ text: next, password: next, select: next, readAll: async () => stdin, onStop: () => () => undefined },
    },
  } as unknown as Context;
  return { calls, printed, questions, add: (name: string | undefined, options: AddOptions) => add(context, name, undefined, options) };
}

test('on a terminal it asks what is needed, secrets hidden, and ends in the proof', async () => {
  const world = setUp({ answers: ['test', 's3cret', 'example.org', 'push', 'a, b', '443', '', 'me', '48151'] });
  expect(await world.add(undefined, {})).toBe(0);
  expect(world.calls).toEqual([
    [
      ...['test', 'main'],
      {
        settings: { host: 'example.org', mode: 'push', rooms: ['a', 'b'], port: 443, user: 'me', operators: ['48151'] },
        secrets: { token: { value: 's3cret' } },
        enable: true,
      },
    ],
  ]);
  expect(world.questions[1]).toBe('token: From the bot’s page. – kept encrypted');
  expect(world.printed.out).toBe('ok      settings: x\n');
  expect(world.printed.error).toContain('More can be set: extra;');
  expect(world.printed.error + world.printed.out).not.toContain('s3cret');
});

test('what is wrong is told and asked again; what fails is named, and nobody let in yet is said', async () => {
  const world = setUp({ answers: ['s3cret', 'x', 'poll', '', '1', '', '', '', 'example.org'], faults: [[{ path: 'host', message: 'Too short.' }]], ok: false });
  expect(await world.add('test', {})).toBe(1);
  expect(world.calls.map((one) => (one as [string, string, { settings: object }])[2].settings)).toEqual([
    { host: 'example.org', mode: 'poll', port: 1 },
    { host: 'example.org', mode: 'poll', port: 1 },
  ]);
  expect(world.printed.error).toContain('host: Too short.');
  expect(world.printed.out).toContain('FAILED  access: The token \\u{1b}[2J is not known. Make a new one.');
  expect(world.printed.error).toContain('copaw pairing approve <code> --operator');
});

test('whoever stops has written nothing; where no server runs it says what comes next', async () => {
  const stopped = setUp({ answers: ['s3cret', undefined] });
  await expect(stopped.add('test', {})).rejects.toMatchObject({ code: 'cancelled' });
  expect(stopped.calls).toEqual([]);
  const alone = setUp({ answers: ['s3cret', 'example.org', 'poll', '', '1', 'other', '', 'me'], running: false });
  expect(await alone.add('test', {})).toBe(0);
  expect(alone.printed.error).toContain('start it with `copaw start`, then: copaw channels test test/main');
});

test('a script gives settings and where secrets are; a value on the command line is refused and not repeated', async () => {
  const world = setUp({ stdin: 's3cret\n' });
  expect(await world.add('test', { set: ['host=example.org', 'port=443', 'rooms=["a"]', 'text=a=b'], secret: ['token=-'], enable: true, json: true })).toBe(0);
  expect(world.calls).toEqual([
    ['test', 'main', { settings: { host: 'example.org', port: 443, rooms: ['a'], text: 'a=b' }, secrets: { token: { value: 's3cret' } }, enable: true }],
  ]);
  expect(world.printed.out).toBe('{"channel":"test","account":"main","enabled":true,"missing":[]}\n');
  const unset = setUp();
  expect(await unset.add('test', { secret: ['token=BOT_TOKEN'] })).toBe(0);
  expect(unset.printed.error).toContain('BOT_TOKEN is not set where CoPaw runs');
  for (const [options, said] of [
    [{ secret: ['token=123:abc-DEF'] }, 'in capitals'],
    [{ secret: ['host=HOST'] }, '--secret takes'],
    [{ secret: ['token=-', 'token=-'] }, 'Only one'],
    [{ set: ['host'] }, '--set takes'],
  ] as const) {
    const failed = await setUp()
      .add('test', options)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'usage', message: expect.stringContaining(said) });
    expect(String(failed)).not.toContain('123:abc');
  }
  await expect(setUp().add(undefined, { json: true })).rejects.toMatchObject({ code: 'usage', next: 'There are: test.' });
  await expect(setUp().add('none', { json: true })).rejects.toMatchObject({ code: 'not-found' });
  const faulty = setUp({
    faults: [
      [
        { path: 'host', message: 'Too short.' },
        { path: '', message: 'Bad name.' },
      ],
    ],
  });
  await expect(faulty.add('test', { set: ['host=x'] })).rejects.toMatchObject({
    ...{ code: 'invalid', message: expect.stringMatching(/channels\.test\.main\.host: Too short\.\nchannels\.test\.main: Bad name\.$/u) },
  });
});
