// The process door (R16): the only place that starts programs. Sandboxed, capped, bounded, and nothing is left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CoPawError } from '../core/error.ts';
import type { ProcessDoor, ProcessPlan, SandboxState } from '../core/process.ts';
import type { CommandState } from '../core/tool.ts';
import type { Clock } from '../lib/clock.ts';
import { collectOutput } from '../lib/collect-output.ts';
import { fedPipes, feedPipes } from '../lib/fed-pipes.ts';
import type { Ids } from '../lib/ids.ts';
import { type Job, jobEnd } from '../lib/job.ts';
import { type ControlGroup, findControlGroups } from './cgroup.ts';
import { bubblewrapArguments, findBubblewrap, sandboxPath } from './sandbox.ts';

export interface ProcessDoorParts {
  readonly sandbox: SandboxState;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Per command: memory in MiB, processes and threads, bytes of output kept. */
  readonly limits: { readonly memoryMb: number; readonly processes: number; readonly outputBytes: number };
  readonly readOnly: readonly string[];
  readonly hostPath: string;
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
    const child = spawn(program, made.argv, { env: {}, stdio: fedPipes(made.data), timeout: 10_000, killSignal: 'SIGKILL' });
    feedPipes(child.stdio, made.data);
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
  const live = new Set<Job<CommandState>>();
  const background = new Map<string, Job<CommandState>>();

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

  const launch = (plan: ProcessPlan, onOutput?: (text: string) => void): Job<CommandState> => {
    const { argv, data, env, folder } = prepare(plan);
    if (live.size >= mostRunning) throw new CoPawError('busy', `${mostRunning} commands are running already.`, { next: 'Wait for one, or end one.' });
    const id = ids('cmd');
    const windows = process.platform === 'win32';
    let group: ControlGroup | undefined;
    let child: ChildProcess;
    try {
      group = groups?.create(id, limits);
      const line = windows ? argv : [shell, '-c', enter, 'sh', ...(group?.folders ?? []), '--', ...argv];
      child = spawn(line[0] ?? '', line.slice(1), { cwd: folder, env, detached: !windows, stdio: fedPipes(data) });
    } catch (error) {
      group?.remove();
      throw new CoPawError('process-refused', 'The command could not be started within its caps.', { rule: 'R16', cause: error });
    }
    feedPipes(child.stdio, data);

    const output = collectOutput([child.stdout, child.stderr], {
      ...{ most: limits.outputBytes, flood: limits.outputBytes * floodFactor },
      ...{ onText: onOutput, onFlood: () => end('output') },
    });
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

    const finished = new Promise<void>((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined) exitCode = 127;
        output.add(`${error.message}\n`);
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
      output.finish();
      if (group && group.memoryKills() > 0 && exitCode !== 0) ended ??= 'memory';
      for (let tries = 0; group && !group.remove() && tries < 200; tries++) {
        for (const member of group.members()) kill(member);
        await clock.sleep(10);
      }
      running = false;
      live.delete(job);
      return state();
    });
    const job: Job<CommandState> = { id, state, end, done };
    live.add(job);
    return job;
  };

  const known = (id: string): Job<CommandState> => {
    const job = background.get(id);
    if (!job) throw new CoPawError('not-found', `There is no background command ${id}.`);
    return job;
  };

  return {
    async run(plan, signal, onOutput) {
      if (signal.aborted) throw new CoPawError('cancelled', 'The work was cancelled.');
      return jobEnd(launch(plan, onOutput), signal);
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
