// Proof types. Only src/security makes them (the architecture test refuses a cast to one anywhere else), so a caller that skipped a door does not type-check.
import type { Origin } from './address.ts';
import type { Envelope } from './inbound.ts';
import type { Plan } from './policy.ts';

declare const proof: unique symbol;
type Proven<Door extends string> = { readonly [proof]: Door };

/** An HTTP caller that holds the operator credential; made by `authenticate`. */
export type Caller = { readonly kind: 'device' | 'run'; readonly deviceId: string; readonly name: string } & Proven<'authenticate'>;

/** An envelope whose sender passed the allowlist; made by `admit`. */
export type Admitted = Envelope & { readonly origin: Origin } & Proven<'admit'>;

/** A plan the gate allowed, at once or after a matching approval; made by `gate.check` and `gate.confirm`. */
export type JudgedPlan = Plan & Proven<'gate'>;
