// A session as its operator sees it.
import type { SessionSummary } from '../core/operator.ts';
import type { Redact } from '../core/secret.ts';
import type { Session } from '../core/session.ts';

export function summaryOf({ tainted: _t, key: _k, mode: _m, ...shown }: Session, running: boolean, redact: Redact): SessionSummary {
  return { ...shown, title: redact(shown.title), running };
}
