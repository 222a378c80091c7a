// The process door (R16): the only place that starts programs. Sandboxed, capped, bounded, and nothing is left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { CoPawError } from '../core/error.ts';
import type { CommandState } from '../core/tool.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { createKeptOutput } from '../lib/kept-output.ts';
import { type ControlGroup, findControlGroups } from './cgroup.ts';
import { bubblewrapArguments, findBubblewrap, type SandboxState, sandboxPath } from './sandbox.ts';

export interface ProcessPlan {
  /** Absolute host path. */
  readonly workspace: string;
  /** Relative to the workspace. */
  readonly cwd: string;
  /** Exactly one of the two; `argv` runs without a shell. */
  readonly argv?: readonly string[];
  readonly command?: string;
  readonly network: boolean;
  readonly sandboxed: boolean;
  readonly timeoutMs: number;
}

export interface ProcessDoor {
  /** Waits for the end. A signal that aborts ends the command as "killed". */
  run(plan: ProcessPlan, signal: AbortSignal, onOutput?: (text: string) => void): Promise<CommandState>;
  /** Runs in the background until `timeoutMs`. */
  start(plan: ProcessPlan): CommandState;
  /** Throws not-found for an id that is unknown or forgotten. */
  poll(id: string): CommandState;
  /** Resolves when every process of the command is gone. */
  kill(id: string): Promise<CommandState>;
  stopAll(): Promise<void>;
}

export interface ProcessDoorParts {
  readonly sandbox: SandboxState;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Per command: memory in MiB, processes and threads, bytes of output kept. */
  readonly limits: { readonly memoryMb: number; readonly processes: number; readonly outputBytes: number };
  readonly readOnly: readonly string[];
  readonly hostPath: string;
}

interface Job {
  readonly id: string;
  readonly state: () => CommandState;
  readonly end: (why: string) => void;
  readonly done: Promise<CommandState>;
}

const mostRunning = 32;
const mostRemembered = 128;
/** A command that prints this many times what is kept is stopped. */
const floodFactor = 100;

/** Enters the control groups (125 when it cannot), drops inherited descriptors, joins both outputs in order, and becomes the program. */
const enter = `ulimit -c 0
while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; done; shift
[ -z "$BASH" ] || for f in /proc/$$/fd/*; do n=\${f##*/}; [ "$n" -gt 9 ] && eval "exec $n>&-"; done 2>/dev/null
exec "$@" 2>&1`;
/** As root the mapped user owns the host's device nodes: a private read-only /dev keeps their modes and stays usable. */
const guardDevices = `[ -x /usr/bin/unshare ] && /usr/bin/unshare -m /bin/true 2>/dev/null || exec "$@"
exec /usr/bin/unshare -m /bin/sh -c '{ /bin/mount --bind /dev /dev && /bin/mount -o remount,bind,ro /dev; } 2>/dev/null; exec "$@"' sh "$@"`;
/** Caps for an ordinary user: data segment in KiB per process, and processes. Shells name the second one differently. */
const cap = 'ulimit -d "$1" || exit 125; ulimit -u "$2" 2>/dev/null || ulimit -p "$2" || exit 125; shift 2; exec "$@"';

