// The key goes along with every request, also where the browser refuses to store it.
import { afterEach, expect, test, vi } from 'vitest';
import { api } from './api.ts';
import { OwnKey, ownKey } from './own-key.ts';

afterEach(() => vi.unstubAllGlobals());

function stubStorage(refused = false) {
  const rows = new Map<string, string>();
  const allowed = <T>(value: T): T => {
    if (refused) throw new DOMException('refused', 'SecurityError');
    return value;
  };
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => allowed(rows.get(name) ?? null),
    setItem: (name: string, value: string) => allowed(rows.set(name, value)),
    removeItem: (name: string) => allowed(rows.delete(name)),
  });
  return rows;
}

test('a key that was kept is there after a reload, and a newer one of another tab goes first', () => {
  const rows = stubStorage();
  const first = new OwnKey();
  expect([first.kept(), first.headers()]).toEqual([true, {}]);
  first.keep('one');
  expect([first.headers(), new OwnKey().headers()]).toEqual([{ 'x-copaw-key': 'one' }, { 'x-copaw-key': 'one' }]);
  new OwnKey().keep('two');
  expect(first.headers()).toEqual({ 'x-copaw-key': 'two' });
  expect([...rows.keys()]).toEqual(['copaw.key']);
});

test('where storage is refused the key lasts as long as the page', () => {
  stubStorage(true);
  const page = new OwnKey();
  page.keep('one');
  expect([page.kept(), page.headers(), new OwnKey().headers()]).toEqual([false, { 'x-copaw-key': 'one' }, {}]);
});

test('a full disk does not bring the old key back', () => {
  const rows = stubStorage();
  const page = new OwnKey();
  page.keep('old');
  vi.stubGlobal('localStorage', {
    ...localStorage,
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });
  page.keep('new');
  expect([page.headers(), page.kept(), rows.size]).toEqual([{ 'x-copaw-key': 'new' }, false, 0]);
});

test('every call of the API carries it', async () => {
  stubStorage();
  ownKey.keep('half');
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', async (_: string, { headers }: RequestInit) => {
    sent.push(headers);
    return Response.json({});
  });
  await api.status();
  await api.send('s', { text: 'hi', messageId: 'm' });
  await api.notice('code');
  expect(sent).toEqual(sent.map(() => expect.objectContaining({ 'x-copaw-key': 'half' })));
});
