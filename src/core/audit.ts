// The audit log as whoever acts sees it (R24): append-only records, metadata and digests only.

/** Metadata and digests only; never contents. */
export interface AuditRecord {
  readonly seq: number;
  readonly at: number;
  /** noun-action, for example "tool-call", "refusal", "login". */
  readonly kind: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  /** HMAC over the previous mac and this record, hex. */
  readonly mac: string;
}

export interface AuditDoor {
  /** Resolves when the record is durable. Throws `audit-unwritable`; whoever is about to act must then not act. */
  append(kind: string, detail: AuditRecord['detail']): Promise<void>;
  /** Walks the whole chain. `brokenAt` is the `seq` of the first record that does not follow from the one before; 0: the newest are missing. */
  verify(): Promise<{ ok: boolean; records: number; brokenAt?: number }>;
}

/** How long records are kept. The oldest whole segments beyond either leave. */
export interface AuditKeep {
  readonly days: number;
  readonly megabytes: number;
}
