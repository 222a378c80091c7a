// The part of the store suite about where notes of memory came from.
import { describe, expect } from 'vitest';
import type { Provenance } from '../core/memory.ts';
import type { Store } from '../core/store.ts';

/** A test on a fresh store. */
type Held = (title: string, body: (opened: { readonly store: Store }) => Promise<void>) => void;

export function testMemorySources(name: string, held: Held): void {
  describe(`${name}: sources of notes`, () => {
    held('where a note came from is kept by file and text; the newest word counts', async ({ store }) => {
      const source = { by: 'agent', sessionId: 's1', messageId: 'm1', at: 5 } as const;
      await store.memorySources.put('main', 'MEMORY.md', 'aa', source);
      await store.memorySources.put('main', 'MEMORY.md', 'bb', { by: 'person', at: 6 });
      await store.memorySources.put('main', 'MEMORY.md', 'bb', { by: 'learned', at: 7 });
      expect(await store.memorySources.of('main', 'MEMORY.md', ['aa', 'bb', 'cc'])).toEqual(
        new Map<string, Provenance>([
          ['aa', source],
          ['bb', { by: 'learned', at: 7 }],
        ]),
      );
      expect((await store.memorySources.of('other', 'MEMORY.md', ['aa'])).size).toBe(0);
      expect((await store.memorySources.of('main', 'PROFILE.md', ['aa'])).size).toBe(0);
    });
  });
}
