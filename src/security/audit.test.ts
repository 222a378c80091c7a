// The audit chain: every change to a stored record shows, and nothing secret gets in.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord, Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeyFiles } from '../store/key-file.ts';
import { createAudit } from './audit.ts';

const clock: Clock = { now: () => 1_000, after: () => ({ cancel: () => undefined }), sleep: async () => undefined };

function memoryStore(): { readonly records: AuditRecord[]; readonly store: Store['audit'] } {
  const records: AuditRecord[] = [];
  return {
    records,
    store: {
      append: async (record) => {
        const seq = (records.at(-1)?.seq ?? 0) + 1;
        records.push({ ...record, seq });
        return seq;
      },
      last: async () => records.at(-1),
      after: async (seq, limit) => records.filter((record) => record.seq > seq).slice(0, limit),
    },
  };
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (store: Store['audit']) => createAudit({ store, keys: createKeyFiles(dir), clock, redact: (text) => text.replaceAll('canary', '[redacted]') });

async function filled(count: number) {
  const memory = memoryStore();
  const audit = open(memory.store);
  await Promise.all(Array.from({ length: count }, (_, at) => audit.append('tool-call', { number: at, tool: 'run_command' })));
  return { ...memory, audit };
}

describe('audit', () => {
  test('appends made at once form one chain, also over several pages and a restart', async () => {
    const { records, store } = await filled(1_001);
    await open(store).append('login', { device: 'd' });
    expect(records.map((record) => record.detail.number).slice(0, 1_001)).toEqual(Array.from({ length: 1_001 }, (_, at) => at));
    expect(await open(store).verify()).toEqual({ ok: true, records: 1_002 });
    expect(statSync(join(dir, 'audit.key')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a changed detail', (records: AuditRecord[]) => records.splice(1, 1, { ...first(records, 1), detail: { number: 7, tool: 'run_command' } }), 2],
    ['a changed time', (records: AuditRecord[]) => records.splice(1, 1, { ...first(records, 1), at: 5 }), 2],
    ['a removed record', (records: AuditRecord[]) => records.splice(1, 1), 3],
    ['a repeated record', (records: AuditRecord[]) => records.splice(2, 0, { ...first(records, 1), seq: 2.5 }), 2.5],
    ['swapped records', (records: AuditRecord[]) => records.splice(1, 2, { ...first(records, 2), seq: 2 }, { ...first(records, 1), seq: 3 }), 2],
  ])('tampering shows: %s', async (_name, tamper, brokenAt) => {
    const { records, store } = await filled(4);
    tamper(records);
    expect(await open(store).verify()).toMatchObject({ ok: false, brokenAt });
  });

  test('tampering shows: the newest records cut off under a running process', async () => {
    const { records, audit } = await filled(4);
    records.pop();
    expect(await audit.verify()).toEqual({ ok: false, records: 3, brokenAt: 0 });
  });

  test('a chain made with another key does not verify', async () => {
    const { store } = await filled(2);
    writeFileSync(join(dir, 'audit.key'), `${'0'.repeat(64)}\n`);
    expect(await open(store).verify()).toMatchObject({ ok: false, brokenAt: 1 });
  });

  test('a planted secret does not reach a record, and long texts are capped', async () => {
    const { records, store } = await filled(0);
    await open(store).append('refusal', { path: '/canary', long: 'x'.repeat(10_000) });
    expect(records[0]?.detail.path).toBe('/[redacted]');
    expect(String(records[0]?.detail.long)).toHaveLength(500);
  });

  test('a store that cannot write is audit-unwritable, and the next append goes on', async () => {
    const { store } = memoryStore();
    let full = true;
    const audit = open({ ...store, append: (record) => (full ? Promise.reject(new Error('disk full')) : store.append(record)) });
    await expect(audit.append('tool-call', {})).rejects.toMatchObject({ code: 'audit-unwritable', rule: 'R24' });
    full = false;
    await audit.append('tool-call', {});
    expect(await audit.verify()).toEqual({ ok: true, records: 1 });
  });

  test('a damaged key is never replaced', async () => {
    const { store } = memoryStore();
    writeFileSync(join(dir, 'audit.key'), 'short');
    await expect(open(store).append('tool-call', {})).rejects.toMatchObject({ code: 'audit-unwritable' });
    expect(readFileSync(join(dir, 'audit.key'), 'utf8')).toBe('short');
  });
});

function first(records: readonly AuditRecord[], at: number): AuditRecord {
  const record = records[at];
  if (!record) throw new Error('no such record');
  return record;
}
