// `copaw backup` in front of a made-up BackupsAdmin: what is shown before a restore, how often a person is asked, and what a script must give.
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { BackupsAdmin, RestorePlan } from '../core/backup.ts';
import { create, list, restore, verify } from './backup.ts';
import type { Context } from './context.ts';

const plan: RestorePlan = {
  kind: 'archive',
  madeHere: false,
  at: Date.UTC(2026, 0, 5, 8),
  version: '1.2.3',
  dataVersion: 1,
  sessions: 2,
  entries: 17,
  files: 8,
  leftOut: [],
  replaces: ['the database: \u001b[2Jall of it'],
  held: [
    { item: 'devices', count: 2, what: '2 devices with a token' },
    { item: 'skills', count: 1, what: '1 enabled skills' },
  ],
};

const signal = expect.any(AbortSignal) as unknown;

function setUp(options: { answers?: readonly string[]; stdin?: string } = {}) {
  const calls: unknown[] = [];
  const call = <T>(name: string, value: T) => {
    return async (...given: unknown[]): Promise<T> => {
      calls.push([name, ...given]);
      return value;
    };
  };
  const leftOut = Array.from({ length: 25 }, (_, index) => ({ path: `workspaces/main/${index}`, why: 'is a link or a device' }));
  const admin: BackupsAdmin = {
    list: call('list', []),
    create: call('create', { name: 'copaw.tar.gz', path: '/b/copaw.tar.gz', kind: 'archive', at: 0, bytes: 3_000_000, files: 8, encrypted: false, leftOut }),
    verify: call('verify', plan),
    plan: call('plan', plan),
    restore: call('restore', { kept: '/b/replaced', replaced: ['copaw.db'] }),
  };
  const printed = { out: '', error: '' };
  const answers = [...(options.answers ?? [])];
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, backups: async () => admin },
    terminal: {
      interactive: options.answers !== undefined,
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
      ask: async () => answers.shift(),
      readAll: async () => options.stdin ?? '',
      onStop: () => () => undefined,
    },
  } as unknown as Context;
  return { context, calls, printed, names: () => calls.map((one) => (one as [string])[0]), answers };
}

test('a restore shows what it replaces and what stays, and takes one yes', async () => {
  const { context, calls, printed } = setUp({ answers: ['y'] });
  expect(await restore(context, 'b.tar.gz', {})).toBe(0);
  expect(calls).toEqual([
    ['plan', resolve('b.tar.gz'), undefined, signal],
    ['restore', resolve('b.tar.gz'), { bring: [], signal }],
  ]);
  for (const text of ['another home', 'replaces the database', 'stays as it is now: 2 devices', '--with skills', '/b/replaced'])
    expect(printed.error).toContain(text);
  expect(printed.error).not.toContain('\u001b');
});

test('what gives rights takes a second yes', async () => {
  const both = setUp({ answers: ['y', 'yes'] });
  expect(await restore(both.context, 'b', { with: 'skills, devices' })).toBe(0);
  expect(both.calls.at(-1)).toEqual(['restore', resolve('b'), { bring: ['skills', 'devices'], signal }]);
  const one = setUp({ answers: ['y', 'n'] });
  await expect(restore(one.context, 'b', { with: 'skills' })).rejects.toMatchObject({ code: 'cancelled' });
  expect(one.names()).toEqual(['plan']);
});

test.each(['', 'n', 'yep'])('%j is a no', async (answer) => {
  const { context, names } = setUp({ answers: [answer] });
  await expect(restore(context, 'b', {})).rejects.toMatchObject({ code: 'cancelled' });
  expect(names()).toEqual(['plan']);
});

test('a script needs --yes, and items that exist', async () => {
  const { context, calls, names } = setUp();
  await expect(restore(context, 'b', {})).rejects.toMatchObject({ code: 'usage' });
  await expect(restore(context, 'b', { yes: true, with: 'all' })).rejects.toMatchObject({ code: 'usage' });
  expect(calls).toEqual([]);
  expect(await restore(context, 'b', { yes: true, json: true })).toBe(0);
  expect(names()).toEqual(['plan', 'restore']);
});

test('a passphrase comes from stdin, and a new one is long enough', async () => {
  const short = setUp({ stdin: 'short\n' });
  await expect(create(short.context, { passphraseStdin: true })).rejects.toMatchObject({ code: 'usage' });
  const long = setUp({ stdin: 'long enough words\n' });
  expect(await create(long.context, { passphraseStdin: true, out: 'x' })).toBe(0);
  expect(await verify(long.context, 'x', { passphraseStdin: true })).toBe(0);
  expect(long.calls).toEqual([
    ['create', { out: resolve('x'), passphrase: 'long enough words', signal }],
    ['verify', resolve('x'), 'long enough words', signal],
  ]);
});

test('says what is left out, and that a plain file can be read by whoever has it', async () => {
  const { context, printed } = setUp();
  expect(await create(context, {})).toBe(0);
  for (const text of ['8 files, 2.9 MiB, not encrypted', 'workspaces/main/19: it is a link or a device', 'and 5 more']) expect(printed.error).toContain(text);
  expect(await list(context, {})).toBe(0);
  expect(printed.error).toContain('no backup yet');
});
