// What a conversation that is being deleted comes to when the page is loaded anew meanwhile.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Live } from './live.ts';

const key = 'copaw.removals';
const kept = new Map<string, string>();
const storage = {
  getItem: (name: string) => kept.get(name) ?? null,
  setItem: (name: string, value: string) => void kept.set(name, value),
  removeItem: (name: string) => kept.delete(name),
  key: (index: number) => [...kept.keys()][index] ?? null,
  get length() {
    return kept.size;
  },
};
const deleted: string[] = [];

beforeEach(() => {
  kept.clear();
  for (const [name, value] of [
    [key, 's_old'],
    ['copaw.draft.s_old', 'half a'],
    ['copaw.draft.s_new', 'thought'],
  ] as const)
    kept.set(name, value);
  deleted.length = 0;
  const nothing = (): void => undefined;
  vi.stubGlobal('sessionStorage', storage);
  vi.stubGlobal('localStorage', storage);
  vi.stubGlobal('addEventListener', nothing);
  vi.stubGlobal('removeEventListener', nothing);
  vi.stubGlobal('document', { hidden: false, addEventListener: nothing, removeEventListener: nothing });
});

afterEach(() => vi.unstubAllGlobals());

async function load(answer: (path: string, method: string) => Response): Promise<void> {
  vi.stubGlobal('fetch', async (path: string, { method }: RequestInit) => {
    if (method === 'DELETE') deleted.push(path);
    return answer(path, method ?? 'GET');
  });
  const live = new Live(() => undefined);
  const started = live.start();
  live.stop(); // no stream is opened
  await started;
  await vi.waitFor(() => expect([deleted.length, [...live.snapshot().leaving]]).toEqual([1, []]));
}

const list = { sessions: [], approvals: [] };

test('a delete that a reload came before is asked for again, also where the list does not have the conversation', async () => {
  await load((_, method) => (method === 'DELETE' ? Response.json({}) : Response.json(list)));
  expect([deleted, kept.get(key)]).toEqual([['/api/sessions/s_old?reminders=false'], '']);
  // What was being written there goes with it.
  expect([kept.has('copaw.draft.s_old'), kept.get('copaw.draft.s_new')]).toEqual([false, 'thought']);
});

test('while CoPaw is away the conversation is shown again, and deleted at the next start', async () => {
  await load(() => {
    throw new TypeError('Failed to fetch');
  });
  expect(kept.get(key)).toBe('s_old');
});
