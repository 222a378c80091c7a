// The answer to a proposal, beside whoever else writes to MEMORY.md.
import { expect, test } from 'vitest';
import type { Dream } from '../core/learning.ts';
import { oneAtATime } from '../lib/one-at-a-time.ts';
import { createLearningAdmin } from './learning-admin.ts';

type Parts = Parameters<typeof createLearningAdmin>[0];

test('attack: a proposal is applied while a note is being written; the note stays', async () => {
  const dream: Dream = { id: 'd', agentId: 'main', at: 0, state: 'proposed', before: '- old', after: '- tidy', dropped: [], putBack: [] };
  let text = dream.before;
  const files: Partial<ReturnType<Parts['files']>> = {
    stat: async () => ({ path: 'MEMORY.md', kind: 'file', size: 1, modifiedAt: 0, changedAt: 0 }),
    readText: async () => text,
    write: async (_path, written) => {
      text = String(written);
    },
  };
  const learning: Partial<Parts['store']['learning']> = { dream: async () => dream, settleDream: async () => true, seen: async () => undefined };
  const one = oneAtATime();
  const admin = createLearningAdmin({
    ...({ store: { learning }, files: () => files } as unknown as Pick<Parts, 'store' | 'files' | 'config' | 'clock' | 'dreamNow' | 'model'>),
    audit: async () => undefined,
    redact: (said) => said,
    by: 'test',
    alone: (_agent, work) => one(work),
  });
  const free = Promise.withResolvers<void>();
  const writing = one(async () => {
    const before = text;
    await free.promise;
    text = `${before}\n- new`;
  });
  const applied = admin.apply('d').then(
    () => 'applied',
    ({ code }: { code: string }) => code,
  );
  setImmediate(free.resolve);
  await writing;
  expect([await applied, text]).toEqual(['conflict', '- old\n- new']);
});
