// Composition of what a running CoPaw says of itself: which one it is, what it is made of, and the report of a vulnerability.
import { release, type } from 'node:os';
import type { AboutAdmin } from './core/about.ts';
import type { Store } from './core/store.ts';
import type { Environment } from './open-home.ts';

export function openAbout(parts: {
  readonly home: string;
  readonly environment: Environment;
  readonly version: string;
  readonly commit: string;
  readonly startedAt: number;
  readonly store: Pick<Store, 'space'>;
}): AboutAdmin {
  const { home, environment, version, commit, startedAt, store } = parts;
  return {
    async about() {
      const { bytes, free } = await store.space();
      const system = `${type()} ${release()} ${process.arch}`;
      return { version, commit, node: process.versions.node, system, home, database: bytes, free, memory: process.memoryUsage.rss(), startedAt };
    },
    licences: async () => (await import('./config/licences.ts')).readLicences(new URL('..', import.meta.url)),
    async report() {
      const [{ reportFacts }, { writeReport }] = await Promise.all([import('./open-review.ts'), import('./review/report.ts')]);
      return writeReport(await reportFacts(home, { environment, version, commit, running: true }));
    },
  };
}
