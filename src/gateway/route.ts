// Step 4 of the path, pure: which agent and session an admitted message belongs to, or which command it is.
import type { Address } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';

export type Route =
  | { readonly kind: 'turn'; readonly sessionId: string; readonly address: Address; readonly text: string }
  | { readonly kind: 'stop'; readonly sessionId: string; readonly address: Address }
  | { readonly kind: 'remind'; readonly sessionId: string; readonly text: string }
  | { readonly kind: 'ignored'; readonly reason: string };

const stopWords: ReadonlySet<string> = new Set(['stop', '/stop', '停', '停止']);

/** The operator's own surfaces name their session; a due reminder names the session it was made in. */
export function route(envelope: Admitted): Route {
  const { inbound, channel, account } = envelope;
  const address: Address = { channel, account, chat: inbound.chat.id, ...(inbound.chat.thread === undefined ? {} : { thread: inbound.chat.thread }) };
  if (inbound.kind === 'command' && channel === 'schedule' && inbound.name === 'remind')
    return { kind: 'remind', sessionId: inbound.chat.id, text: inbound.text };
  if (inbound.kind !== 'message') return { kind: 'ignored', reason: `nothing answers a ${inbound.kind} yet` };
  if (stopWords.has(inbound.text.trim().toLowerCase())) return { kind: 'stop', sessionId: inbound.chat.id, address };
  return { kind: 'turn', sessionId: inbound.chat.id, address, text: inbound.text };
}
