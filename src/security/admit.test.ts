// The sender door under attack: whoever is not on a list, byte for byte, is nobody; whoever is on it is never bothered.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditDoor } from '../core/audit.ts';
import { type ChannelsConfig, channelsConfig } from '../core/channel-config.ts';
import { configSchema } from '../core/config.ts';
import type { Envelope, Inbound } from '../core/inbound.ts';
import { lists, mayReach, type SenderFacts, stillStands } from '../core/sender-rules.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createAdmit } from './admit.ts';

const now = Date.UTC(2026, 0, 5, 8);
const minute = 60_000;

type Words = Partial<Omit<Inbound, 'kind'>> & { readonly kind?: Inbound['kind'] } & Readonly<Record<string, unknown>>;

function envelope(words: Words = {}, channel = 'fake', account = 'main'): Envelope {
  const inbound = { kind: 'message', text: 'canary words', id: 'm1', chat: { id: 'c1', kind: 'direct' }, sender: { id: 'ana' }, at: now, ...words };
  return { key: 'k', channel, account, receivedAt: now, inbound: inbound as Inbound };
}

const rules = (account: object = {}) => ({ enabled: true, allow: ['ana'], operators: ['olga'], groups: { g1: {} }, ...account });

function door(account: object = {}, more: { facts?: Partial<SenderFacts>; fail?: boolean; channels?: unknown } = {}) {
  const clock = createFakeClock(now);
  const audited: { kind: string; detail: Readonly<Record<string, unknown>> }[] = [];
  const append: AuditDoor['append'] = async (kind, detail) => {
    if (more.fail) throw new Error('disk full');
    audited.push({ kind, detail });
  };
  const channels = (more.channels ??
    channelsConfig.parse({ fake: { main: rules(account), second: { enabled: true } }, other: { main: { enabled: true } } })) as ChannelsConfig;
  const admit = createAdmit({
    audit: { append, verify: async () => ({ ok: true, records: 0 }) },
    clock,
    channels: () => channels,
    facts: async () => ({ echo: false, toUs: false, ...more.facts }),
  });
  const ask = async (words?: Words, channel?: string, account?: string): Promise<string> => {
    const admission = await admit(envelope(words, channel, account));
    return admission.admitted ? admission.envelope.origin : `${admission.rule} ${admission.outcome}`;
  };
  return { admit, ask, audited, clock };
}

const group = { chat: { id: 'g1', kind: 'group' } } as const;
const mentioned = { ...group, mentioned: true };

describe('CoPaw’s own surfaces', () => {
  test.each([
    ['console', 'operator'],
    ['cli', 'operator'],
    ['api', 'operator'],
    ['schedule', 'unattended'],
  ])('%s is %s', async (channel, origin) => {
    expect(await door().ask({ at: 0 }, channel, 'local')).toBe(origin);
  });

  test('an envelope cannot bring its own origin', async () => {
    const forged = { ...envelope({}, 'schedule', 'local'), origin: 'operator' };
    expect(await door().admit(forged)).toMatchObject({ envelope: { origin: 'unattended' } });
  });
});

describe('ordinary traffic', () => {
  test('a listed sender, an operator id and a mention in a listed group pass', async () => {
    const { ask, audited } = door();
    expect(await ask()).toBe('direct');
    expect(await ask({ sender: { id: 'olga' } })).toBe('operator');
    expect(await ask(mentioned)).toBe('group');
    expect(await ask({ ...mentioned, sender: { id: 'olga' } })).toBe('group');
    for (const kind of ['edit', 'delete', 'reaction', 'choice', 'command', 'join'] as const)
      expect(await ask({ kind, target: 'm1', name: 'stop' }), kind).toBe('direct');
    expect(audited).toEqual([]);
  });

  test('a reply to what CoPaw said counts as a mention', async () => {
    expect(await door({}, { facts: { toUs: true } }).ask({ ...group, replyTo: 'sent-1' })).toBe('group');
  });

  test('a listed bot is heard, and is never the operator', async () => {
    const bot = { sender: { id: 'b', bot: true } };
    expect(await door({ allow: ['b'] }).ask(bot)).toBe('direct');
    expect(await door({ operators: ['b'] }).ask(bot)).toBe('R11 nothing');
  });

  test('the operator’s own account is heard where it is listed, but never its echo', async () => {
    const self = { sender: { id: 'me', self: true } };
    expect(await door({ operators: ['me'] }).ask(self)).toBe('operator');
    expect(await door({ operators: ['me'] }, { facts: { echo: true } }).ask(self)).toBe('R11 nothing');
  });

  test('a group list of its own replaces that of the account', async () => {
    const { ask } = door({ groups: { g1: { allow: ['bob'] } } });
    expect(await ask({ ...mentioned, sender: { id: 'bob' } })).toBe('group');
    expect(await ask(mentioned)).toBe('R9 nothing');
  });

  test('what was written while CoPaw slept is taken for a day', async () => {
    expect(await door().ask({ at: now - 23 * 60 * minute })).toBe('direct');
    expect(await door().ask({ at: now + 4 * minute })).toBe('direct');
  });

  test('opening to everyone needs a key that says so', async () => {
    const stranger = { sender: { id: 'eve' } };
    expect(await door({ dangerouslyAllowEveryone: true }).ask(stranger)).toBe('direct');
    expect(await door({ groups: { g1: { dangerouslyAllowMembers: true } } }).ask({ ...mentioned, ...stranger })).toBe('group');
    expect(await door({ groups: { g1: { dangerouslyWithoutMention: true } } }).ask(group)).toBe('group');
  });
});

