// Composition of who may talk to CoPaw: for the running server, and for the command line alone, which then takes the home's lock.
import type { PeopleAdmin } from './core/people.ts';
import { systemClock } from './lib/clock.ts';
import { withHome } from './open-home.ts';

export async function openPeopleAdmin(home: string, environment: Readonly<Record<string, string | undefined>>): Promise<PeopleAdmin> {
  const [{ createPeopleAdmin }, { openConfig }, { createCommitConfig }] = await Promise.all([
    import('./gateway/people.ts'),
    import('./config/config-file.ts'),
    import('./security/commit-config.ts'),
  ]);
  const alone = <T>(ask: (admin: PeopleAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, ({ store, audit }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const config = { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) };
      return ask(createPeopleAdmin({ store: store.senders, config, clock: systemClock, by: 'cli', audit: (kind, detail) => audit.append(kind, detail) }));
    });
  return {
    view: () => alone((admin) => admin.view()),
    approve: (code, operator) => alone((admin) => admin.approve(code, operator)),
    deny: (code) => alone((admin) => admin.deny(code)),
  };
}
