// Tokens and cost of a running CoPaw over HTTP.
import type { UsageAdmin } from '../core/usage.ts';
import { createAsk, type RemoteRequest } from './remote-ask.ts';
import { usageReport } from './usage-schema.ts';

export function createRemoteUsage(request: RemoteRequest): UsageAdmin {
  const ask = createAsk(request);
  return { report: (days) => ask(usageReport, `/api/usage${days === undefined ? '' : `?days=${days}`}`) };
}
