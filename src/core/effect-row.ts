// Which row of the verdict table an effect is in.
import { addressKey } from './address.ts';
import { isListedNetwork, isSandboxed, type PolicyRequest } from './policy.ts';
import type { Effect } from './tool.ts';
import type { EffectRow } from './verdict-table.ts';
import { webAddress } from './web-address.ts';

/** The row of an effect; undefined for what is not one (a plugin may return anything). */
export function rowOf(effect: Effect, request: PolicyRequest, known: (hostname: string) => boolean): EffectRow | undefined {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return typeof effect.path === 'string' ? effect.kind : undefined;
    case 'run':
      if ((effect.argv === undefined) === (effect.command === undefined)) return undefined;
      if (isListedNetwork(effect, request)) return 'run-listed-network';
      return effect.network || !isSandboxed(effect, request) ? 'run-network' : 'run';
    case 'net':
      return netRow(effect, request, known);
    case 'memory':
      return effect.access === 'read' ? 'memory-read' : effect.access === 'write' ? 'memory-write' : undefined;
    case 'send':
      return addressKey(effect.to) === addressKey(request.place.address) ? 'send-here' : 'send-elsewhere';
    case 'schedule':
      return effect.what === 'reminder' ? 'reminder' : effect.what === 'job' ? 'schedule' : undefined;
    case 'secret':
    case 'agent':
    case 'opaque':
      return effect.kind;
    default:
      return undefined;
  }
}

function netRow(effect: Extract<Effect, { kind: 'net' }>, request: PolicyRequest, known: (hostname: string) => boolean): EffectRow | undefined {
  const url = webAddress(effect.url);
  if ('fault' in url) return undefined;
  if (effect.method === 'POST') return 'send-elsewhere';
  if (effect.method !== 'GET' && effect.method !== 'HEAD') return undefined;
  if (request.seenUrl(effect.url)) return 'fetch-seen';
  return known(url.hostname) ? 'fetch-known' : 'fetch-composed';
}
