// The small door of the configuration, and the plan's own functions.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditDoor } from '../core/audit.ts';
import { configSchema } from '../core/config.ts';
import { canonical } from '../lib/canonical-json.ts';
import { escapeForDisplay, hasHiddenCharacters } from '../lib/visible-text.ts';
import { createCommitConfig } from './commit-config.ts';

function recorder(fail = false): { readonly audit: AuditDoor; readonly audited: { kind: string; detail: object }[] } {
  const audited: { kind: string; detail: object }[] = [];
  const append: AuditDoor['append'] = async (kind, detail) => {
    if (fail) throw new Error('disk full');
    audited.push({ kind, detail });
  };
  return { audited, audit: { append, verify: async () => ({ ok: true, records: 0 }) } };
}

describe('commitConfig', () => {
  const config = configSchema.parse({});
  const setUp = (fail = false) => {
    const written: unknown[] = [];
    const { audit, audited } = recorder(fail);
    const write = async (changes: unknown) => {
      written.push(changes);
      return config;
    };
    return { commit: createCommitConfig({ write, audit }), written, audited };
  };
  const change = { path: ['models', 'default'], value: 'a-private-value' };

  test.each(['cli', 'cli:models', 'console', 'console:dev_1', 'init'])('%s may', async (actor) => {
    const { commit, written, audited } = setUp();
    expect(await commit(actor, [change])).toBe(config);
    expect(written).toEqual([[change]]);
    expect(audited).toEqual([{ kind: 'config-change', detail: { actor, paths: 'models.default' } }]);
  });

  test.each(['', 'agent', 'tool:console', 'client', 'consoles', 'init2', 'CLI', 'telegram:cli'])('%j may not', async (actor) => {
    const { commit, written, audited } = setUp();
    await expect(commit(actor, [change])).rejects.toMatchObject({ code: 'forbidden', rule: 'R14' });
    expect(written).toEqual([]);
    expect(audited).toMatchObject([{ kind: 'config-refused' }]);
  });

  test('nothing is written when the audit cannot be, and no change may reach a prototype or the whole file', async () => {
    const broken = setUp(true);
    await expect(broken.commit('cli', [change])).rejects.toThrow('disk full');
    const { commit, written } = setUp();
    for (const path of [[], ['__proto__', 'x'], ['agents', 'constructor']])
      await expect(commit('cli', [{ path, value: 1 }])).rejects.toMatchObject({ code: 'invalid' });
    expect([broken.written, written]).toEqual([[], []]);
  });
});

describe('plan', () => {
  test('the canonical form does not depend on the order of keys, and survives storing', () => {
    const shuffled = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value) ? value : Object.fromEntries(Object.entries(value).reverse());
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(shuffled(value))).toBe(canonical(value));
        expect(canonical(JSON.parse(JSON.stringify(value)))).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('what JSON would change silently has no canonical form', () => {
    for (const value of [undefined, Number.NaN, 1n, () => 1, new Date(0), new Map(), [undefined], { a: Symbol('x') }])
      expect(() => canonical(value)).toThrow(TypeError);
  });

  test('no text shows characters that cannot be seen, and visible text stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeForDisplay(text)).not.toMatch(/[\p{Cf}\p{Cs}\p{DI}\p{Zl}\p{Zp}]|[^\P{Cc}\n\t]/u);
      }),
    );
    expect(escapeForDisplay('rm\u200b -rf\u001b[2K \u202e\ud800\u00ad\u2028')).toBe('rm\\u{200b} -rf\\u{1b}[2K \\u{202e}\\u{d800}\\u{ad}\\u{2028}');
    expect(escapeForDisplay('ls -l\n\tgrüße 你好 👍')).toBe('ls -l\n\tgrüße 你好 👍');
    expect([hasHiddenCharacters({ a: ['x', { 'b\u200d': 1 }] }), hasHiddenCharacters({ a: ['x', 1, null] })]).toEqual([true, false]);
  });
});
