// The lock door: the operator's own hands only, and nothing is written that was not audited first.
import { describe, expect, test } from 'vitest';
import type { SkillRecord } from '../core/skill.ts';
import { createCommitSkillLock } from './commit-skill-lock.ts';

const record: SkillRecord = {
  source: { kind: 'zip', path: '/a-private-path' },
  hash: 'a'.repeat(64),
  installedAt: 1,
  findings: [],
  enabled: { hash: 'b'.repeat(64), at: 2 },
};

function setUp(fail = false) {
  const written: unknown[] = [];
  const audited: { kind: string; detail: object }[] = [];
  const append = async (kind: string, detail: object) => {
    if (fail) throw new Error('disk full');
    audited.push({ kind, detail });
  };
  const commit = createCommitSkillLock({
    write: (change) => written.push(change),
    audit: { append, verify: async () => ({ ok: true, records: 0 }) },
  });
  return { commit, written, audited };
}

describe('who may change the lock', () => {
  test.each(['cli', 'cli:run', 'console:dev_1', 'api:dev_1'])('%s may', async (actor) => {
    const { commit, written, audited } = setUp();
    await commit(actor, { change: 'enable', name: 'weather', record });
    expect(written).toEqual([{ change: 'enable', name: 'weather', record }]);
    expect(audited).toEqual([{ kind: 'skill-lock-change', detail: { actor, change: 'enable', name: 'weather', hash: 'b'.repeat(64) } }]);
    expect(JSON.stringify(audited)).not.toContain('private');
  });
  test.each(['', 'agent:main', 'tool', 'CLI', 'client', 'skill:weather', ' cli'])('%j may not', async (actor) => {
    const { commit, written, audited } = setUp();
    await expect(commit(actor, { change: 'enable', name: 'weather', record })).rejects.toMatchObject({ code: 'forbidden', rule: 'R14' });
    expect(written).toEqual([]);
    expect(audited).toMatchObject([{ kind: 'skill-lock-refused', detail: { rule: 'R14' } }]);
  });
  test('nobody, where the audit log cannot be written', async () => {
    const { commit, written } = setUp(true);
    await expect(commit('cli', { change: 'remove', name: 'weather' })).rejects.toThrow('disk full');
    expect(written).toEqual([]);
  });
});
