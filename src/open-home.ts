// A home opened for one change where no server runs, and closed after it.
import type { AuditDoor } from './core/audit.ts';
import type { Config } from './core/config.ts';
import type { Redactor, Secrets } from './core/secret.ts';
import type { Device, Store } from './core/store.ts';
import { systemClock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What is open of a home while one change is made. */
export interface OpenHome {
  readonly store: Store;
  readonly audit: AuditDoor;
  readonly secrets: Secrets & Redactor;
  readonly auth: {
    mintToken(name: string, by: string): Promise<{ readonly token: string; readonly device: Device }>;
    revoke(id: string, by: string): Promise<boolean>;
  };
}

/** The redactor knows the value of an environment variable from its first use: those of models and channels are used here. */
export async function knowKeys({ models, channels }: Config, secrets: Pick<Secrets, 'has'>): Promise<void> {
  for (const { key } of Object.values(models.providers)) if (key) await secrets.has(key);
  // Which settings of an account are secrets is for its kind to know; what names a variable is one, whatever it is called.
  for (const account of Object.values(channels).flatMap((accounts) => Object.values(accounts)))
    for (const setting of Object.values(account)) if (namesVariable(setting)) await secrets.has(setting);
}

const namesVariable = (setting: unknown): setting is { readonly env: string } =>
  typeof setting === 'object' && setting !== null && 'env' in setting && typeof setting.env === 'string';

/** Takes the home's lock, so that the audit chain has one writer, for as long as `work` takes. `first` runs before the database is opened. */
export async function withHome<T>(home: string, environment: Environment, work: (open: OpenHome) => Promise<T>, first?: () => Promise<void>): Promise<T> {
  const [{ lockHome }, { openStore }, { createKeyFiles }, { createSecrets }, { createAudit }, { createAuthenticate }, { openConfig }] = await Promise.all([
    import('./config/lock.ts'),
    import('./store/open-store.ts'),
    import('./store/key-file.ts'),
    import('./security/secrets.ts'),
    import('./security/audit.ts'),
    import('./security/authenticate.ts'),
    import('./config/config-file.ts'),
  ]);
  const lock = lockHome(home);
  try {
    const keys = createKeyFiles(`${home}.secret`);
    const secrets = createSecrets({ dir: `${home}.secret`, keys, environment });
    const file = openConfig(home, { onWarning: () => undefined, orLastGood: true });
    await knowKeys(file.current(), secrets);
    await first?.();
    const store = await openStore(`${home}/copaw.db`);
    try {
      const audit = createAudit({ store: store.audit, keys, clock: systemClock, redact: secrets.redact, keep: () => file.current().audit });
      const auth = createAuthenticate({
        devices: store.devices,
        runToken: () => undefined,
        clock: systemClock,
        ids: createIds(systemClock.now),
        hosts: () => [],
        audit,
      });
      return await work({ store, audit, secrets, auth });
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}
