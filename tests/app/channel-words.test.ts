// The page of channels is whole in Chinese: each kind that ships, each member of its account, each fault of a form, and what tests and connections say.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldsOf } from '../../console/src/pages/channels/fields.ts';
import { saidZh } from '../../console/src/pages/channels/said-zh.ts';
import { memberIn, saidIn, titleIn } from '../../console/src/pages/channels/words.ts';
import { choicesZh, membersZh } from '../../console/src/pages/channels/words-zh.ts';
import { builtinChannels } from '../../src/builtins.ts';
import { secretMembers } from '../../src/core/channel-kind.ts';

const kinds = await Promise.all(
  Object.values(builtinChannels).map(async (load) => {
    const kind = await load();
    const settings = z.toJSONSchema(kind.settings, { io: 'input', unrepresentable: 'any' });
    return { kind, fields: fieldsOf({ settings: { ...settings }, secrets: [...secretMembers(kind)] }) };
  }),
);
const han = /\p{Script=Han}/u;
const sources = new Map(
  globSync('src/{channels,gateway,core,lib,security}/**/*.ts', { cwd: join(import.meta.dirname, '../..') })
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => [path, readFileSync(join(import.meta.dirname, '../..', path), 'utf8')]),
);

test('every kind and member has Chinese words, and none is left over', () => {
  const told = kinds.map(({ kind, fields }) => [kind.kind, ...fields.map(({ name }) => name)]);
  expect(
    Object.entries(membersZh)
      .map(([kind, members]) => [kind, ...Object.keys(members)].sort())
      .sort(),
  ).toEqual(told.map((one) => one.sort()).sort());
  const dumb = kinds.flatMap(({ kind, fields }) =>
    fields.flatMap((field) => {
      const { label, hint } = memberIn('zh', kind.kind, field);
      return han.test(label) && han.test(hint) && /[。]$/u.test(hint) ? [] : [`${kind.kind}.${field.name}`];
    }),
  );
  expect(dumb).toEqual([]);
  const choices = kinds.flatMap(({ fields }) => fields.flatMap(({ node }) => node.enum ?? []));
  expect(choices.filter((choice) => !Object.hasOwn(choicesZh, choice))).toEqual([]);
});

test('in English, and for a kind of somebody else, the schema speaks', () => {
  const node = { description: 'Where it is.' };
  expect(memberIn('en', 'webhook', { name: 'url', node })).toEqual({ label: 'url', hint: 'Where it is.' });
  for (const kind of ['pigeon', 'constructor']) expect(memberIn('zh', kind, { name: 'url', node })).toEqual({ label: 'url', hint: 'Where it is.' });
  expect(memberIn('zh', 'webhook', { name: 'toString', node: {} })).toEqual({ label: 'toString', hint: '' });
  const title = { kind: 'dingtalk', title: 'DingTalk' };
  expect([titleIn('zh', title), titleIn('en', title), titleIn('zh', { kind: 'pigeon', title: 'Pigeon' })]).toEqual(['钉钉', 'DingTalk', 'Pigeon']);
});

test('each fault of a form is said in Chinese', () => {
  const odd = [
    '',
    'x',
    'x y',
    'x'.repeat(2_000),
    'tcp://mail.example.org:99',
    'ftp://x',
    7,
    1.5,
    0,
    1e9,
    Number.NaN,
    true,
    null,
    {},
    [],
    [7],
    ['x y'],
    Array(99).fill('#a'),
  ];
  const said = new Set(
    kinds
      .flatMap(({ kind, fields }) => [
        ...fields.flatMap(({ name }) => odd.flatMap((value) => kind.settings.safeParse({ [name]: value }).error?.issues ?? [])),
        ...(kind.settings.safeParse(whole[kind.kind]).error?.issues ?? []),
      ])
      .map(({ message }) => message),
  );
  expect(said.size).toBeGreaterThan(20);
  expect([...said].filter((one) => !han.test(saidIn('zh', '', one) ?? ''))).toEqual([]);
});

