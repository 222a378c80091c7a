// The process door (R16): the only place that starts programs. Sandboxed, capped, bounded, and nothing is left behind.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CoPawError } from '../core/error.ts';
import type { ProcessDoor, ProcessPlan, SandboxState } from '../core/process.ts';
import { Secret } from '../core/secret.ts';
import type { CommandNetwork, CommandState } from '../core/tool.ts';
import type { Clock } from '../lib/clock.ts';
import { fedPipes, feedPipes } from '../lib/fed-pipes.ts';
import type { Ids } from '../lib/ids.ts';
import { type Job, jobEnd } from '../lib/job.ts';
import { ownHome } from '../lib/own-home.ts';
import { proxyEnvironment } from '../lib/proxy-forwarder.ts';
import { cap, enter, guardDevices } from '../lib/sandbox-shell.ts';
import { supervise } from '../lib/supervise.ts';
import { type ControlGroup, findControlGroups } from './cgroup.ts';
import { bubblewrapArguments, type Folders, findSandbox, sandboxPath, seatbeltArguments } from './sandbox.ts';

export interface ProcessDoorParts {
  readonly sandbox: SandboxState;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Per command: memory in MiB, processes and threads, bytes of output kept. */
  readonly limits: { readonly memoryMb: number; readonly processes: number; readonly outputBytes: number };
  readonly hostPath: string;
  /** The socket of a proxy that reaches these hosts and no other. */
  readonly proxy: (hosts: CommandNetwork) => string;
}

const none: Folders = { readOnly: [], writable: [] };
const mostRunning = 32;
const mostRemembered = 128;
/** A command that prints this many times what is kept is stopped. */
const floodFactor = 100;

/** Really runs bubblewrap with the profile commands get, and once more without /proc when that fails. */
export async function probeSandbox(): Promise<SandboxState> {
  const program = findSandbox();
  if (program === undefined)
    return { kind: 'none', reason: process.platform === 'linux' ? 'bubblewrap is not installed' : 'there is no sandbox for this system' };
  const uncapped = process.getuid?.() === 0 && findControlGroups() === undefined;
  const workspace = mkdtempSync(join(tmpdir(), 'copaw-probe-'));
  try {
    if (process.platform === 'darwin') return await probeSeatbelt(program, workspace);
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

const probeArgv = ['/bin/sh', '-c', ': > probe'];
const probeRequest = { cwd: '', argv: probeArgv, network: false, hostPath: '', folders: none, scratchMb: 16 };

function probeOnce(program: string, workspace: string, proc: boolean): Promise<string | undefined> {
  const made = bubblewrapArguments({ ...probeRequest, workspace, proc });
  return tryOut(program, made.argv, { stdio: fedPipes(made.data) }, made.data);
}

async function probeSeatbelt(program: string, workspace: string): Promise<SandboxState> {
  const argv = seatbeltArguments({ ...probeRequest, workspace, proc: false });
  const fault = argv === undefined ? 'the temporary folder has an odd name' : await tryOut(program, argv, { cwd: workspace }, []);
  return fault === undefined ? { kind: 'seatbelt', reason: 'memory and processes have no cap' } : { kind: 'none', reason: fault };
}

function tryOut(program: string, argv: readonly string[], options: SpawnOptions, data: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, { env: {}, timeout: 10_000, killSignal: 'SIGKILL', ...options });
    feedPipes(child.stdio, data);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk}`.slice(0, 500)));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : said.trim() || (code === null ? 'a signal ended it' : `its exit code was ${code}`)));
  });
}

/** The door. One per process; `stopAll` before exit. */
export function createProcessDoor(parts: ProcessDoorParts): ProcessDoor {
  const { sandbox, clock, ids, limits, hostPath } = parts;
  const program = sandbox.kind === 'none' ? undefined : findSandbox();
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
    const lent = Object.entries(plan.secrets ?? {}).map(([name, secret]) => [name, Secret.reveal(secret)]);
    const common = { LANG: 'C.UTF-8', TERM: 'dumb', TZ: Intl.DateTimeFormat().resolvedOptions().timeZone, ...Object.fromEntries(lent) };
    if (!plan.sandboxed) return { argv, data: [], env: { PATH: hostPath, HOME: ownHome(), ...common }, folder: join(workspace, cwd) };
    if (program === undefined) throw refused(`There is no sandbox here${sandbox.reason === undefined ? '' : `: ${sandbox.reason}`}.`);
    if (sandbox.kind === 'seatbelt') {
      const confined = seatbeltArguments({ workspace, cwd, hostPath, folders: plan.folders ?? none, argv, network: plan.network, proc: false, scratchMb: 0 });
      if (plan.network && plan.hosts) throw refused('Listed hosts need a network of their own, which this system cannot give a command.');
      if (confined === undefined) throw refused('A folder of this command has a name that no profile can hold.');
      return { argv: [program, ...confined], data: [], env: { PATH: hostPath, HOME: workspace, TMPDIR: workspace, ...common }, folder: join(workspace, cwd) };
    }
    const limited = groups ? argv : ['/bin/sh', '-c', cap, 'sh', String(limits.memoryMb * 1024), String(limits.processes), ...argv];
    const { folders = none } = plan;
    const proxy = plan.network && plan.hosts ? parts.proxy(plan.hosts) : undefined;
    const way = proxy === undefined ? { network: plan.network } : { network: false, proxy };
    const inside = { ...way, argv: limited, proc: sandbox.kind === 'full', scratchMb: Math.ceil(limits.memoryMb / 2) };
    const made = bubblewrapArguments({ workspace, cwd, hostPath, folders, ...inside });
    const env = { PATH: sandboxPath(hostPath, folders, workspace), HOME: '/tmp', ...common, ...(proxy === undefined ? {} : proxyEnvironment) };
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

    const job: Job<CommandState> = supervise(child, {
      ...{ id, clock, timeoutMs: plan.timeoutMs, onText: onOutput },
      output: { most: limits.outputBytes, flood: limits.outputBytes * floodFactor },
      killAll: () => {
        // The leader's id may be another's once it was reaped; as a group id it is taken while members are left.
        if (child.pid !== undefined) kill(windows ? child.pid : -child.pid);
        for (const member of group?.members() ?? []) kill(member);
      },
      memoryKills: () => group?.memoryKills() ?? 0,
      clear: () => {
        if (!group || group.remove()) return true;
        for (const member of group.members()) kill(member);
        return false;
      },
      onDone: () => live.delete(job),
    });
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
