import { expect, test } from 'vitest';
import type { Admitted } from '../core/brand.ts';
import { configSchema } from '../core/config.ts';
import { identitiesOf } from '../core/identities.ts';
import type { Inbound } from '../core/inbound.ts';
import { chatSessionId, choiceValue, isChatSession, linkedSessionId, route, sessionKey, spokenText } from './route.ts';

const admitted = (inbound: object, channel = 'fake'): Admitted =>
  ({
    ...{ key: 'k', channel, account: 'main', receivedAt: 1, origin: 'direct' },
    inbound: { kind: 'message', id: 'm', chat: { id: 'c', kind: 'direct' }, sender: { id: 'ana' }, at: 1, text: 'hi', ...inbound } as Inbound,
  }) as Admitted;
const text = (words: string, more: object = {}) => route(admitted({ text: words, ...more }));

test('a group has one session with a safe name, whoever writes in it; another person, chat, thread or account has another', () => {
  const group = { chat: { id: 'g', kind: 'group' } };
  const sessions = [
    admitted(group),
    admitted({ ...group, sender: { id: 'ben' } }),
    admitted({}),
    admitted({ sender: { id: 'ben' } }),
    admitted({ chat: { id: 'c', kind: 'direct', thread: 'ana' } }),
    admitted({ chat: { id: 'd', kind: 'direct' } }),
    admitted({ chat: { id: 'c', kind: 'direct', thread: 't' } }),
    admitted({ chat: { id: '../../x', kind: 'group' } }),
    { ...admitted({}), account: 'second' } as Admitted,
  ].map((envelope) => {
    const way = route(envelope);
    return way.kind === 'turn' ? way.sessionId : '';
  });
  expect(sessions.every(isChatSession)).toBe(true);
  expect(sessions[0]).toBe(sessions[1]);
  expect(new Set(sessions).size).toBe(8);
});

test('a direct address names its person, a group none; own surfaces name their session', () => {
  expect(text('hi')).toMatchObject({ kind: 'turn', address: { channel: 'fake', account: 'main', chat: 'c', peer: 'ana' } });
  expect(route(admitted({ chat: { id: 'g', kind: 'group' } }))).toMatchObject({ address: { chat: 'g' } });
  expect(JSON.stringify(route(admitted({ chat: { id: 'g', kind: 'group' } })))).not.toContain('peer');
  expect(route({ ...admitted({}, 'console'), account: 'local' } as Admitted)).toEqual({
    ...{ kind: 'turn', text: 'hi', sessionId: 'c' },
    address: { channel: 'console', account: 'local', chat: 'c' },
  });
});

test('commands', () => {
  for (const words of ['stop', ' STOP ', '/stop', '停', '停止']) expect(text(words)).toMatchObject({ kind: 'command', name: 'stop' });
  expect(text('/approve appr_1')).toMatchObject({ kind: 'answer', approvalId: 'appr_1', decision: 'once' });
  expect(text('/approve appr_1 always')).toMatchObject({ decision: 'always' });
  expect(text('/deny appr_1')).toMatchObject({ kind: 'answer', decision: 'deny' });
  expect(route(admitted({ kind: 'command', name: 'deny', text: 'appr_1' }))).toMatchObject({ kind: 'answer', decision: 'deny' });
  expect(route(admitted({ kind: 'command', name: 'stop', text: '' }))).toMatchObject({ kind: 'command', name: 'stop' });
  expect(route(admitted({ kind: 'command', name: 'weather', text: 'x' }))).toMatchObject({ kind: 'unknown-command' });
  expect(route(admitted({ kind: 'choice', value: choiceValue('appr_1', 'task', 'mac') }))).toMatchObject({ kind: 'answer', decision: 'task', mac: 'mac' });
});

test('a message may say how it waits, and says its own words only', () => {
  expect(text('/queue collect')).toMatchObject({ kind: 'command', name: 'queue', text: 'collect' });
  expect(text('/queue')).toMatchObject({ kind: 'command', name: 'queue', text: '' });
  expect(text('/queue and then the dishes')).toMatchObject({ kind: 'turn', mode: 'queue', text: 'and then the dishes' });
  expect(text('/steer to the left')).toMatchObject({ kind: 'turn', mode: 'steer', text: 'to the left' });
  expect(text('/steer').kind).toBe('unknown-command');
  expect(spokenText(admitted({ text: ' /queue  and\nthen ' }))).toBe('and\nthen');
  expect(spokenText(admitted({ kind: 'command', name: 'model', text: 'a/b' }))).toBe('/model a/b');
  for (const words of ['/etc/hosts is a file', '/unheard of', '/ help', '/Help']) expect(text(words).kind, words).toBe('turn');
});

test('attack: what only looks like a command, or is somebody else’s words', () => {
  for (const words of ['/approved appr_1', 'please /approve appr_1', '> /approve appr_1', '/APPROVE appr_1', 'approve appr_1', 'stop it'])
    expect(text(words).kind, words).toBe('turn');
  for (const words of ['/approve a b c', '/approve a deny', '/approve a once and for all', '/approve a forever'])
    expect(text(words).kind, words).toBe('unknown-command');
  for (const words of ['/approve appr_1', 'stop']) expect(text(words, { forwarded: true }).kind).toBe('turn');
  for (const value of ['', 'approval', 'approval:x', 'approval:x:forever:mac', 'approval:x:once:mac:more', 'yes'])
    expect(route(admitted({ kind: 'choice', value })).kind, value).toBe('ignored');
  expect(route(admitted({ kind: 'command', name: 'remind', text: 'x' })).kind).toBe('unknown-command');
  expect(route(admitted({ kind: 'command', name: 'approve', text: 'x' }, 'schedule')).kind).toBe('ignored');
  expect(route(admitted({ kind: 'reaction', target: 'm', emoji: '/approve', added: true })).kind).toBe('ignored');
  expect(route(admitted({ kind: 'join' })).kind).toBe('ignored');
});

