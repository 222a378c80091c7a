// The outward door's contract: what is fetched, for which purpose.
import type { Secret } from './secret.ts';
import type { FetchedPage } from './tool.ts';

/** public: what tools may reach. origins: exactly these origins, as configured by the operator, loopback included. */
export type EgressPurpose = { readonly kind: 'public' } | { readonly kind: 'origins'; readonly origins: readonly string[] };

export interface FetchOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  /** A header for the asked origin alone: a redirect to another one does not get it. */
  readonly secret?: { readonly name: string; readonly value: Secret };
  readonly signal?: AbortSignal;
  /** Default 5 MB. */
  readonly maxBytes?: number;
  /** Default 30 s, for everything together. */
  readonly timeoutMs?: number;
  /** Default 5. */
  readonly maxRedirects?: number;
  /** A redirect to another host (`www.` before it aside) is not followed: the page read is one line that says where it leads. */
  readonly sameHost?: boolean;
}

export interface Egress {
  /** One page, read whole. Throws `egress-refused` (rule R18), `egress-failed`, `too-large` or `cancelled`. */
  fetch(url: string, purpose: EgressPurpose, options?: FetchOptions): Promise<FetchedPage>;
  /** A streaming fetch for SDKs, held to the purpose; redirects are refused. */
  fetchFor(purpose: EgressPurpose): typeof globalThis.fetch;
}
