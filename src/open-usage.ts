// Composition of tokens and cost for the command line where no server runs: looking only, under the home's lock.
import type { UsageAdmin } from './core/usage.ts';
import { systemClock } from './lib/clock.ts';
import { type Environment, withHome } from './open-home.ts';

export async function openUsageAdmin(home: string, environment: Environment): Promise<UsageAdmin> {
  const [{ createUsageAdmin }, { openConfig }] = await Promise.all([import('./gateway/usage.ts'), import('./config/config-file.ts')]);
  const { timezone } = openConfig(home, { onWarning: () => undefined }).current();
  return {
    report: (days) => withHome(home, environment, ({ store }) => createUsageAdmin({ store, now: systemClock.now, timezone: () => timezone }).report(days)),
  };
}
