// The security of a running CoPaw over HTTP: the server stays the only one that writes the home and its audit log.
import type { ConfigChange } from '../core/config.ts';
import type { SecurityAdmin } from '../core/security.ts';
import { auditRecords, auditVerdict, devices, done, review, secrets, tokenResponse } from './contract.ts';
import { activityPage } from './observe-schema.ts';
import { createAsk, type RemoteRequest, searchOf } from './remote-ask.ts';

export function createRemoteSecurity(request: RemoteRequest): SecurityAdmin {
  const ask = createAsk(request);
  const secret = (name: string): string => `/api/secrets/${encodeURIComponent(name)}`;
  return {
    devices: async () => (await ask(devices, '/api/devices')).devices,
    addDevice: (name) => ask(tokenResponse, '/api/tokens', 'POST', { name }),
    revokeDevice: async (id) => void (await ask(done, `/api/devices/${encodeURIComponent(id)}`, 'DELETE')),
    stopPush: async (id) => void (await ask(done, `/api/devices/${encodeURIComponent(id)}/push`, 'DELETE')),
    secrets: async () => (await ask(secrets, '/api/secrets')).secrets,
    setSecret: async (name, value, use) => void (await ask(done, secret(name), 'PUT', { value, ...(use === undefined ? {} : { use }) })),
    removeSecret: async (name) => void (await ask(done, secret(name), 'DELETE')),
    audit: async ({ limit, after, kind }) => (await ask(auditRecords, `/api/audit?${searchOf({ limit, after, kind })}`)).records,
    activity: (query) => ask(activityPage, `/api/activity?${searchOf({ ...query })}`),
    verifyAudit: () => ask(auditVerdict, '/api/audit/verify'),
    review: (options) => ask(review, '/api/security/review', 'POST', options),
  };
}

/** Changes the configuration of a running CoPaw. */
export function commitRemoteConfig(request: RemoteRequest): (changes: readonly ConfigChange[]) => Promise<void> {
  const ask = createAsk(request);
  return async (changes) => void (await ask(done, '/api/config', 'POST', { changes }));
}
