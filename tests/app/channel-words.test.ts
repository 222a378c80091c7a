// The page of channels is whole in Chinese: each kind that ships, each member of its account, and each fault of a form.
import { expect, test } from 'vitest';
import { fieldsOf } from '../../console/src/pages/channels/fields.ts';
import { answering, memberIn, memberNames, titleIn } from '../../console/src/pages/channels/words.ts';
import { choicesZh, membersZh } from '../../console/src/pages/channels/words-zh.ts';
import { said } from '../../console/src/text/zh/said/said.ts';
import { builtinChannels } from '../../src/builtins.ts';
import { accountSchema } from '../../src/core/channel-config.ts';
import { secretMembers } from '../../src/core/channel-kind.ts';

const kinds = await Promise.all(
  Object.values(builtinChannels).map(async (load) => {
    const kind = await load();
    return { kind, fields: fieldsOf({ settings: { ...accountSchema(kind.settings) }, secrets: [...secretMembers(kind)] }) };
  }),
);
const han = /\p{Script=Han}/u;

test('every kind and member has Chinese words, and none is left over', () => {
  const told = kinds.map(({ kind, fields }) => [kind.kind, ...fields.flatMap(({ name }) => (answering.has(name) ? [] : [name]))]);
  for (const { kind, fields } of kinds) {
    expect(Object.keys(kind.settings.shape).filter((name) => answering.has(name))).toEqual([]);
    expect(fields.filter(({ name }) => answering.has(name)).map(({ name }) => name)).toEqual([...answering]);
  }
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
  const faults = new Set(
    kinds
      .flatMap(({ kind, fields }) => [
        ...fields.flatMap(({ name }) => odd.flatMap((value) => kind.settings.safeParse({ [name]: value }).error?.issues ?? [])),
        ...(kind.settings.safeParse(whole[kind.kind]).error?.issues ?? []),
      ])
      .map(({ message }) => message),
  );
  expect(faults.size).toBeGreaterThan(20);
  expect([...faults].filter((one) => !han.test(said(one) ?? ''))).toEqual([]);
});

/** Accounts with one fault that only the whole shows. */
const whole: Readonly<Record<string, unknown>> = {
  email: { address: 'a@example.org', password: { env: 'P' }, imap: 'tls://example.org:993', smtp: 'tls://example.org:465' },
  irc: { url: 'tcp://irc.example.org:6667' },
  mqtt: { url: 'tcp://mqtt.example.org:1883' },
  xmpp: { jid: 'a@example.org', password: { env: 'P' }, server: 'tcp://xmpp.example.org:5222' },
};

test('names and words of the platform stay in the sentence', () => {
  const of = (kind: string, sentence: string) => said(sentence, memberNames('zh', kind));
  expect(of('telegram', 'token, webhookSecret: set.')).toBe('机器人令牌、Webhook 密钥：已有值。');
  expect(of('slack', 'botToken: the environment variable BOT is not set; appToken: the vault has no value.')).toBe(
    '机器人令牌：未设置环境变量 BOT。应用级令牌：保险库中没有值。',
  );
  expect(of('irc', 'The server closed the connection: $& (K-lined)')).toBe('服务器断开了连接：$& (K-lined)');
  expect(of('mqtt', 'Too small: expected number to be >=160')).toBe('不得小于 160。');
  expect([of('irc', 'Something new.'), of('irc', ''), memberNames('en', 'telegram')('token')]).toEqual([undefined, undefined, 'token']);
});
