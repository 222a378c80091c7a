// The audit chain: every change to a stored record shows, and nothing secret gets in.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditKeep, AuditRecord } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeyFiles } from '../store/key-file.ts';
import { createAudit } from './audit.ts';

const clock: Clock = { now: () => 1_000, steady: () => 0, after: () => ({ cancel: () => undefined }), sleep: async () => undefined };

function memoryStore(): { readonly records: AuditRecord[]; readonly store: Store['audit'] } {
  const records: AuditRecord[] = [];
  let given = 0;
  return {
    records,
    store: {
      append: async (record) => {
        const seq = ++given;
        records.push({ ...record, seq });
        return seq;
      },
      last: async () => records.at(-1),
      after: async (seq, limit) => records.filter((record) => record.seq > seq).slice(0, limit),
      before: async (seq, limit) =>
        records
          .filter((record) => record.seq < seq)
          .toReversed()
          .slice(0, limit),
      newest: async (limit) => records.slice(-limit),
      checkpoints: async () => records.filter(({ kind }) => kind === 'audit-checkpoint'),
      lastSeq: async () => given,
      removeBefore: async (seq) => {
        records.splice(
          0,
          records.findIndex((record) => record.seq === seq),
        );
      },
    },
  };
}

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (store: Store['audit'], keep?: AuditKeep) =>
  createAudit({
    ...{ store, keys: createKeyFiles(dir), clock, redact: (text) => text.replaceAll('canary', '[redacted]') },
    ...(keep ? { keep: () => keep } : {}),
  });
const forever = { days: 1e9, megabytes: 1e9 };

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
    expect(records.map((record) => record.detail.number).filter((number) => number !== undefined)).toEqual(Array.from({ length: 1_001 }, (_, at) => at));
    expect(await open(store).verify()).toEqual({ ok: true, records: 1_004 });
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

  test('tampering shows: the newest records cut off while nothing runs', async () => {
    const { records, store } = await filled(4);
    records.pop();
    expect(await open(store).verify()).toEqual({ ok: false, records: 3, brokenAt: 0 });
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

describe('retention', () => {
  /** A chain of several segments whose oldest have left. */
  async function pruned(count = 2_400) {
    const memory = memoryStore();
    const audit = open(memory.store, { days: 1e9, megabytes: 0.08 });
    for (let at = 0; at < count; at++) await audit.append('tool-call', { number: at });
    return { ...memory, audit };
  }

  test('the oldest whole segments leave, the chain begins at a checkpoint, and it verifies, also after a restart', async () => {
    const { records, store, audit } = await pruned();
    expect(records[0]).toMatchObject({ kind: 'audit-checkpoint' });
    expect(records.length).toBeLessThan(1_500);
    expect(records.filter(({ kind }) => kind === 'audit-prune')).not.toEqual([]);
    expect(await audit.verify()).toEqual({ ok: true, records: records.length });
    expect(await open(store).verify()).toEqual({ ok: true, records: records.length });
    await open(store, forever).append('login', {});
    expect(await open(store).verify()).toMatchObject({ ok: true });
  });

  test('records older than is kept leave', async () => {
    const memory = memoryStore();
    const aged = { ...memory.store, append: (record: Omit<AuditRecord, 'seq'>) => memory.store.append(record) };
    const audit = createAudit({ store: aged, keys: createKeyFiles(dir), clock: later(), redact: (text) => text, keep: () => ({ days: 400, megabytes: 1e9 }) });
    for (let at = 0; at < 1_600; at++) await audit.append('tool-call', { number: at });
    expect(memory.records[0]).toMatchObject({ kind: 'audit-checkpoint' });
    expect(await audit.verify()).toMatchObject({ ok: true });
  });

  test('nothing leaves where it is to be kept', async () => {
    const memory = memoryStore();
    const audit = open(memory.store, forever);
    for (let at = 0; at < 1_100; at++) await audit.append('tool-call', {});
    expect(memory.records).toHaveLength(1_102);
  });

  test.each([
    ['one record taken out', (records: AuditRecord[]) => records.splice(300, 1)],
    ['one changed', (records: AuditRecord[]) => records.splice(300, 1, { ...first(records, 300), at: 7 })],
    ['two swapped', (records: AuditRecord[]) => records.splice(300, 2, first(records, 301), first(records, 300))],
    ['the first ones cut off in the middle of a segment', (records: AuditRecord[]) => records.splice(0, 100)],
    ['one more whole segment cut off', (records: AuditRecord[]) => cutAtCheckpoint(records, 1)],
    ['the opening checkpoint taken out', (records: AuditRecord[]) => records.splice(0, 1)],
    ['the opening checkpoint changed', (records: AuditRecord[]) => records.splice(0, 1, { ...first(records, 0), detail: { previous: 'x', bytes: 1 } })],
    ['everything before the last record cut off', (records: AuditRecord[]) => records.splice(0, records.length - 1)],
    ['the newest cut off', (records: AuditRecord[]) => records.splice(-3)],
    ['a middle segment taken out', (records: AuditRecord[]) => cutBetweenCheckpoints(records)],
  ])('after pruning, tampering shows: %s', async (_name, tamper) => {
    const { records, store } = await pruned();
    tamper(records);
    expect(await open(store).verify()).toMatchObject({ ok: false });
  });
});

/** A day later with each look. */
function later(): Clock {
  let now = 0;
  return {
    ...clock,
    now: () => {
      now += 24 * 60 * 60_000;
      return now;
    },
  };
}

function cutAtCheckpoint(records: AuditRecord[], which: number): void {
  const at = records.flatMap(({ kind }, index) => (kind === 'audit-checkpoint' ? [index] : []))[which] ?? 0;
  records.splice(0, at);
}

function cutBetweenCheckpoints(records: AuditRecord[]): void {
  const [from = 0, to = 0] = records.flatMap(({ kind }, index) => (kind === 'audit-checkpoint' ? [index] : [])).slice(0, 2);
  records.splice(from + 1, to - from - 1);
}

function first(records: readonly AuditRecord[], at: number): AuditRecord {
  const record = records[at];
  if (!record) throw new Error('no such record');
  return record;
}
