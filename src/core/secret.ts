// Secrets (R23): where a value comes from, what it may be used for, and a wrapper that cannot be printed or serialised by accident.
import { z } from 'zod';
import { CoPawError } from './error.ts';

/** Where a secret comes from: the encrypted vault, or an environment variable of this process. */
export type SecretRef = { readonly vault: string } | { readonly env: string };

export const secretRefSchema: z.ZodType<SecretRef> = z.union([z.strictObject({ vault: z.string().min(1) }), z.strictObject({ env: z.string().min(1) })], {
  error: ({ input }) => (input === undefined ? 'It is missing.' : undefined),
});

/** A value on its way to the edge. Only src/security reveals it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  static reveal(secret: Secret): string {
    return secret.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** The `origin` of a secret that goes into the environment of one approved process. */
export const processOrigin = 'process';

/** Variables that change what a program is, where it looks or what it loads; a secret has no business in them. */
const reserved = /^(?:PATH|HOME|SHELL|USER|LANG|TERM|TZ|TMPDIR|IFS|ENV|CDPATH|BASH.*|LD_.*|DYLD_.*|NODE_.*|PYTHON.*|PERL.*|RUBY.*|GIT_.*|JAVA_.*)$/;
const ownHeaders = /^(?:host|connection|content-.*|transfer-encoding|te|upgrade|keep-alive|trailer|expect|origin|referer|user-agent|sec-.*|proxy-.*)$/i;

/** What tools may use a secret for, without seeing it. A secret without these is for CoPaw itself, for example a model key. */
export const secretUse = z.strictObject({
  origins: z
    .array(
      z
        .url({ protocol: /^https$/ })
        .refine((url) => new URL(url).origin === url && !url.includes('*'), 'An origin is https://host, without a path or slash at its end.'),
    )
    .max(32)
    .default([])
    .describe('Where it may be sent, in a header of fetch_url.'),
  header: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .refine((name) => !ownHeaders.test(name), 'This header belongs to the connection.')
    .default('Authorization'),
  format: z
    .string()
    .max(200)
    .regex(/^[\x20-\x7e]*\{(?:secret|base64)\}[\x20-\x7e]*$/, 'It holds {secret}, or {base64} for the value in base64, once.')
    .default('Bearer {secret}'),
  env: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]{0,63}$/, 'A variable is capital letters, digits and "_".')
    .refine((name) => !reserved.test(name), 'This variable changes how programs run.')
    .optional()
    .describe('The variable it is in, for a command that is given it.'),
});
export type SecretUse = z.output<typeof secretUse>;

export interface SecretSummary {
  readonly name: string;
  /** Absent: no tool can use it. */
  readonly use?: SecretUse;
}

/** Characters of a secret: what is longer makes a pattern that cannot be looked for. A key of 8,192 bits in its PEM has 6,400. */
export const longestSecret = 8_192;
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Throws "invalid" for what the vault takes not. */
export function checkSecret(name: string, value: string, use: SecretUse | undefined): void {
  if (!namePattern.test(name)) throw new CoPawError('invalid', 'A secret is named by letters, digits, ".", "_" and "-", at most 128.');
  if (value === '' || value.length > longestSecret) throw new CoPawError('invalid', `A secret has 1 to ${longestSecret} characters.`);
  if (use && value.trim().length < 6) throw new CoPawError('invalid', 'A secret of fewer than 6 characters cannot be kept out of texts.');
}

export interface Secrets {
  /** Calls `fn` with the value at the edge, and only there. Throws `secret-missing` when it is not set. */
  use<T>(ref: SecretRef, fn: (value: string) => T): Promise<T>;
  /** For one origin the header that carries it, for `processOrigin` the variable. Throws `secret-missing`, or `tool-denied` where it is not bound to that. */
  lend(name: string, origin: string): Promise<{ readonly name: string; readonly value: Secret }>;
  /** Whether it is set; never the value. */
  has(ref: SecretRef): Promise<boolean>;
  /** Replaces value and use. */
  set(name: string, value: string, use?: SecretUse): Promise<void>;
  remove(name: string): Promise<boolean>;
  list(): Promise<readonly SecretSummary[]>;
}

/** Random keys by name, made once and never replaced. */
export interface Keys {
  /** Undefined where there is none. Throws when what is kept is not a key. */
  read(name: string): Uint8Array | undefined;
  /** Makes it where there is none. */
  readOrMake(name: string): Uint8Array;
}

/** Replaces every known secret value in a text by "[redacted]". Exact values; sits at every sink. */
export type Redact = (text: string) => string;

export interface Redactor {
  readonly redact: Redact;
  /** The same of a text that is still being written, without an end that could be the beginning of a secret: however it goes on, `redact` begins so. */
  readonly redactDraft: Redact;
}
