// What a tool can do while it runs: each hand wraps one door and refuses whatever the judged plan does not list (R14).
import type { JudgedPlan } from '../core/brand.ts';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { MemoryStore } from '../core/memory.ts';
import type { CommandRequest, CommandState, Effect, Reminder, ToolHands } from '../core/tool.ts';
import { covers } from '../lib/path-cover.ts';
import type { Egress } from './egress.ts';
import type { ProcessDoor, ProcessPlan } from './process.ts';

export interface HandParts {
  files(agentId: string): Files;
  /** Absolute path of an agent's workspace. */
  workspace(agentId: string): string;
  readonly process: ProcessDoor;
  readonly egress: Pick<Egress, 'fetch'>;
  readonly memory: MemoryStore;
  /** sha256 of a file now, hex; undefined when it cannot be read. */
  hash(path: string): string | undefined;
  remind(plan: JudgedPlan, dueAt: number, text: string): Promise<Reminder>;
}

export interface LiveHands {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Background commands a session may still poll or kill; the oldest are forgotten. */
const mostCommands = 256;

export function createHands(parts: HandParts): (plan: JudgedPlan, live: LiveHands) => ToolHands {
  const startedBy = new Map<string, string>();
  return (plan, live) => {
    const { agentId, sessionId } = plan.place;
    const owned = (id: string): string => {
      if (startedBy.get(id) !== sessionId) throw new CoPawError('not-found', `There is no background command ${id} in this conversation.`);
      return id;
    };
    return {
      place: plan.place,
      signal: live.signal,
      progress: live.progress,
      files: boundFiles(parts.files(agentId), plan.effects),
      shell: {
        run: async (request, onOutput) => {
          const process = judgedProcess(plan, request, parts.workspace(agentId));
          checkExecutables(plan, parts.hash);
          if (!request.background) return parts.process.run(process, live.signal, onOutput);
          const state = parts.process.start(process);
          startedBy.set(state.id, sessionId);
          const oldest = startedBy.keys().next().value;
          if (startedBy.size > mostCommands && oldest !== undefined) startedBy.delete(oldest);
          return state;
        },
        poll: async (id): Promise<CommandState> => parts.process.poll(owned(id)),
        kill: async (id): Promise<CommandState> => parts.process.kill(owned(id)),
      },
      fetch: async (url) => {
        if (!plan.effects.some((effect) => effect.kind === 'net' && effect.method === 'GET' && effect.url === url)) throw unlisted(`fetching ${url}`);
        return parts.egress.fetch(url, { kind: 'public' }, { signal: live.signal });
      },
      memory: {
        search: async (query, limit) => {
          need(plan.effects, (effect) => effect.kind === 'memory' && effect.access === 'read', 'reading memory');
          return parts.memory.search(agentId, query, limit);
        },
        write: async (path, text) => {
          need(plan.effects, (effect) => effect.kind === 'memory' && effect.access === 'write', 'writing memory');
          return parts.memory.write(agentId, path, text);
        },
      },
      schedule: {
        remind: async (dueAt, text) => {
          need(
            plan.effects,
            (effect) => effect.kind === 'schedule' && effect.what === 'reminder' && effect.dueAt === dueAt && effect.text === text,
            'this reminder',
          );
          return parts.remind(plan, dueAt, text);
        },
      },
    };
  };
}

function boundFiles(files: Files, effects: readonly Effect[]): Files {
  const check = (path: string, kinds: readonly Effect['kind'][]): void => {
    need(
      effects,
      (effect) => (effect.kind === 'read' || effect.kind === 'write' || effect.kind === 'delete') && kinds.includes(effect.kind) && covers(effect.path, path),
      path,
    );
  };
  return {
    read: async (path, range) => {
      check(path, ['read', 'write']);
      return files.read(path, range);
    },
    readText: async (path) => {
      check(path, ['read', 'write']);
      return files.readText(path);
    },
    list: async (path, options) => {
      check(path, ['read']);
      return files.list(path, options);
    },
    stamps: async (names) => {
      for (const name of names) check(name, ['read']);
      return files.stamps(names);
    },
    stat: async (path) => {
      check(path, ['read', 'write', 'delete']);
      return files.stat(path);
    },
    write: async (path, data) => {
      check(path, ['write']);
      return files.write(path, data);
    },
    trash: async (path) => {
      check(path, ['delete']);
      return files.trash(path);
    },
  };
}

function judgedProcess(plan: JudgedPlan, request: CommandRequest, workspace: string): ProcessPlan {
  const same = (effect: Effect): effect is Extract<Effect, { kind: 'run' }> =>
    effect.kind === 'run' && effect.cwd === request.cwd && effect.command === request.command && JSON.stringify(effect.argv) === JSON.stringify(request.argv);
  const effect = plan.effects.find(same);
  if (!effect) throw unlisted('this command');
  const { argv, command, cwd, network, sandboxed } = effect;
  return {
    workspace,
    cwd,
    network,
    sandboxed,
    timeoutMs: request.timeoutMs,
    ...(argv === undefined ? {} : { argv }),
    ...(command === undefined ? {} : { command }),
  };
}

/** Between the yes and the run nobody may have swapped the program or script (R15). */
function checkExecutables(plan: JudgedPlan, hash: HandParts['hash']): void {
  for (const { path, sha256 } of plan.executables) {
    if (hash(path) !== sha256) throw new CoPawError('plan-changed', `${path} changed after the call was judged.`, { rule: 'R15' });
  }
}

function need(effects: readonly Effect[], allowed: (effect: Effect) => boolean, what: string): void {
  if (!effects.some(allowed)) throw unlisted(what);
}

function unlisted(what: string): CoPawError {
  return new CoPawError('tool-denied', `The tool tried something its plan does not list: ${what}.`, { rule: 'R14' });
}
