// Chat commands: what each one answers and what is committed with its answer. No model is called.
import type { SessionContext } from '../agent/context-of.ts';
import type { Admitted } from '../core/brand.ts';
import { chatCommand, chatCommands } from '../core/chat-command.ts';
import type { Language } from '../core/config.ts';
import { toCoPawError } from '../core/error.ts';
import type { ReadyModel } from '../core/model.ts';
import type { Session } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { DurableEvent } from '../core/turn-event.ts';
import type { UndoReport } from '../core/undo.ts';
import { type CommandWords, commandWords } from './command-words.ts';
import { lastTurn, takenBack } from './last-turn.ts';
import { isMode, type Route } from './route.ts';
import { explainTurn } from './why.ts';

export interface CommandParts {
  readonly store: Pick<Store, 'sessions' | 'entries' | 'turns' | 'usage'>;
  readonly version: string;
  readonly newSessionId: () => string;
  language(): Language;
  model(agentId: string, asked?: string): ReadyModel;
  /** "provider/model" of all that are set up. */
  modelRefs(): readonly string[];
  sandbox(): string;
  today(): Promise<{ readonly tokens: number; readonly cost: number }>;
  /** What the next request of a session is made from. */
  context(sessionId: string, model: ReadyModel): Promise<SessionContext>;
  /** What a session's log said counts no more: what is remembered of it is let go. */
  forget(sessionId: string): void;
  /** Takes back the changes of files of a turn; undefined where it made none that is kept. */
  undoFiles(turnId: string): Promise<UndoReport | undefined>;
}

/** What runs in a session, as the gateway knows it. */
export interface Running {
  readonly running: boolean;
  readonly waiting: number;
  /** Stops it all; how many background commands ended with it, or undefined where nothing ran. */
  stop(): Promise<number | undefined>;
}

export interface CommandResult {
  readonly text: string;
  readonly events?: readonly DurableEvent[];
  readonly batch?: Pick<Batch, 'archive' | 'drop'>;
  /** What of the session changes. */
  readonly change?: (session: Session) => Session;
}

type Command = Extract<Route, { kind: 'command' }>;
/** Writes down which turn is about to be taken back; what a crash leaves of that is finished at the next start. */
export type BeginUndo = (turnId: string) => Promise<unknown>;

interface Here {
  readonly text: string;
  readonly sessionId: string;
  readonly agentId: string;
  readonly session: Session | undefined;
  readonly running: Running;
  readonly beginUndo: BeginUndo;
}

/** Messages that /history shows, and characters of each. */
const mostMessages = 10;
const mostCharacters = 200;
/** Entries that /history looks through. */
const looked = 2_000;

