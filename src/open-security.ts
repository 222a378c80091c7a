// Composition of devices, secrets, audit log and review of one home: for the running server, and for the command line alone.
import { auditedSecrets } from './core/audited-secrets.ts';
import type { Config, ConfigChange } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { SecurityAdmin } from './core/security.ts';
import type { Device } from './core/store.ts';
import { systemClock } from './lib/clock.ts';
import { type Environment, type OpenHome, withHome } from './open-home.ts';
import type { ReviewParts } from './open-review.ts';

/** The security of a home where no server runs. */
export function openSecurityAdmin(home: string, environment: Environment): SecurityAdmin {
  const alone = <T>(ask: (admin: SecurityAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, (open) => ask(createSecurity({ ...open, by: 'cli', review: { home, environment, clock: systemClock, running: false } })));
  return {
    devices: () => alone((admin) => admin.devices()),
    addDevice: (name) => alone((admin) => admin.addDevice(name)),
    revokeDevice: (id) => alone((admin) => admin.revokeDevice(id)),
    stopPush: (id) => alone((admin) => admin.stopPush(id)),
    secrets: () => alone((admin) => admin.secrets()),
    setSecret: (name, value, use) => alone((admin) => admin.setSecret(name, value, use)),
    removeSecret: (name) => alone((admin) => admin.removeSecret(name)),
    audit: (page) => alone((admin) => admin.audit(page)),
    activity: (query) => alone((admin) => admin.activity(query)),
    verifyAudit: () => alone((admin) => admin.verifyAudit()),
    async review(options) {
      try {
        return await alone((admin) => admin.review(options));
      } catch (error) {
        // A home that cannot be opened is what a review is for; one that another process holds is not.
        if (!(error instanceof CoPawError) || error.code === 'home-locked') throw error;
        const { runReview } = await import('./open-review.ts');
        return runReview({ home, environment, clock: systemClock, running: false, problem: error }, { ...options, keep: false });
      }
    },
  };
}

export interface SecurityParts extends OpenHome {
  /** "cli", "console:device-id": for the audit. */
  readonly by: string;
  readonly review: Omit<ReviewParts, 'open'>;
}

export function createSecurity({ store, audit, secrets, auth, by, review }: SecurityParts): SecurityAdmin {
  const audited = auditedSecrets(secrets, audit, by);
  const summary = ({ id, name, createdAt, seenAt }: Device) => ({ id, name, createdAt, seenAt });
  return {
    async devices() {
      const told = new Map((await store.push.list()).map(({ deviceId, kinds, text }) => [deviceId, { kinds, text }]));
      return (await store.devices.list()).map((device) => {
        const push = told.get(device.id);
        return { ...summary(device), ...(push ? { push } : {}) };
      });
    },
    async addDevice(name) {
      const { token, device } = await auth.mintToken(name, by);
      return { token, device: summary(device) };
    },
    async revokeDevice(id) {
      if (!(await auth.revoke(id, by))) throw new CoPawError('not-found', `There is no device ${id}.`, { next: 'See them with `copaw devices list`.' });
    },
    async stopPush(id) {
      const { removePush } = await import('./open-push.ts');
      if (!(await removePush(store, audit, id, by)))
        throw new CoPawError('not-found', `No browser of a device ${id} is told anything.`, { next: 'See them with `copaw devices list`.' });
    },
    secrets: () => secrets.list(),
    setSecret: (name, value, use) => audited.set(name, value, use),
    async removeSecret(name) {
      if (!(await audited.remove(name))) throw new CoPawError('not-found', `There is no secret "${name}".`, { next: 'See them with `copaw secrets list`.' });
    },
    async audit({ limit, after, kind }) {
      if (after === undefined) return store.audit.newest(limit, kind);
      const records = await store.audit.after(after, limit);
      return kind === undefined ? records : records.filter((record) => record.kind === kind);
    },
    activity: async (query) => (await import('./gateway/activity.ts')).readActivity(store, query),
    verifyAudit: () => audit.verify(),
    async review(options) {
      const { runReview } = await import('./open-review.ts');
      return runReview({ ...review, open: { store, audit, secrets } }, options);
    },
  };
}

/** `copaw config set` without a server: audited like every other change. */
export async function commitConfigAlone(
  home: string,
  environment: Environment,
  write: (changes: readonly ConfigChange[]) => Promise<Config>,
  changes: readonly ConfigChange[],
): Promise<Config> {
  const { createCommitConfig } = await import('./security/commit-config.ts');
  return withHome(home, environment, ({ audit }) => createCommitConfig({ write, audit })('cli', changes));
}