/** Really runs bubblewrap with the profile commands get, and once more without /proc when that fails. */
export async function probeSandbox(): Promise<SandboxState> {
  const program = findBubblewrap();
  if (program === undefined) return { kind: 'none', reason: process.platform === 'linux' ? 'bubblewrap is not installed' : 'no sandbox on this system yet' };
  const uncapped = process.getuid?.() === 0 && findControlGroups() === undefined;
  const workspace = mkdtempSync(join(tmpdir(), 'copaw-probe-'));
  try {
    const first = await probeOnce(program, workspace, true);
    const second = first === undefined ? undefined : await probeOnce(program, workspace, false);
    if (second !== undefined) return { kind: 'none', reason: second };
    const reason = [first, uncapped ? 'root without control groups: the number of processes has no cap' : undefined]
      .filter((one) => one !== undefined)
      .join('; ');
    return { kind: first === undefined ? 'full' : 'no-proc', ...(reason === '' ? {} : { reason }) };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

function probeOnce(program: string, workspace: string, proc: boolean): Promise<string | undefined> {
  const argv = ['/bin/sh', '-c', ': > probe'];
  const made = bubblewrapArguments({ workspace, cwd: '', argv, network: false, proc, hostPath: '', readOnly: [], scratchMb: 16 });
  return new Promise((resolve) => {
    const child = spawn(program, made.argv, { env: {}, stdio: pipes(made.data), timeout: 10_000, killSignal: 'SIGKILL' });
    feed(child, made.data);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk}`.slice(0, 500)));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : said.trim() || `bubblewrap ended with ${code ?? 'a signal'}`));
  });
}

/** The door. One per process; `stopAll` before exit. */
export function createProcessDoor(parts: ProcessDoorParts): ProcessDoor {
  const { sandbox, clock, ids, limits, hostPath, readOnly } = parts;
  const program = sandbox.kind === 'none' ? undefined : findBubblewrap();
  const groups = findControlGroups();
  const shell = existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';
  const guard = process.getuid?.() === 0 ? ['/bin/sh', '-c', guardDevices, 'sh'] : [];
  const live = new Set<Job>();
  const background = new Map<string, Job>();

  const prepare = (plan: ProcessPlan) => {
    const { workspace, cwd, command } = plan;
    const argv = plan.argv ?? (command === undefined ? [] : [shell, '-c', command]);
    if ((plan.argv === undefined) === (command === undefined)) throw refused('A command is either an argument list or shell text.');
    if (argv[0] === undefined || argv[0] === '' || argv[0].startsWith('-')) throw refused('A command needs the name of a program.');
    if ([...argv, cwd].some((part) => part.includes('\0'))) throw refused('A command cannot hold a NUL character.');
    if (isAbsolute(cwd) || cwd.split(/[/\\]/).includes('..')) throw refused('A command starts inside the workspace.');
    const common = { LANG: 'C.UTF-8', TERM: 'dumb', TZ: Intl.DateTimeFormat().resolvedOptions().timeZone };
    if (!plan.sandboxed) return { argv, data: [], env: { PATH: hostPath, HOME: userInfo().homedir, ...common }, folder: join(workspace, cwd) };
    if (program === undefined) throw refused(`There is no sandbox here${sandbox.reason === undefined ? '' : `: ${sandbox.reason}`}.`);
    const limited = groups ? argv : ['/bin/sh', '-c', cap, 'sh', String(limits.memoryMb * 1024), String(limits.processes), ...argv];
    const inside = { argv: limited, network: plan.network, proc: sandbox.kind === 'full', scratchMb: Math.ceil(limits.memoryMb / 2) };
    const made = bubblewrapArguments({ workspace, cwd, hostPath, readOnly, ...inside });
    const env = { PATH: sandboxPath(hostPath, readOnly, workspace), HOME: '/tmp', ...common };
    return { argv: [...guard, program, ...made.argv], data: made.data, env, folder: '/' };
  };

  const launch = (plan: ProcessPlan, onOutput?: (text: string) => void): Job => {
    const { argv, data, env, folder } = prepare(plan);
    if (live.size >= mostRunning) throw new CoPawError('busy', `${mostRunning} commands are running already.`, { next: 'Wait for one, or end one.' });
    const id = ids('cmd');
    const windows = process.platform === 'win32';
    let group: ControlGroup | undefined;
    let child: ChildProcess;
    try {
      group = groups?.create(id, limits);
      const line = windows ? argv : [shell, '-c', enter, 'sh', ...(group?.folders ?? []), '--', ...argv];
      child = spawn(line[0] ?? '', line.slice(1), { cwd: folder, env, detached: !windows, stdio: pipes(data) });
    } catch (error) {
      group?.remove();
      throw new CoPawError('process-refused', 'The command could not be started within its caps.', { rule: 'R16', cause: error });
    }
    feed(child, data);

    const output = createKeptOutput(limits.outputBytes);
    let ended: string | undefined;
    let exitCode: number | undefined;
    let running = true;
    let exited = false;
    const state = (): CommandState => ({
      ...{ id, running, ...output.read() },
      ...(exitCode === undefined || ended !== undefined || running ? {} : { exitCode }),
      ...(ended === undefined || running ? {} : { ended }),
    });
    const killAll = (): void => {
      // The leader's id may be another's once it was reaped; as a group id it is taken while members are left.
      if (child.pid !== undefined) kill(windows ? child.pid : -child.pid);
      for (const member of group?.members() ?? []) kill(member);
    };
    const end = (why: string): void => {
      if (exited) return;
      ended ??= why;
      killAll();
    };
    const timer = clock.after(plan.timeoutMs, () => end('timeout'));

    const decoders = [child.stdout, child.stderr].map((stream) => {
      const decoder = new StringDecoder('utf8');
      stream?.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
      return decoder;
    });
    const take = (text: string): void => {
      if (text === '') return;
      const before = output.total();
      output.add(text);
      if (before < limits.outputBytes) onOutput?.(text);
      if (output.total() > limits.outputBytes * floodFactor) end('output');
    };

    const finished = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) exitCode = 127;
        take(`${error.message}\n`);
        if (child.pid === undefined) resolve();
      });
      child.once('exit', (code) => {
        exited = true;
        exitCode = code ?? undefined;
        killAll();
        // A process that left the group may still hold the pipes.
        clock.after(2_000, () => {
          child.stdout?.destroy();
          child.stderr?.destroy();
        });
      });
      child.once('close', () => resolve());
    });
    const done = finished.then(async () => {
      timer.cancel();
      for (const decoder of decoders) take(decoder.end());
      if (group && group.memoryKills() > 0 && exitCode !== 0) ended ??= 'memory';
      for (let tries = 0; group && !group.remove() && tries < 200; tries++) {
        for (const member of group.members()) kill(member);
        await clock.sleep(10);
      }
      running = false;
      live.delete(job);
      return state();
    });
    const job: Job = { id, state, end, done };
    live.add(job);
    return job;
  };

  const known = (id: string): Job => {
    const job = background.get(id);
    if (!job) throw new CoPawError('not-found', `There is no background command ${id}.`);
    return job;
  };

  return {
    async run(plan, signal, onOutput) {
      if (signal.aborted) throw new CoPawError('cancelled', 'The work was cancelled.');
      const job = launch(plan, onOutput);
      const onAbort = (): void => job.end('killed');
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await job.done;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    start(plan) {
      const job = launch(plan);
      background.set(job.id, job);
      const forgotten = [...background.values()].find((other) => !live.has(other));
      if (background.size > mostRemembered && forgotten) background.delete(forgotten.id);
      return job.state();
    },
    poll: (id) => known(id).state(),
    async kill(id) {
      const job = known(id);
      job.end('killed');
      return job.done;
    },
    async stopAll() {
      for (const job of live) job.end('killed');
      await Promise.all([...live].map((job) => job.done));
    },
  };
}

/** No input, both outputs, and one descriptor from 3 on per text that bubblewrap reads. */
function pipes(data: readonly string[]): ('ignore' | 'pipe')[] {
  return ['ignore', 'pipe', 'pipe', ...data.map(() => 'pipe' as const)];
}

function feed(child: ChildProcess, data: readonly string[]): void {
  data.forEach((text, index) => {
    const pipe = child.stdio[3 + index];
    pipe?.on('error', () => undefined);
    if (pipe && 'end' in pipe) pipe.end(text);
  });
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function refused(message: string): CoPawError {
  return new CoPawError('process-refused', message, { rule: 'R16' });
}