test('the direct chats of one person are one session, by their standing; a group and a thread are not linked, and nobody gains by a link', () => {
  const places = (main: object, other: object, identities: object) => configSchema.parse({ channels: { fake: { main, other } }, identities });
  const anna = { anna: ['fake/main/ana', 'fake/other/anna@example.org', 'webhook/main/ana', 'gone/main/ana'] };
  const at = (account: string, peer: string, more: object = {}) => ({ channel: 'fake', account, chat: `chat of ${peer}`, peer, ...more });
  const both = places({ allow: ['ana'] }, { allow: ['anna@example.org'] }, anna);
  const session = linkedSessionId(both, at('main', 'ana'));
  expect(isChatSession(session ?? '')).toBe(true);
  expect(linkedSessionId(both, at('other', 'anna@example.org'))).toBe(session);
  expect(sessionKey('main', session ?? '', at('main', 'ana'))).toBe(`main:${session}`);
  expect(sessionKey('main', chatSessionId(at('main', 'ana')), at('main', 'ana'))).toBe('main:fake:main:chat%20of%20ana@ana');
  const { peer: _, ...group } = at('main', 'ana');
  for (const apart of [at('main', 'ana', { thread: 't' }), at('main', 'ben'), at('other', 'ana'), group]) expect(linkedSessionId(both, apart)).toBeUndefined();
  const said = (more: object) =>
    route({ ...admitted({ chat: { id: 'chat of ana', kind: 'direct' } }), ...more } as Admitted, (...asked) => linkedSessionId(both, ...asked));
  expect(said({})).toMatchObject({ sessionId: session, address: { peer: 'ana' } });
  // Whom the door let in as somebody else, and a bot, do not speak there.
  const { inbound } = admitted({ sender: { id: 'ana', bot: true } });
  for (const other of [{ origin: 'operator' }, { origin: 'unattended' }, { inbound }]) expect(said(other)).not.toMatchObject({ sessionId: session });
  // Without another id that is listed there is nothing to be one with.
  expect(linkedSessionId(places({ allow: ['ana'] }, { dangerouslyAllowEveryone: true }, anna), at('main', 'ana'))).toBeUndefined();
  // An operator's conversation and somebody else's are never one.
  const mixed = places({ operators: ['ana', 'ana2'] }, { allow: ['anna@example.org'] }, { anna: [...anna.anna, 'fake/main/ana2'] });
  expect(linkedSessionId(mixed, at('other', 'anna@example.org'))).toBeUndefined();
  const own = linkedSessionId(mixed, at('main', 'ana'));
  expect(own).toBe(linkedSessionId(mixed, at('main', 'ana2')));
  expect([own === undefined, own === session]).toEqual([false, false]);
  expect([identitiesOf(both)[0]?.fault, identitiesOf(mixed)[0]?.fault]).toEqual([undefined, expect.stringContaining('identities.anna')]);
});

test('mails are threads: an id of e-mail is one with no other, makes no two of one, and is named', () => {
  const channels = { telegram: { main: { allow: ['1', '2'] } }, email: { main: { allow: ['ana@example.org'], operators: ['own@example.org'] } } };
  const at = (channel: string, peer: string, more: object = {}) => ({ channel, account: 'main', chat: peer, peer, ...more });
  const places = (...ids: readonly string[]) => configSchema.parse({ channels, identities: { anna: ids } });
  const alone = places('telegram/main/1', 'email/main/ana@example.org');
  expect(linkedSessionId(alone, at('telegram', '1'))).toBeUndefined();
  expect(linkedSessionId(alone, at('email', 'ana@example.org', { thread: 'm@x' }))).toBeUndefined();
  expect(identitiesOf(alone)[0]).toMatchObject({
    ids: [{ id: '1' }, { id: 'ana@example.org', apart: true }],
    fault: expect.stringContaining('email/main/ana@example.org: take it out'),
  });
  const two = places('telegram/main/1', 'telegram/main/2', 'email/main/own@example.org');
  expect(linkedSessionId(two, at('telegram', '1'))).toBe(linkedSessionId(two, at('telegram', '2')));
  expect(linkedSessionId(two, at('telegram', '1'))).toBeDefined();
  expect(identitiesOf(two)[0]?.fault).not.toContain('your own');
});

test('an id of two people, or twice of one, and what is no id, are faults of the configuration', () => {
  const faults = (identities: object) => configSchema.safeParse({ identities }).error?.issues.map(({ path }) => path.join('.')) ?? [];
  expect(faults({ anna: ['fake/main/a', 'fake/main/b'], ben: ['fake/main/b/c'] })).toEqual([]);
  expect(faults({ anna: ['fake/main/a'], ben: ['fake/main/a'] })).toEqual(['identities.ben.0']);
  expect(faults({ anna: ['fake/main/a', 'fake/main/a'] })).toEqual(['identities.anna.1']);
  for (const wrong of ['ana', 'fake/main', 'fake/main/', 'fake/main/*', 'fake/main/ a', 'Fake/main/a', 'fake/a b/c', `fake/main/${'x'.repeat(257)}`])
    expect(faults({ anna: [wrong] })).toEqual(['identities.anna.0']);
});
