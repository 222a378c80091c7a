// A chain of records: each is signed together with the one before, so that a missing, changed or moved one shows. Old ones may leave by whole segments.
import { createHmac } from 'node:crypto';

interface Signed {
  readonly at: number;
  readonly kind: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
}
type Linked = Signed & { readonly seq: number; readonly mac: string };

/** Ends a segment and opens the next; it repeats the signature before it, so that the chain can begin here. */
export const checkpointKind = 'audit-checkpoint';
/** Says that everything before the checkpoint with the signature `checkpoint` was let go on purpose. */
export const pruneKind = 'audit-prune';

/** HMAC over the previous signature and this record, hex. */
export function macOf(key: Uint8Array, previous: string, { at, kind, detail }: Signed): string {
  const members = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac('sha256', key)
    .update(JSON.stringify([previous, at, kind, members]))
    .digest('hex');
}

/** Takes all records in order. `broken`: the `seq` of the first that does not follow. A chain that begins at a checkpoint needs the record that allows it. */
export function createChainCheck(key: Uint8Array) {
  let previous: string | undefined;
  let opening: Linked | undefined;
  let broken: number | undefined;
  let records = 0;
  return {
    add(record: Linked): void {
      if (previous === undefined) {
        previous = '';
        if (record.kind === checkpointKind && record.detail.previous !== '') {
          opening = record;
          previous = String(record.detail.previous);
        }
      }
      const holds = record.mac === macOf(key, previous, record) && (record.kind !== checkpointKind || record.detail.previous === previous);
      if (!holds) broken ??= record.seq;
      if (record.kind === pruneKind && record.detail.checkpoint === opening?.mac) opening = undefined;
      previous = record.mac;
      records++;
    },
    end: (): { readonly records: number; readonly head: string; readonly broken: number | undefined } => ({
      records,
      head: previous ?? '',
      broken: broken ?? opening?.seq,
    }),
  };
}

/** Where a chain stands: the newest signature, records since the last checkpoint, bytes since the first record. */
export interface ChainHead {
  mac: string;
  inSegment: number;
  bytes: number;
}

/** `open`: the records after the last checkpoint. */
export function headOf(last: Linked | undefined, checkpoint: Linked | undefined, open: readonly Linked[]): ChainHead {
  const before = Number(checkpoint?.detail.bytes ?? 0);
  return { mac: last?.mac ?? '', inSegment: open.length, bytes: open.reduce((sum, { detail }) => sum + sizeOf(detail), before) };
}

/** About what a record takes in a database. */
export function sizeOf(detail: Signed['detail']): number {
  return JSON.stringify(detail).length + 120;
}

const longestText = 500;

/** Redacted, whole characters, and no longer than a record may hold. */
export function cappedDetail(detail: Signed['detail'], redact: (text: string) => string): Signed['detail'] {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [name, typeof value === 'string' ? redact(value).toWellFormed().slice(0, longestText) : value]),
  );
}
