// Composition of `copaw status`: what the running server says of itself, or what the home says where none runs; and what only the disk knows.
import type { HomeStatus } from './cli/parts.ts';
import { defaultAgent } from './core/config.ts';
import type { OperatorStatus } from './core/operator.ts';
import { systemClock } from './lib/clock.ts';
import { type Environment, withHome } from './open-home.ts';

const mostErrors = 5;

/** `ask` is there where a server runs. */
export async function homeStatus(
  home: string,
  parts: { environment: Environment; version: string; ask: (() => Promise<OperatorStatus>) | undefined },
): Promise<HomeStatus> {
  const [{ fileSize, folderSize }, { openLogFiles }] = await Promise.all([import('./config/home-facts.ts'), import('./config/log-files.ts')]);
  const status = parts.ask ? await parts.ask() : await restingStatus(home, parts.environment, parts.version);
  return {
    home,
    running: parts.ask !== undefined,
    status,
    disk: {
      ...{ all: folderSize(home), logs: folderSize(`${home}/logs`), workspaces: folderSize(`${home}/workspaces`) },
      database: fileSize(`${home}/copaw.db`) + fileSize(`${home}/copaw.db-wal`),
      ...{ backups: folderSize(`${home}/backups`), undo: folderSize(`${home}/versions`), trash: folderSize(`${home}/trash`) },
    },
    errors: openLogFiles(`${home}/logs`)
      .all()
      .filter(({ level }) => level === 'error')
      .slice(-mostErrors),
  };
}

async function restingStatus(home: string, environment: Environment, version: string): Promise<OperatorStatus> {
  const [
    { openConfig },
    { createModelResolver },
    { createOfflineModel },
    { DaySpending },
    { storedStatus, modelStatus },
    { probeSandbox },
    { sandboxState },
    { ModelWindows },
  ] = await Promise.all([
    import('./config/config-file.ts'),
    import('./models/resolve.ts'),
    import('./models/offline.ts'),
    import('./agent/day-spending.ts'),
    import('./gateway/status.ts'),
    import('./security/process.ts'),
    import('./open-permissions.ts'),
    import('./agent/model-windows.ts'),
  ]);
  const config = openConfig(home, { onWarning: () => undefined }).current();
  const agentId = defaultAgent(config).id;
  const offline = createOfflineModel({ clock: systemClock, timezone: () => config.timezone });
  const resolve = createModelResolver({ config: () => config, provider: () => offline, offline });
  const { kind } = sandboxState(config, await probeSandbox());
  return withHome(home, environment, async ({ store }) => ({
    ...{ version, agentId, sandbox: kind, storage: store.storage() },
    ...(await modelStatus(
      () => resolve(agentId),
      (model) => new ModelWindows({ store: store.modelWindows, clock: systemClock }).of(model),
    )),
    ...(await storedStatus(store, config.channels, systemClock.now())),
    openTurns: (await store.turns.open()).length,
    today: await new DaySpending(store.usage).today(systemClock.now(), config.timezone),
  }));
}
