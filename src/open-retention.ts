// Composition of the daily sweep of a running CoPaw: after the daily backup, so that a copy still has what leaves.
import type { ConfigSource } from './core/config.ts';
import type { Files } from './core/files.ts';
import type { Log } from './core/log.ts';
import type { MediaStore } from './core/media.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import type { Daily } from './lib/daily.ts';
import type { Ids } from './lib/ids.ts';

const soonestMs = 20 * 60_000;

export async function openRetention(parts: {
  readonly home: string;
  readonly store: Store;
  readonly config: Pick<ConfigSource, 'current'>;
  readonly files: (agentId: string) => Files;
  readonly media: Pick<MediaStore, 'expire'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
}): Promise<Daily> {
  const { home, store, config, files, media, clock, ids, log, onFault } = parts;
  const { createDaily } = await import('./lib/daily.ts');
  const last = await store.retention.lastSweep();
  return createDaily({
    ...{ clock, soonestMs, onFault },
    wanted: () => true,
    last: () => last,
    async work(at, signal) {
      const [{ sweep }, { createTrashFolder }, { createFiles }] = await Promise.all([
        import('./store/sweep.ts'),
        import('./store/trash-folder.ts'),
        import('./security/workspace-files.ts'),
      ]);
      const trash = `${home}/trash`;
      const workspaces = createFiles({ root: `${home}/workspaces`, trash, clock, ids });
      const agents = async (): Promise<readonly string[]> => (await workspaces.list('')).flatMap(({ kind, path }) => (kind === 'directory' ? [path] : []));
      const swept = await sweep({ store, keep: () => config.current().retention, trash: createTrashFolder(trash), agents, files, onFault }, at, signal);
      const uploads = signal.aborted ? 0 : await media.expire();
      if (!signal.aborted) await store.retention.noteSweep(at);
      log('info', 'sweep', { ...swept, uploads });
    },
  });
}
