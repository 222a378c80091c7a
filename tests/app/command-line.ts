// The real command line as child processes on a fresh home: what a person runs. `close` leaves no process and no file behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createHome } from '../../src/config/home.ts';
import { personaFor } from '../../src/config/persona/index.ts';
import { readRunFile } from '../../src/config/run-file.ts';
import type { Operator } from '../../src/core/operator.ts';
import type { Store } from '../../src/core/store.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createRemoteOperator } from '../../src/http/client.ts';
import { placedEvent } from '../../src/http/contract.ts';
import { noticeSha256 } from '../../src/review/notice.ts';
import { ownServerFetch } from '../../src/security/egress-own.ts';
import { openStore } from '../../src/store/open-store.ts';

const launcher = join(import.meta.dirname, '../../bin/copaw.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly pid: number;
  /** The server's API, as the command line uses it. */
  readonly operator: Operator;
  /** Resolves when the process is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface CommandHome {
  readonly home: string;
  readonly workspace: string;
  run(...words: string[]): Promise<Finished>;
  /** `copaw ask --json`; every line of its output must be an event as the contract has it. */
  ask(text: string): Promise<Finished & { readonly events: readonly PlacedEvent[] }>;
  /** `copaw start`; resolves when it is ready. */
  start(): Promise<Started>;
  /** Looks into the database. */
  inStore<T>(look: (store: Store) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A home whose notice was accepted. `config` is the rest of config.json; `environment` is added to what children get. */
export function openCommandHome(config: object, environment: Readonly<Record<string, string>> = {}): CommandHome {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copaw-command-')));
  const home = join(folder, 'home');
  const acceptance = { sha256: noticeSha256, version: '0', time: '2026-01-01T00:00:00.000Z', how: 'flag' } as const;
  createHome(home, { language: 'en', timezone: 'UTC', persona: personaFor('en'), acceptance });
  writeFileSync(join(home, 'config.json'), JSON.stringify({ version: 1, timezone: 'UTC', ...config }));
  const env = { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), HOME: folder, ...environment };
  const children = new Set<ChildProcess>();
  const launch = (words: readonly string[]) => {
    const child = spawn(process.execPath, [launcher, ...words, '--home', home], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    const closed = new Promise<Finished>((resolve) => {
      child.once('close', (code) => {
        children.delete(child);
        resolve({ code, ...output });
      });
    });
    return { child, closed };
  };
  const run = (...words: string[]): Promise<Finished> => launch(words).closed;

  return {
    home,
    workspace: join(home, 'workspaces/main'),
    run,
    async ask(text) {
      const finished = await run('ask', '--json', text);
      const lines = finished.stdout.split('\n').slice(0, -1);
      const events = lines.map((line) => placedEvent.parse(JSON.parse(line)) as PlacedEvent);
      return { ...finished, events };
    },
    async start() {
      const { child, closed } = launch(['start', '--accept-security', '--no-open', '--port', '0']);
      const ready = once(child.stdout, 'data').then(() => undefined);
      const ended = await Promise.race([ready, closed]);
      const found = readRunFile(home);
      if (ended || !found) throw new Error(`copaw start did not begin: ${ended?.stderr ?? 'no run file'}`);
      return {
        pid: found.pid,
        operator: createRemoteOperator(ownServerFetch(found.port, found.token)),
        async end(signal) {
          child.kill(signal);
          await closed;
        },
      };
    },
    async inStore(look) {
      const store = await openStore(join(home, 'copaw.db'));
      try {
        return await look(store);
      } finally {
        await store.close();
      }
    },
    async close() {
      for (const child of children) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Processes of this machine whose command line holds the text; nothing where there is no /proc. */
export function processesWith(text: string): readonly string[] {
  const numbers = process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return numbers.filter((number) => {
    try {
      return readFileSync(`/proc/${number}/cmdline`, 'utf8').includes(text);
    } catch {
      return false; // gone meanwhile
    }
  });
}
