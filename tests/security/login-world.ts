// The caller door alone, under a clock that tests move.
import { configSchema } from '../../src/core/config.ts';
import type { Device } from '../../src/core/store.ts';
import { createAuthenticate } from '../../src/security/authenticate.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';

export function createLoginWorld() {
  const clock = createFakeClock();
  const devices = new Map<string, Device>();
  let ids = 0;
  const auth = createAuthenticate({
    devices: {
      add: async (device: Device) => void devices.set(device.id, device),
      byHash: async (hash: string) => [...devices.values()].find(({ tokenHash }) => tokenHash === hash),
      list: async () => [...devices.values()],
      touch: async () => undefined,
      remove: async (id: string) => devices.delete(id),
    },
    runToken: () => undefined,
    clock,
    ids: (kind) => `${kind}_${++ids}`,
    hosts: () => configSchema.parse({}).server.hosts,
    audit: { append: async () => undefined, verify: async () => ({ ok: true, records: 0 }) },
  });
  return { auth, clock, devices };
}
