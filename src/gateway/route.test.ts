import { expect, test } from 'vitest';
import type { Admitted } from '../core/brand.ts';
import type { Inbound } from '../core/inbound.ts';
import { choiceValue, isChatSession, route, spokenText } from './route.ts';

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