export function createCommands(parts: CommandParts): (command: Command, agentId: string, running: Running, beginUndo: BeginUndo) => Promise<CommandResult> {
  const { store } = parts;
  const say = () => commandWords(parts.language());

  const forget = async ({ sessionId, session }: Here, text: string, batch: NonNullable<CommandResult['batch']>): Promise<CommandResult> => {
    if (!session) return { text };
    parts.forget(sessionId);
    return { text, batch };
  };
  const contextOf = async (sessionId: string, agentId: string, session: Session | undefined): Promise<SessionContext | undefined> => {
    try {
      return await parts.context(sessionId, parts.model(agentId, session?.model));
    } catch (error) {
      if (toCoPawError(error).code === 'model-missing') return undefined;
      throw error;
    }
  };
  const table: Readonly<Record<Command['name'], (here: Here) => Promise<CommandResult>>> = {
    help: async () => ({
      text: chatCommands.map((one) => `- /${one.name}${'takes' in one ? ` ${one.takes[parts.language()]}` : ''} — ${one.says[parts.language()]}`).join('\n'),
    }),
    version: async () => ({ text: `CoPaw ${parts.version}` }),
    new: async (here) => forget(here, say().archived, { archive: { sessionId: here.sessionId, as: parts.newSessionId() } }),
    clear: async (here) => forget(here, say().dropped, { drop: here.sessionId }),
    async stop({ running }) {
      const commands = await running.stop();
      return { text: commands === undefined ? say().nothingRuns : say().stopped(commands) };
    },
    async status({ sessionId, agentId, session, running }) {
      const model = modelName(() => parts.model(agentId, session?.model));
      const context = await contextOf(sessionId, agentId, session);
      const status = say().status({ model, sandbox: parts.sandbox(), ...running, mode: session?.mode ?? 'steer' });
      return { text: [status, ...(context ? [say().context(context)] : [])].join('\n') };
    },
    async model({ text, agentId, session }) {
      if (text === '')
        return {
          text: say().model(
            modelName(() => parts.model(agentId, session?.model)),
            parts.modelRefs(),
          ),
        };
      try {
        const { ref } = text === 'default' ? parts.model(agentId) : parts.model(agentId, text);
        return { text: say().modelSet(ref), change: ({ model: _, ...rest }) => (text === 'default' ? rest : { ...rest, model: ref }) };
      } catch (error) {
        return { text: toCoPawError(error).message };
      }
    },
    async history({ sessionId }) {
      const entries = await store.entries.tail(sessionId, looked);
      const commands = new Set(entries.flatMap(({ event, turnId }) => (event.type === 'turn-start' && event.command !== undefined ? [turnId] : [])));
      const lines = entries.flatMap(({ event, turnId }) => {
        if (event.type !== 'message' || event.message.text === '' || commands.has(turnId)) return [];
        const { role, text } = event.message;
        const line = text.replace(/\s+/gu, ' ').trim();
        return [`- ${role === 'user' ? say().you : 'CoPaw'}: ${line.length > mostCharacters ? `${line.slice(0, mostCharacters)}…` : line}`];
      });
      return { text: lines.slice(-mostMessages).join('\n') || say().nothingYet };
    },
    async undo({ sessionId, beginUndo }) {
      const last = await lastTurn(store, sessionId);
      if (!last) return { text: say().noUndo };
      await beginUndo(last.turn.id);
      const report = await parts.undoFiles(last.turn.id);
      const text = [say().undone, ...(report ? undoneLines(report, say()) : [])].join('\n');
      return { text, events: takenBack(last) };
    },
    async compact({ sessionId, agentId, session }) {
      const compaction = (await contextOf(sessionId, agentId, session))?.compaction;
      if (!compaction) return { text: say().noCompaction };
      const { messagesBefore, messagesAfter } = compaction.counts;
      const events: DurableEvent[] = [{ type: 'compaction-undone', target: compaction.compactionId }];
      return { text: say().compactionUndone(messagesBefore - messagesAfter + 1), events };
    },
    async queue({ text, session }) {
      const mode = isMode(text) ? text : (session?.mode ?? 'steer');
      return { text: say().mode(mode), ...(isMode(text) ? { change: (old: Session) => ({ ...old, mode }) } : {}) };
    },
    async usage({ sessionId }) {
      const [today, here] = await Promise.all([parts.today(), store.usage.ofSession(sessionId)]);
      const cached = here.input === 0 ? [] : [say().cached(here.cachedInput / here.input)];
      return { text: [say().usage('today', today.tokens, today.cost), say().usage('here', here.input + here.output, here.cost), ...cached].join('\n') };
    },
    async why({ sessionId, session }) {
      const last = await lastTurn(store, sessionId);
      return { text: last ? explainTurn(last.turn, last.entries, session?.tainted === true, parts.language()) : say().nothingYet };
    },
  };
  return async ({ name, text, sessionId }, agentId, running, beginUndo) =>
    table[name]({ text, sessionId, agentId, session: await store.sessions.get(sessionId), running, beginUndo });
}

/** Whether a command is the sender's to give. `operates`: the sender is one of the account's operators, wherever that is. */
export function mayCommand({ origin }: Pick<Admitted, 'origin'>, name: string, operates: boolean): boolean {
  const whose = chatCommand(name)?.whose;
  if (whose === 'operator') return origin === 'operator';
  return whose === 'everyone' || origin === 'operator' || origin === 'direct' || operates;
}

/** It waits until the conversation is at rest. */
export const needsQuiet = (name: string): boolean => chatCommand(name)?.quiet === true;

/** Each file and what became of it. */
function undoneLines({ files, commands, undoId }: UndoReport, say: CommandWords): readonly string[] {
  const lines = files.map(({ path, result, detail }) => `- ${say.undoneFile[result]}: ${asCode(path)}${detail === undefined ? '' : ` (${detail})`}`);
  // An empty line ends the list; without one the next words would belong to its last item.
  return [...lines, ...(commands ? ['', say.commandsStay] : []), ...(undoId === undefined ? [] : ['', say.undoUndo(undoId)])];
}

/** A name as it is, whatever Markdown would make of it. */
const asCode = (name: string): string => (name.includes('`') ? `\`\` ${name} \`\`` : `\`${name}\``);

function modelName(look: () => ReadyModel): string {
  try {
    return look().ref;
  } catch (error) {
    return toCoPawError(error).message;
  }
}
