// A SecurityAdmin with nothing in it, for tests that override what they look at.
import { CoPawError } from '../core/error.ts';
import type { SecurityAdmin } from '../core/security.ts';

export function createFakeSecurity(): SecurityAdmin {
  const nothing = (): Promise<never> => Promise.reject(new CoPawError('not-found', 'There is none here.'));
  return {
    devices: async () => [],
    addDevice: nothing,
    revokeDevice: nothing,
    stopPush: nothing,
    secrets: async () => [],
    setSecret: async () => undefined,
    removeSecret: nothing,
    audit: async () => [],
    activity: async () => ({ records: [] }),
    verifyAudit: async () => ({ ok: true, records: 0 }),
    review: async () => ({ at: 0, findings: [], fixed: [] }),
  };
}
