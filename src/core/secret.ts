// A secret value that cannot be printed or serialised by accident (R23). Only src/security reveals it, inside `secrets.use`.

/** Where a secret comes from: the encrypted vault, or an environment variable of this process. */
export type SecretRef = { readonly vault: string } | { readonly env: string };

export interface Secrets {
  /** Calls `fn` with the value at the edge, and only there. Throws `secret-missing` when it is not set. */
  use<T>(ref: SecretRef, fn: (value: string) => T): Promise<T>;
  /** Whether it is set; never the value. */
  has(ref: SecretRef): Promise<boolean>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<boolean>;
  names(): Promise<readonly string[]>;
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
