// A real `copaw start` on a home of its own: its link, its stderr, restart on the same port, and nothing left behind.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempFolder } from '../../src/testing/temp-home.ts';

const bin = join(import.meta.dirname, '../../bin/copaw.js');
const readyMs = 30_000;

export interface CopawServer {
  readonly home: string;
  readonly url: string;
  /** The link of the ready line, with its one-time code. */
  readonly link: string;
  /** All that was printed to stderr so far. */
  readonly errors: string;
  /** A fresh login link from `copaw open`. */
  freshLink(): Promise<string>;
  /** Runs `copaw …` against this home and resolves with its stdout. */
  copaw(...args: readonly string[]): Promise<string>;
  /** Ends the process, asked or killed; the home stays. */
  halt(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts again on the same home and port. */
  resume(): Promise<void>;
  /** Ends the process and removes everything. */
  close(): Promise<void>;
}

/** What a page may complain of while the server changes from setup to the real one and the page asks whether it is there. */
export const switching: readonly RegExp[] = [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED/u, /503|403/u];

export interface ServerOptions {
  /** False: started as a service would be, without a terminal and without consent. */
  readonly accept?: boolean;
  /** Written as config.json before the first start. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export async function startServer({ accept = true, config }: ServerOptions = {}): Promise<CopawServer> {
  const folder = tempFolder();
  const home = join(folder.path, 'home');
  const environment = { PATH: process.env.PATH, HOME: folder.path, COPAW_HOME: home, LANG: 'C.UTF-8', TZ: 'UTC' };
  const copaw = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(process.execPath, [bin, ...args], { env: environment, encoding: 'utf8' })).stdout;
  let port = 0;
  let link = '';
  let errors = '';
  let child: ChildProcess | undefined;

  const run = async (): Promise<void> => {
    const args = [bin, 'start', '--no-open', '--port', String(port), ...(accept ? ['--accept-security'] : [])];
    const started = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    link = await new Promise<string>((resolve, reject) => {
      let output = '';
      const timer = setTimeout(() => reject(new Error(`copaw start was not ready in time.\n${output}\n${errors}`)), readyMs);
      started.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const found = /CoPaw is ready: (\S+)\n/u.exec(output)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
      started.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`copaw start ended with ${code}.\n${errors}`));
      });
    });
    port = Number(new URL(link).port);
  };
  const halt = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };

  try {
    if (config) {
      await copaw('init', '--accept-security');
      mkdirSync(home, { recursive: true, mode: 0o700 });
      writeFileSync(join(home, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    }
    await run();
  } catch (error) {
    await halt();
    folder.remove();
    throw error;
  }
  return {
    home,
    get url() {
      return new URL(link).origin;
    },
    get link() {
      return link;
    },
    get errors() {
      return errors;
    },
    freshLink: async () => (await copaw('open', '--no-open')).trim(),
    copaw,
    halt,
    resume: run,
    async close() {
      await halt();
      folder.remove();
    },
  };
}
