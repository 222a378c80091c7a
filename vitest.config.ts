import { defineConfig } from 'vitest/config';

const node = { environment: 'node' as const, isolate: false, pool: 'threads' as const };

/** One project per kind of test; each is a script of its own in package.json. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...node, name: 'unit', include: ['src/**/*.test.ts', 'console/src/**/*.test.ts'], exclude: ['src/channels/**'], testTimeout: 15_000 } },
      { test: { ...node, name: 'contract', include: ['src/channels/**/*.test.ts'], testTimeout: 30_000 } },
      { test: { ...node, name: 'architecture', include: ['tests/architecture.test.ts'] } },
      {
        test: {
          ...node,
          name: 'app',
          alias: { 'copaw/plugin': new URL('./src/plugin.ts', import.meta.url).pathname },
          include: ['tests/app/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
      { test: { ...node, name: 'escape', include: ['tests/escape/**/*.test.ts'], testTimeout: 60_000, pool: 'forks' } },
      { test: { ...node, name: 'security', include: ['tests/security/**/*.test.ts'], testTimeout: 60_000, isolate: true, pool: 'forks' } },
      { test: { ...node, name: 'crash', include: ['tests/crash/**/*.test.ts'], testTimeout: 60_000, pool: 'forks' } },
      { test: { ...node, name: 'channels', include: ['tests/channels/**/*.test.ts'], testTimeout: 60_000, pool: 'forks' } },
      { test: { ...node, name: 'browser', include: ['tests/browser/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks' } },
    ],
  },
});