describe('attack: an id that only looks listed', () => {
  const alike: readonly (readonly [string, unknown])[] = [
    ['upper case', 'ANA'],
    ['a prefix', 'an'],
    ['a longer one', 'anaa'],
    ['a space behind', 'ana '],
    ['a line feed', 'ana\n'],
    ['a NUL', 'ana\0'],
    ['Cyrillic а', 'аna'],
    ['full width', 'ａｎａ'],
    ['a combining mark', 'aná'],
    ['zero width', 'a\u200bna'],
    ['bidi', '\u202eana'],
    ['soft hyphen', 'an\u00ada'],
    ['a lone surrogate', 'ana\ud800'],
    ['percent', '%61na'],
    ['an @', '@ana'],
    ['an address', 'ana@example.org'],
    ['a comma list', 'ana,eve'],
    ['a star', '*'],
    ['nothing', ''],
    ['endless', 'a'.repeat(100_000)],
    ['a list', ['ana']],
    ['an object', { toString: () => 'ana' }],
    ['a number', 7],
    ['null', null],
    ['undefined', undefined],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
  ];
  test.each(alike)('%s', async (_name, id) => {
    for (const words of [{}, mentioned])
      for (const kind of ['message', 'command', 'choice'] as const) {
        const answer = await door().ask({ ...words, kind, mentioned: true, sender: { id: id as string } });
        expect(answer).toMatch(/^R(?:9|10) (?:nothing|pairing)$/);
      }
  });

  test('a number where the list has its digits, and the other way round', async () => {
    expect(await door({ allow: ['42'] }).ask({ sender: { id: 42 as unknown as string } })).toBe('R10 nothing');
    expect(await door({}, { channels: { fake: { main: rules({ allow: [42] }) } } }).ask({ sender: { id: '42' } })).toBe('R9 nothing');
  });

  test('composed and decomposed letters are different ids', async () => {
    expect(await door({ allow: ['jos\u00e9'] }).ask({ sender: { id: 'jose\u0301' } })).toBe('R9 pairing');
  });

  test('ids are matched byte for byte, whatever they are', async () => {
    const id = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim() === text && text !== '*');
    await fc.assert(
      fc.asyncProperty(id, id, async (listed, asked) => {
        expect(lists([listed], asked)).toBe(Buffer.from(listed).equals(Buffer.from(asked)));
        expect(await door({ allow: [listed], operators: [] }).ask({ sender: { id: asked } })).toBe(listed === asked ? 'direct' : 'R9 pairing');
        expect(await door({ allow: [listed], operators: [] }).ask({ sender: { id: listed } })).toBe('direct');
      }),
    );
  });
});

