// What a tool can do while it runs: each hand wraps one door and refuses whatever the judged plan does not list (R14).
import type { JudgedPlan } from '../core/brand.ts';
import type { Egress } from '../core/egress.ts';
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { MemoryStore } from '../core/memory.ts';
import type { ProcessDoor, ProcessPlan } from '../core/process.ts';
import { processOrigin, type Secrets } from '../core/secret.ts';
import type { CommandRequest, CommandState, ConversationLog, Effect, Reminder, ToolHands } from '../core/tool.ts';
import { covers } from '../lib/relative-path.ts';
import { remember } from '../lib/remember.ts';

export interface HandParts {
  files(agentId: string): Files;
  /** Absolute path of an agent's workspace. */
  workspace(agentId: string): string;
  /** Host directories an agent's commands see beside it. */
  folders(agentId: string): NonNullable<ProcessPlan['folders']>;
  readonly process: ProcessDoor;
  readonly egress: Pick<Egress, 'fetch'>;
  readonly memory: MemoryStore;
  /** The log of the conversation of a plan. */
  log(plan: JudgedPlan): ConversationLog;
  /** Earlier conversations, as whoever this plan is for may see them. */
  sessions(plan: JudgedPlan): ToolHands['sessions'];
  /** sha256 of a file now, hex; undefined when it cannot be read. */
  hash(path: string): string | undefined;
  readonly lend: Secrets['lend'];
  remind(plan: JudgedPlan, dueAt: number, text: string): Promise<Reminder>;
  /** Session of each background command. */
  readonly startedBy: Map<string, string>;
}

export interface LiveHands {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
}

/** Throws unless the plan lists an effect that allows `what`. */
type Need = (what: string, allowed: (effect: Effect) => boolean) => void;

/** Background commands a session may still poll or kill; the oldest are forgotten. */
const mostCommands = 256;

export function createHands(parts: HandParts): (plan: JudgedPlan, live: LiveHands) => ToolHands {
  return (plan, live) => {
    const { startedBy } = parts;
    const { agentId, sessionId } = plan.place;
    const owned = (id: string): string => {
      if (startedBy.get(id) !== sessionId) throw new CoPawError('not-found', `There is no background command ${id} in this conversation.`);
      return id;
    };
    const need: Need = (what, allowed) => {
      live.signal.throwIfAborted(); // a turn that was stopped does nothing more
      if (!plan.effects.some(allowed)) throw unlisted(what);
    };
    const lend: Secrets['lend'] = async (ref, origin) => {
      need(`using the secret ${ref}`, (effect) => effect.kind === 'secret' && effect.ref === ref && effect.origin === origin);
      return parts.lend(ref, origin);
    };
    const lentTo = async ({ secrets = [] }: CommandRequest): Promise<Pick<ProcessPlan, 'secrets'>> => {
      const lent = await Promise.all(secrets.map((ref) => lend(ref, processOrigin)));
      return lent.length === 0 ? {} : { secrets: Object.fromEntries(lent.map(({ name, value }) => [name, value])) };
    };
    const memory = (access: 'read' | 'write'): MemoryStore => {
      need(`${access === 'read' ? 'reading' : 'writing'} memory`, (effect) => effect.kind === 'memory' && effect.access === access);
      return parts.memory;
    };
    const past = (): ToolHands['sessions'] => {
      need('reading conversations', (effect) => effect.kind === 'memory' && effect.access === 'read');
      return parts.sessions(plan);
    };
    return {
      place: plan.place,
      signal: live.signal,
      progress: live.progress,
      files: boundFiles(parts.files(agentId), need),
      shell: {
        run: async (request, onOutput) => {
          const process = { ...judgedProcess(plan, request, parts), ...(await lentTo(request)) };
          checkExecutables(plan, parts.hash);
          live.signal.throwIfAborted();
          if (!request.background) return parts.process.run(process, live.signal, request.secrets ? undefined : onOutput); // a value could come in two pieces
          const state = parts.process.start(process);
          remember(startedBy, state.id, sessionId, mostCommands);
          return state;
        },
        poll: async (id): Promise<CommandState> => parts.process.poll(owned(id)),
        kill: async (id): Promise<CommandState> => parts.process.kill(owned(id)),
      },
      fetch: async (url, secret) => {
        need(`fetching ${url}`, (effect) => effect.kind === 'net' && effect.method === 'GET' && effect.url === url);
        const lent = secret === undefined ? {} : { secret: await lend(secret, new URL(url).origin) };
        return parts.egress.fetch(url, { kind: 'public' }, { signal: live.signal, sameHost: true, ...lent });
      },
      memory: {
        search: async (...asked) => memory('read').search(agentId, ...asked),
        read: async (...asked) => memory('read').read(agentId, ...asked),
        write: async (note) => memory('write').write(agentId, note, { by: 'agent', sessionId, turnId: plan.place.turnId }),
        forget: async (...asked) => memory('write').forget(agentId, ...asked),
      },
      log: parts.log(plan),
      sessions: {
        search: async (query, limit) => past().search(query, limit),
        read: async (place, limit) => past().read(place, limit),
      },
      schedule: {
        remind: async (dueAt, text) => {
          need('this reminder', (effect) => effect.kind === 'schedule' && effect.what === 'reminder' && effect.dueAt === dueAt && effect.text === text);
          return parts.remind(plan, dueAt, text);
        },
      },
    };
  };
}

function boundFiles(files: Files, need: Need): Files {
  /** The path itself, when the plan lists one of these for it. */
  const listed = (path: string, ...kinds: readonly ('read' | 'write' | 'delete')[]): string => {
    need(path, (effect) => kinds.some((kind) => effect.kind === kind && covers(effect.path, path)));
    return path;
  };
  return {
    read: async (path, range) => files.read(listed(path, 'read', 'write'), range),
    readText: async (path) => files.readText(listed(path, 'read', 'write')),
    list: async (path, options) => files.list(listed(path, 'read'), options),
    stamps: async (names) => files.stamps(names.map((name) => listed(name, 'read'))),
    stat: async (path) => files.stat(listed(path, 'read', 'write', 'delete')),
    write: async (path, data) => files.write(listed(path, 'write'), data),
    trash: async (path) => files.trash(listed(path, 'delete')),
  };
}

function judgedProcess(plan: JudgedPlan, request: CommandRequest, { workspace, folders }: Pick<HandParts, 'workspace' | 'folders'>): ProcessPlan {
  const same = (effect: Effect): effect is Extract<Effect, { kind: 'run' }> =>
    effect.kind === 'run' && effect.cwd === request.cwd && effect.command === request.command && JSON.stringify(effect.argv) === JSON.stringify(request.argv);
  const effect = plan.effects.find(same);
  if (!effect) throw unlisted('this command');
  const { kind: _, ...judged } = effect;
  const { network: hosts, agentId } = plan.place;
  const where = { workspace: workspace(agentId), folders: folders(agentId) };
  return { ...judged, ...where, timeoutMs: request.timeoutMs, ...(hosts === undefined ? {} : { hosts }) };
}

/** Between the yes and the run nobody may have swapped the program or script (R15). */
function checkExecutables(plan: JudgedPlan, hash: HandParts['hash']): void {
  for (const { path, sha256 } of plan.executables) {
    if (hash(path) !== sha256) throw new CoPawError('plan-changed', `${path} changed after the call was judged.`, { rule: 'R15' });
  }
}

function unlisted(what: string): CoPawError {
  return new CoPawError('tool-denied', `The tool tried something its plan does not list: ${what}.`, { rule: 'R14' });
}
