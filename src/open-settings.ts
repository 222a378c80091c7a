// Composition of the settings of one home: for the running server, and for the command line alone, which then takes the home's lock.
import type { ConfigFile } from './config/config-file.ts';
import type { AuditDoor } from './core/audit.ts';
import type { SettingsAdmin } from './core/settings.ts';
import type { Environment } from './open-home.ts';

/** `by` is for the audit. */
export async function openSettings(parts: {
  readonly file: ConfigFile;
  readonly audit: AuditDoor;
  readonly redact: (text: string) => string;
  readonly by: string;
}): Promise<SettingsAdmin> {
  const { file, audit, redact, by } = parts;
  const [{ createSettingsAdmin }, { createCommitConfig }] = await Promise.all([import('./config/settings.ts'), import('./security/commit-config.ts')]);
  return createSettingsAdmin({
    file,
    redact,
    replace: (changes, text, hash) => createCommitConfig({ check: () => file.check(text, hash), write: () => file.replace(text, hash), audit })(by, changes),
  });
}

/** Of a home where no server runs. */
export function openSettingsAdmin(home: string, environment: Environment): SettingsAdmin {
  const alone = async <T>(ask: (admin: SettingsAdmin) => Promise<T>): Promise<T> => {
    const [{ withHome }, { openConfig }] = await Promise.all([import('./open-home.ts'), import('./config/config-file.ts')]);
    return withHome(home, environment, async ({ audit, secrets }) => {
      // A file that cannot be used is mended here.
      const file = openConfig(home, { onWarning: () => undefined, orLastGood: true });
      return ask(await openSettings({ file, audit, redact: secrets.redact, by: 'cli' }));
    });
  };
  return {
    schema: () => alone((admin) => admin.schema()),
    read: () => alone((admin) => admin.read()),
    check: (draft) => alone((admin) => admin.check(draft)),
    save: (draft) => alone((admin) => admin.save(draft)),
    undo: (hash) => alone((admin) => admin.undo(hash)),
  };
}