/** Accounts with one fault that only the whole shows. */
const whole: Readonly<Record<string, unknown>> = {
  email: { address: 'a@example.org', password: { env: 'P' }, imap: 'tls://example.org:993', smtp: 'tls://example.org:465' },
  irc: { url: 'tcp://irc.example.org:6667' },
  mqtt: { url: 'tcp://mqtt.example.org:1883' },
  xmpp: { jid: 'a@example.org', password: { env: 'P' }, server: 'tcp://xmpp.example.org:5222' },
};

/** What stands in a source as a text, with `x` in its holes. */
const texts = (source: string, before: string): readonly string[] =>
  [...source.matchAll(new RegExp(`${before}\\s*(?:'((?:[^'\\\\\\n]|\\\\.)*)'|"([^"\\n]*)"|\`((?:[^\`\\\\]|\\\\.)*)\`)`, 'gu'))].map(
    ([, single, double, template]) => (single ?? double ?? template ?? '').replaceAll(/\$\{[^}]*\}/gu, 'x').replaceAll(/\\(.)/gu, '$1'),
  );

test('what a test shows, and what a person has to mend, is said in Chinese', () => {
  const gateway = ['src/gateway/channel-test.ts', 'src/gateway/channels-admin.ts'].map((path) => sources.get(path) ?? '').join('\n');
  const channels = [...sources]
    .filter(([path]) => path.startsWith('src/channels/'))
    .map(([, source]) => source)
    .join('\n');
  const said = [
    ...texts(gateway, '(?:detail:|next:|next =|open =|settings:|secret:|network:|access:|receiving:|sending:)'),
    ...texts(channels, '[^.]next:'),
    ...texts(channels, "new CoPawError\\('(?:unauthenticated|forbidden|config-invalid)',"),
  ].filter((one) => /^[A-Zx].* /u.test(one) && !/^See (?:`|why)/u.test(one));
  expect(said.length).toBeGreaterThan(50);
  expect(said.filter((one) => saidIn('zh', '', one) === undefined && saidIn('zh', '', one.replace('x.', '.')) === undefined)).toEqual([]);
});

test('no Chinese is kept for what nobody says any more', () => {
  const all = [...sources.values()].join('\n').replaceAll(/\\(.)/gu, '$1');
  const ofZod = /^(?:Invalid|Too)/u;
  // Some are put together: what stands between their marks is said.
  const pieces = (one: string): readonly string[] => one.replace(/^(Not tried): \w+/u, '$1{}').split(/\{\}|[.:,] ?/u);
  const gone = Object.keys(saidZh).filter((one) => !ofZod.test(one) && !pieces(one).every((piece) => all.includes(piece.trim())));
  expect(gone).toEqual([]);
  const holes = Object.entries(saidZh).filter(([english, chinese]) => chinese.split('{}').length > english.split('{}').length);
  expect(holes).toEqual([]);
});

test('names and words of the platform stay in the sentence', () => {
  expect(saidIn('zh', 'telegram', 'token, webhookSecret: set.')).toBe('机器人令牌、Webhook 密钥：已有值。');
  expect(saidIn('zh', 'slack', 'botToken: the environment variable BOT is not set; appToken: the vault has no value.')).toBe(
    '机器人令牌：未设置环境变量 BOT。应用级令牌：保险库中没有值。',
  );
  expect(saidIn('zh', 'irc', 'The server closed the connection: $& (K-lined)')).toBe('服务器断开了连接：$& (K-lined)');
  expect(saidIn('zh', 'mqtt', 'Too small: expected number to be >=160')).toBe('不得小于 160。');
  expect([saidIn('zh', 'irc', 'Something new.'), saidIn('zh', 'irc', ''), saidIn('en', 'irc', 'Something new.')]).toEqual([
    undefined,
    undefined,
    'Something new.',
  ]);
});