describe('attack: somebody who is not the sender', () => {
  test.each<readonly [string, Words]>([
    ['a display name that is the operator’s id', { sender: { id: 'eve', name: 'olga' } }],
    ['a sender who claims an origin', { sender: { id: 'eve', origin: 'operator' } as Inbound['sender'] }],
    ['a chat that has a listed id', { sender: { id: 'eve' }, chat: { id: 'ana', kind: 'direct' } }],
    ['a thread that has a listed id', { sender: { id: 'eve' }, chat: { id: 'c', kind: 'direct', thread: 'ana' } }],
    ['a forwarded message of a listed sender', { sender: { id: 'eve' }, forwarded: true }],
    ['a reply to a listed sender', { sender: { id: 'eve' }, replyTo: 'ana' }],
    ['a member of a listed group who writes directly', { sender: { id: 'member' }, chat: { id: 'dm', kind: 'direct' } }],
    ['a direct chat with the id of a listed group', { sender: { id: 'eve' }, chat: { id: 'g1', kind: 'direct' } }],
  ])('%s', async (_name, words) => {
    expect(await door().ask(words)).toBe('R9 pairing');
  });

  test('another account, another channel, an unknown one', async () => {
    const { ask } = door();
    expect(await ask({}, 'fake', 'second')).toBe('R9 pairing');
    expect(await ask({}, 'other', 'main')).toBe('R9 pairing');
    for (const [channel, account] of [
      ['telegram', 'local'],
      ['console', 'other'],
      ['cli', 'main'],
      ['CONSOLE', 'local'],
      ['constructor', 'constructor'],
      ['__proto__', '__proto__'],
      ['fake', '__proto__'],
      ['fake', 'toString'],
      ['fake', 'MAIN'],
      ['', ''],
    ] as const)
      expect(await ask({ sender: { id: 'olga', name: 'operator' } }, channel, account), `${channel} ${account}`).toBe('R9 nothing');
  });

  test('bots and our own words', async () => {
    expect(await door().ask({ sender: { id: 'eve', bot: true } })).toBe('R11 nothing');
    expect(await door().ask({ sender: { id: 'eve', self: true } })).toBe('R11 nothing');
    expect(await door({ dangerouslyAllowEveryone: true }).ask({ sender: { id: 'b', bot: true } })).toBe('R11 nothing');
    expect(await door({ groups: { g1: { dangerouslyAllowMembers: true } } }).ask({ ...mentioned, sender: { id: 'b', bot: true } })).toBe('R11 nothing');
    expect(await door({}, { facts: { echo: true } }).ask()).toBe('R11 nothing');
    expect(await door({}, { fail: true }).ask({ sender: { id: 'b', bot: true } }, 'console', 'local')).toBe('R11 nothing');
  });

  test.each(['edit', 'delete', 'reaction', 'choice', 'command', 'join'] as const)('a %s by a stranger gets silence', async (kind) => {
    for (const words of [{}, mentioned]) expect(await door().ask({ ...words, kind, target: 'm1', sender: { id: 'eve' } })).toBe('R9 nothing');
  });
});

describe('attack: groups', () => {
  test.each<readonly [string, Words]>([
    ['an unlisted group', { chat: { id: 'g2', kind: 'group' }, mentioned: true }],
    ['a group whose id begins like a listed one', { chat: { id: 'g12', kind: 'group' }, mentioned: true }],
    ['a group called like a property', { chat: { id: 'constructor', kind: 'group' }, mentioned: true }],
    ['a stranger in a listed group', { ...mentioned, sender: { id: 'eve' } }],
    ['a kind of chat nobody knows', { chat: { id: 'g1', kind: 'channel' as 'group' }, sender: { id: 'eve' }, mentioned: true }],
  ])('%s', async (_name, words) => {
    expect(await door().ask(words)).toBe('R9 nothing');
  });

  test('no mention, no answer, no record', async () => {
    const { ask, audited } = door();
    expect(await ask(group)).toBe('R9 unaddressed');
    expect(await ask({ ...group, mentioned: 'yes' })).toBe('R9 unaddressed');
    expect(await ask({ ...group, kind: 'command', name: 'stop' })).toBe('R9 unaddressed');
    expect(await ask({ ...group, kind: 'choice', target: 'x' })).toBe('R9 unaddressed');
    expect(audited).toEqual([]);
  });

  test('an operator id in a group speaks for the group', async () => {
    expect(await door().ask({ ...mentioned, sender: { id: 'olga' } })).toBe('group');
  });
});

