// Every failure CoPaw can name. A thrown error carries one of these codes, what to do next, its cause, and whether trying again helps.

/** What each code means to a caller: HTTP status, CLI exit code, and whether the same request may work later. */
export const errorCatalogue = {
  // Requests and look-ups
  usage: { status: 400, exit: 2, retryable: false },
  invalid: { status: 400, exit: 2, retryable: false },
  'not-found': { status: 404, exit: 1, retryable: false },
  conflict: { status: 409, exit: 1, retryable: true },
  'too-large': { status: 413, exit: 1, retryable: false },
  busy: { status: 429, exit: 1, retryable: true },
  cancelled: { status: 499, exit: 130, retryable: true },
  internal: { status: 500, exit: 1, retryable: false },
  // Callers and senders
  unauthenticated: { status: 401, exit: 4, retryable: false },
  forbidden: { status: 403, exit: 4, retryable: false },
  'notice-not-accepted': { status: 403, exit: 3, retryable: false },
  // Home, config, runtime
  'home-missing': { status: 500, exit: 3, retryable: false },
  'home-foreign': { status: 500, exit: 3, retryable: false },
  'home-unsafe': { status: 500, exit: 3, retryable: false },
  'home-locked': { status: 409, exit: 3, retryable: true },
  'config-invalid': { status: 400, exit: 3, retryable: false },
  'config-corrupt': { status: 500, exit: 3, retryable: false },
  'port-busy': { status: 500, exit: 3, retryable: true },
  'node-unsupported': { status: 500, exit: 3, retryable: false },
  'store-corrupt': { status: 500, exit: 3, retryable: false },
  'store-upgrade': { status: 500, exit: 3, retryable: false },
  'disk-full': { status: 507, exit: 3, retryable: true },
  'disk-read-only': { status: 503, exit: 3, retryable: true },
  'files-exhausted': { status: 503, exit: 3, retryable: true },
  'vault-corrupt': { status: 500, exit: 3, retryable: false },
  'secret-missing': { status: 400, exit: 1, retryable: false },
  'audit-unwritable': { status: 500, exit: 1, retryable: false },
  // Models
  'model-missing': { status: 400, exit: 1, retryable: false },
  'model-auth': { status: 502, exit: 1, retryable: false },
  'model-quota': { status: 502, exit: 1, retryable: false },
  'model-rate': { status: 502, exit: 1, retryable: true },
  'model-overloaded': { status: 502, exit: 1, retryable: true },
  'model-timeout': { status: 504, exit: 1, retryable: true },
  'model-network': { status: 502, exit: 1, retryable: true },
  'model-context': { status: 502, exit: 1, retryable: false },
  'model-request': { status: 502, exit: 1, retryable: false },
  'model-answer': { status: 502, exit: 1, retryable: true },
  'budget-turn': { status: 429, exit: 1, retryable: false },
  'budget-day': { status: 429, exit: 1, retryable: false },
  'turn-overdue': { status: 504, exit: 1, retryable: true },
  'step-limit': { status: 500, exit: 1, retryable: false },
  // Tools and the doors behind them
  'tool-unknown': { status: 400, exit: 1, retryable: false },
  'tool-arguments': { status: 400, exit: 1, retryable: false },
  'tool-denied': { status: 403, exit: 1, retryable: false },
  'tool-failed': { status: 500, exit: 1, retryable: false },
  'tool-timeout': { status: 504, exit: 1, retryable: true },
  'plan-changed': { status: 409, exit: 1, retryable: false },
  'path-refused': { status: 403, exit: 1, retryable: false },
  'path-missing': { status: 404, exit: 1, retryable: false },
  'process-refused': { status: 403, exit: 1, retryable: false },
  'egress-refused': { status: 403, exit: 1, retryable: false },
  'egress-failed': { status: 502, exit: 1, retryable: true },
  'send-refused': { status: 502, exit: 1, retryable: false },
  'artifact-refused': { status: 400, exit: 1, retryable: false },
  // Channels
  'channel-down': { status: 503, exit: 1, retryable: true },
} as const satisfies Record<string, { status: number; exit: number; retryable: boolean }>;

export type ErrorCode = keyof typeof errorCatalogue;

export interface ErrorOptions {
  /** The next step for a person, one sentence. */
  readonly next?: string;
  readonly cause?: unknown;
  /** Overrides the catalogue, for example a 500 that the server says will pass. */
  readonly retryable?: boolean;
  /** How long the other side asks to be left alone, milliseconds. */
  readonly retryAfterMs?: number;
  /** The boundary's rule, for example "R17"; stable, shown with every refusal. */
  readonly rule?: string;
}

/** The only error class thrown on purpose. `message` says what is wrong; `next` says what to do. Neither ever holds a secret. */
export class CoPawError extends Error {
  readonly code: ErrorCode;
  readonly next: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly rule: string | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CoPawError';
    this.code = code;
    this.next = options.next;
    this.retryable = options.retryable ?? errorCatalogue[code].retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.rule = options.rule;
  }
}

/** What the system, or SQLite, says of a disk or process that takes no more. Files in the middle of a write stay what they were. */
const machineCodes: ReadonlyMap<unknown, keyof typeof machineWords> = new Map([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EFBIG', 'disk-full'],
  ['EROFS', 'disk-read-only'],
  ['EMFILE', 'files-exhausted'],
  ['ENFILE', 'files-exhausted'],
]);
/** SQLITE_FULL, and the failures of writing: SQLITE_IOERR_WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _SHMOPEN, _SHMSIZE, _SHMMAP. */
const fullCodes: ReadonlySet<number> = new Set([13, 778, 1034, 1290, 1546, 4618, 4874, 5386]);
const machineWords = {
  'disk-full': ['There is no space left to write to.', 'Free some space on the disk that holds the home; CoPaw goes on by itself.'],
  'disk-read-only': ['The disk cannot be written to.', 'Make the disk that holds the home writable again; CoPaw goes on by itself.'],
  'files-exhausted': ['Too many files are open.', 'Raise the limit (ulimit -n), then start CoPaw again.'],
} as const;

/** The code of a failure of the disk or of a limit of this machine. */
export const isMachineCode = (code: string): code is keyof typeof machineWords => Object.hasOwn(machineWords, code);

/** A failure of the disk or of a limit of this machine, as raised by the system or by SQLite; undefined for everything else. */
export function machineError(thrown: unknown): CoPawError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  const number = 'errcode' in thrown && typeof thrown.errcode === 'number' ? thrown.errcode : 0;
  const code = fullCodes.has(number) ? 'disk-full' : (number & 0xff) === 8 ? 'disk-read-only' : machineCodes.get(thrown.code);
  return code && new CoPawError(code, machineWords[code][0], { next: machineWords[code][1], cause: thrown });
}

/** Any thrown value as a CoPawError; unknown ones become `internal` with the value as cause. */
export function toCoPawError(thrown: unknown): CoPawError {
  if (thrown instanceof CoPawError) return thrown;
  const machine = machineError(thrown);
  if (machine) return machine;
  if (thrown instanceof Error && thrown.name === 'AbortError') return new CoPawError('cancelled', 'The work was cancelled.', { cause: thrown });
  return new CoPawError('internal', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
