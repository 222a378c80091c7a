// The structured log as the rest of CoPaw sees it.

/** Writes one line, redacted. Never throws and never waits. `event` is noun-action, for example "model-failed"; fields carry ids and causes. */
export type Log = (level: 'info' | 'warn' | 'error', event: string, fields?: Readonly<Record<string, unknown>>) => void;
