// Processes under measurement: start, wait for a line, read memory and CPU of the whole tree, stop.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Running {
  readonly pid: number;
  /** Milliseconds from the start to the awaited line. */
  readonly readyMs: number;
  /** The awaited line's first capture group. */
  readonly captured: string;
  /** Asked, or killed. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts `node` with these arguments and waits for a line on stdout or stderr that matches. */
export function startNode(args: readonly string[], ready: RegExp, environment: NodeJS.ProcessEnv = process.env): Promise<Running> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => fail('did not get ready in 30 s'), 30_000);
    const fail = (why: string): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`node ${args.slice(0, 3).join(' ')} … ${why}: ${output.trim().slice(-400)}`));
    };
    const exited = (code: number | null): void => fail(`ended with ${code}`);
    child.once('exit', exited);
    const read = (piece: Buffer): void => {
      output += piece.toString();
      const match = ready.exec(output);
      if (!match) return;
      clearTimeout(timer);
      child.off('exit', exited);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', read).resume();
      resolve({ pid: child.pid ?? 0, readyMs: performance.now() - began, captured: match[1] ?? '', stop: (signal) => stop(child, ended, signal) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
}

async function stop(child: ChildProcess, ended: Promise<void>, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  child.kill(signal);
  const gone = await Promise.race([ended.then(() => true), sleep(10_000, false, { ref: false })]);
  if (!gone) child.kill('SIGKILL');
  await ended;
}

/** Runs `node` to its end. Throws with what it printed when it fails. */
export function runNode(args: readonly string[]): { readonly ms: number; readonly output: string } {
  const began = performance.now();
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', input: '' });
  const ms = performance.now() - began;
  if (run.status !== 0) throw new Error(`node ${args.slice(0, 3).join(' ')} … ended with ${run.status}: ${`${run.stdout}${run.stderr}`.trim().slice(-400)}`);
  return { ms, output: run.stdout };
}

export interface Footprint {
  readonly rssMb: number;
  readonly cpuMs: number;
}

/** Resident memory and CPU time of a process and everything below it. Exact on Linux; elsewhere `ps` counts CPU in whole seconds. */
export function footprint(pid: number): Footprint {
  const mine = tree(pid);
  return { rssMb: mine.reduce((sum, row) => sum + row.rssMb, 0), cpuMs: mine.reduce((sum, row) => sum + row.cpuMs, 0) };
}

/** How many processes there are below this one. */
export function countBelow(pid: number): number {
  return tree(pid).length - 1;
}

/** Programs and arguments of every process there is. */
export function commandLines(): string[] {
  if (!existsSync('/proc/self/stat')) return spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).stdout.split('\n');
  return pids().map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return ''; // it ended meanwhile
    }
  });
}

const pids = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/u.test(name));

function tree(pid: number): Row[] {
  const rows = existsSync('/proc/self/stat') ? fromProc() : fromPs();
  const members = new Set([pid]);
  for (let before = 0; before < members.size; ) {
    before = members.size;
    for (const row of rows) if (members.has(row.parent)) members.add(row.pid);
  }
  return rows.filter((row) => members.has(row.pid));
}

interface Row extends Footprint {
  readonly pid: number;
  readonly parent: number;
}

const tickMs = 10;
const pageMb = 4096 / 2 ** 20;

function fromProc(): Row[] {
  return pids().flatMap((name) => {
    try {
      // After the name in brackets: state, parent, …; times are fields 14 and 15, resident pages field 24.
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /su, '')
        .split(' ')
        .map(Number);
      const [, parent = 0] = fields;
      return [{ pid: Number(name), parent, rssMb: (fields[21] ?? 0) * pageMb, cpuMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * tickMs }];
    } catch {
      return []; // it ended meanwhile
    }
  });
}

function fromPs(): Row[] {
  const listing = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,time='], { encoding: 'utf8' }).stdout;
  return listing
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = '', parent = '', rss = '', time = ''] = line.trim().split(/\s+/u);
      const seconds = time.split(/[:-]/u).reduce((sum, part) => sum * 60 + Number(part), 0);
      return { pid: Number(pid), parent: Number(parent), rssMb: Number(rss) / 1024, cpuMs: seconds * 1000 };
    });
}