describe('attack: lists that are no lists', () => {
  test.each<readonly [string, unknown]>([
    ['empty', []],
    ['missing', undefined],
    ['null', null],
    ['a text', 'ana'],
    ['a star', ['*']],
    ['a text that contains it', 'banana'],
    ['an object', { ana: true, includes: () => true }],
    ['a number', 1],
    ['true', true],
    ['one entry is no text', ['ana', 7]],
    ['nested', [['ana']]],
    ['a pattern', [/ana/]],
  ])('%s means nobody', async (_name, list) => {
    for (const member of ['allow', 'operators'] as const) {
      const channels = { fake: { main: { ...rules({ allow: [], operators: [] }), [member]: list } } };
      for (const id of ['ana', '*', 'undefined', '7', 'null']) expect(await door({}, { channels }).ask({ sender: { id } })).toMatch(/^R(?:9|10) /);
    }
    const groups = { fake: { main: { ...rules(), groups: { g1: { allow: list } } } } };
    if (list !== undefined && list !== null) expect(await door({}, { channels: groups }).ask(mentioned)).toBe('R9 nothing');
  });

  test.each<readonly [string, unknown]>([
    ['no account', {}],
    ['off', { ...rules(), enabled: false }],
    ['enabled as text', { ...rules(), enabled: 'true' }],
    ['enabled as number', { ...rules(), enabled: 1 }],
    ['enabled missing', { allow: ['ana'] }],
    ['everyone as text', { ...rules({ allow: [] }), dangerouslyAllowEveryone: 'true' }],
  ])('an account that is %s', async (_name, main) => {
    expect(await door({}, { channels: { fake: { main } } }).ask()).toMatch(/^R9 /);
  });

  test('config.json refuses a star, a number, spaces and a list that is none, and is off without a word', () => {
    for (const allow of [['*'], [42], [' ana'], [''], 'ana', { ana: true }, [null]])
      expect(configSchema.safeParse({ channels: { fake: { main: { allow } } } }).success).toBe(false);
    for (const channels of [{ 'Bad Kind': {} }, { fake: { 'a/b': {} } }, { fake: { main: { freshMinutes: 0 } } }])
      expect(configSchema.safeParse({ channels }).success).toBe(false);
    expect(configSchema.parse({ channels: { fake: { main: {} } } }).channels.fake?.main).toMatchObject({
      enabled: false,
      allow: [],
      operators: [],
      groups: {},
      pairing: true,
    });
    expect(configSchema.parse({}).channels).toEqual({});
    expect(configSchema.parse({ channels: { later: { main: { allow: ['a'], wish: 1 } } } }).channels.later?.main).toMatchObject({ wish: 1 });
  });
});

describe('attack: time and floods', () => {
  test.each([Number.NaN, Number.NEGATIVE_INFINITY, 0, now - 25 * 60 * minute])('stale: at %s', async (at) => {
    expect(await door().ask({ at })).toBe('R11 too-old');
    expect(await door().ask({ at, sender: { id: 'eve' } })).toBe('R9 nothing');
  });

  test.each([Number.POSITIVE_INFINITY, now + 6 * minute, 8.64e15])('from the future: at %s', async (at) => {
    expect(await door().ask({ at })).toMatch(/^R11 /);
    expect(await door().ask({ at, sender: { id: 'eve' } })).toBe('R9 nothing');
  });

  test('a flood of one sender, and of many in one chat; the next minute is a new one', async () => {
    const { ask, clock } = door({ senderPerMinute: 3, chatPerMinute: 5, groups: { g1: { dangerouslyAllowMembers: true } } });
    const answers: string[] = [];
    for (let sent = 0; sent < 5; sent++) answers.push(await ask());
    expect(answers).toEqual(['direct', 'direct', 'direct', 'R11 too-many', 'R11 too-many']);
    const members: string[] = [];
    for (let sent = 0; sent < 7; sent++) members.push(await ask({ ...mentioned, sender: { id: `member${sent}` } }));
    expect(members.filter((answer) => answer === 'group')).toHaveLength(5);
    await clock.advance(minute);
    expect(await ask({ at: now + minute })).toBe('direct');
  });

  test('a flood of strangers does not take the turn of those who are listed', async () => {
    const { ask } = door({ senderPerMinute: 2 });
    for (let sent = 0; sent < 500; sent++) await ask({ sender: { id: `eve${sent % 7}` } });
    expect(await ask()).toBe('direct');
  });

  test('what was admitted before counts once', async () => {
    const { admit } = door({ senderPerMinute: 1 });
    for (let again = 0; again < 3; again++) expect(await admit(envelope(), true)).toMatchObject({ admitted: true });
    expect(await admit(envelope())).toMatchObject({ admitted: true });
    expect(await admit(envelope())).toMatchObject({ admitted: false, rule: 'R11' });
  });

  test('the audit keeps id and rule of a stranger once an hour, never a word, and has a bound', async () => {
    const { ask, audited } = door();
    for (let sent = 0; sent < 5; sent++) await ask({ sender: { id: 'eve', name: 'a name' } });
    expect(audited).toEqual([{ kind: 'sender-refused', detail: { rule: 'R9', channel: 'fake', account: 'main', sender: 'eve', event: 'message' } }]);
    for (let sent = 0; sent < 2_000; sent++) await ask({ sender: { id: `eve${sent}` } });
    expect(audited).toHaveLength(60);
    expect(JSON.stringify(audited)).not.toMatch(/canary|a name/);
  });

  test('a refusal stands when it cannot be written down', async () => {
    expect(await door({}, { fail: true }).ask({ sender: { id: 'eve' } })).toBe('R9 pairing');
  });
});

