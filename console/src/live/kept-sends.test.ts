// What was sent and not taken outlives the page, in its order; storage may hold anything, or be refused.
import { afterEach, expect, test, vi } from 'vitest';
import { forgetWritten } from '../settings.tsx';
import { KeptSends } from './kept-sends.ts';

/** A storage as a browser has it. */
function storage(held: Record<string, string> = {}) {
  const map = new Map(Object.entries(held));
  vi.stubGlobal('localStorage', {
    get length() {
      return map.size;
    },
    key: (index: number) => [...map.keys()][index] ?? null,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  });
  return map;
}
const send = (messageId: string, sessionId = 's1') => ({
  sessionId,
  messageId,
  text: `text of ${messageId}`,
  files: [{ id: `file of ${messageId}`, name: 'a.txt' }],
  model: 'offline/offline',
  login: 'l1',
});
afterEach(() => vi.unstubAllGlobals());

test('the next page has them in the order they were sent, each once, until they were taken', () => {
  const held = storage();
  const first = new KeptSends();
  for (const id of ['m_z', 'm_a', 'm_k']) first.add(send(id));
  first.add(send('other', 's2'));
  first.add(send('m_a'));
  first.drop('m_k');
  const next = new KeptSends();
  expect(next.of('s1')).toEqual([send('m_z'), send('m_a')]);
  expect([...next.sessions()]).toEqual(['s1', 's2']);
  for (const id of ['m_z', 'm_a', 'other', 'never']) next.drop(id);
  expect([held.size, next.sessions().size, new KeptSends().sessions().size]).toEqual([0, 0, 0]);
});

test('what is no message is passed over, and without storage they last as long as the page', () => {
  storage({
    'copaw.outgoing.1': 'no json',
    'copaw.outgoing.2': '{"sessionId":1}',
    'copaw.outgoing.3': 'null',
    'copaw.outgoing.4': JSON.stringify({ ...send('m'), files: [{ id: 1 }] }),
    'other.outgoing.4': JSON.stringify(send('x')),
  });
  expect(new KeptSends().sessions().size).toBe(0);
  vi.stubGlobal('localStorage', undefined);
  const kept = new KeptSends();
  kept.add(send('m'));
  expect(kept.of('s1')).toEqual([send('m')]);
});

test('why one was refused is kept with it, also as an earlier console kept it', () => {
  const held = storage();
  const kept = new KeptSends();
  for (const id of ['m_a', 'm_b']) kept.add(send(id));
  kept.fail('m_a', { code: 'invalid', text: 'Too long.' });
  const key = [...held.keys()].find((one) => one.endsWith('m_b')) ?? '';
  held.set(key, JSON.stringify({ ...send('m_b'), problem: 'Too long.' }));
  expect(new KeptSends().of('s1').map(({ problem }) => problem)).toEqual([
    { code: 'invalid', text: 'Too long.' },
    { code: '', text: 'Too long.' },
  ]);
});

test('what was written here can be forgotten, and only that', () => {
  const held = storage({ 'copaw.draft.s1': 'half a thought', 'copaw.files.s1': 'u_1', 'copaw.language': 'zh', 'copaw.key': 'half' });
  const kept = new KeptSends();
  kept.add(send('m'));
  forgetWritten();
  kept.fail('m', { code: 'invalid', text: 'refused after all' });
  expect([...held.keys()]).toEqual(['copaw.language', 'copaw.key']);
});
