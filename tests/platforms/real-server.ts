// A real server on loopback: a port and a folder of its own, both gone with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RealServer {
  readonly folder: string;
  /** What it has said so far. */
  said(): string;
  write(name: string, text: string): void;
  signal(name: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** Some servers do not run as root. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Resolves once the port takes connections. `files`: by name, in its folder. */
export async function startServer(options: {
  readonly command: string;
  readonly args: (folder: string) => readonly string[];
  /** Absent: it listens nowhere. */
  readonly port?: number;
  readonly files: (folder: string) => Readonly<Record<string, string>>;
}): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-server-'));
  const give = (path: string): void => {
    if (nobody.uid !== undefined) chownSync(path, nobody.uid, nobody.gid);
  };
  give(folder);
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    give(join(folder, name));
  };
  for (const [name, text] of Object.entries(options.files(folder))) write(name, text);
  let said = '';
  const child = spawn(options.command, options.args(folder), { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], ...nobody });
  const hear = (piece: Buffer): void => {
    said = `${said}${piece.toString()}`.slice(-200_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const server: RealServer = {
    folder,
    write,
    said: () => said,
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill('SIGKILL');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    if (options.port !== undefined) await listening(options.port, child);
  } catch (error) {
    await server.stop();
    throw new Error(`${options.command} did not start: ${said}`, { cause: error });
  }
  return server;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  const end = performance.now() + 15_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`);
    if (await answers(port)) return;
    if (performance.now() > end) throw new Error('Nothing listens.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