describe('attack: somebody who was taken off a list while their turn runs', () => {
  const channels = (account: object = {}) => channelsConfig.parse({ fake: { main: rules(account) } });
  const direct = (sender: string) => ({ channel: 'fake', account: 'main', chat: 'c', peer: sender });
  const stands = (account: object, sender: string, origin: Parameters<typeof stillStands>[3], to: object = direct(sender)) =>
    stillStands(channels(account), to as ReturnType<typeof direct>, sender, origin);

  test('a direct sender', () => {
    expect([stands({}, 'ana', 'direct'), stands({ dangerouslyAllowEveryone: true, allow: [] }, 'ana', 'direct')]).toEqual([true, true]);
    expect([stands({ allow: [] }, 'ana', 'direct'), stands({ enabled: false }, 'ana', 'direct')]).toEqual([false, false]);
  });

  test('an operator who is one no longer, but still listed', () => {
    expect(stands({}, 'olga', 'operator')).toBe(true);
    expect(stands({ operators: [], allow: ['olga'] }, 'olga', 'operator')).toBe(false);
    expect(stands({ operators: ['ana'], allow: [] }, 'ana', 'direct')).toBe(true);
  });

  test('a member, and a group', () => {
    const group = { channel: 'fake', account: 'main', chat: 'g1' };
    for (const account of [
      {},
      { allow: [], operators: ['ana'] },
      { allow: [], groups: { g1: { allow: ['ana'] } } },
      { allow: [], groups: { g1: { dangerouslyAllowMembers: true } } },
    ])
      expect(stands(account, 'ana', 'group', group), JSON.stringify(account)).toBe(true);
    for (const account of [{ allow: [] }, { groups: {} }, { groups: { g1: { allow: ['bea'] } } }, { operators: ['ana'], groups: {} }])
      expect(stands(account, 'ana', 'group', group), JSON.stringify(account)).toBe(false);
  });

  test('what comes by itself: asked by nobody in a list, it stands as long as whoever reads the answer does', () => {
    const group = { channel: 'fake', account: 'main', chat: 'g1' };
    expect([stands({}, 'clock', 'unattended'), stands({}, 'clock', 'unattended', direct('ana')), stands({}, 'clock', 'unattended', group)]).toEqual([
      false,
      true,
      true,
    ]);
    expect([stands({ allow: [] }, 'clock', 'unattended', direct('ana')), stands({ groups: {} }, 'clock', 'unattended', group)]).toEqual([false, false]);
    expect(stands({ enabled: false }, 'clock', 'unattended', direct('olga'))).toBe(false);
  });

  test('CoPaw’s own surfaces always stand', () => {
    expect(stands({ enabled: false }, 'operator', 'operator', { channel: 'console', account: 'local', chat: 's' })).toBe(true);
  });
});

describe('where words may go', () => {
  const channels = channelsConfig.parse({ fake: { main: rules(), off: { ...rules(), enabled: false } } });
  const to = (more: object) => mayReach(channels, { channel: 'fake', account: 'main', chat: 'c', ...more });

  test('to who is listed now, and to nobody else', () => {
    expect([to({ peer: 'ana' }), to({ peer: 'olga' }), to({ chat: 'g1' })]).toEqual([true, true, true]);
    for (const more of [
      { peer: 'eve' },
      { peer: '' },
      {},
      { chat: 'g2' },
      { account: 'off', peer: 'ana' },
      { channel: 'other', peer: 'ana' },
      { chat: 'g1', peer: 'eve' },
    ])
      expect(to(more), JSON.stringify(more)).toBe(false);
  });
});
