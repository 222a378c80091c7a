// Conversations for the operator: find, name, put away, copy, take out and bring in, delete.
import type { ZodType } from 'zod';
import { readSaid } from '../agent/read-said.ts';
import type { AuditDoor } from '../core/audit.ts';
import { CoPawError } from '../core/error.ts';
import type { Accepted, SessionSummary } from '../core/operator.ts';
import type { SaidRow } from '../core/said.ts';
import type { Redact } from '../core/secret.ts';
import type { Session } from '../core/session.ts';
import type { SessionHit, SessionsAdmin } from '../core/sessions.ts';
import type { Store } from '../core/store.ts';
import type { PlacedEvent } from '../core/turn-event.ts';
import type { Clock } from '../lib/clock.ts';
import { excerpt } from '../lib/excerpt.ts';
import type { Ids } from '../lib/ids.ts';
import { redactDeep } from '../lib/redactor.ts';
import { exportSession } from './export-session.ts';
import { forkSession } from './fork-session.ts';
import { importSessions } from './import-sessions.ts';
import type { SayThere } from './say-there.ts';
import { summaryOf } from './session-summary.ts';

/** What a running CoPaw adds: turns that run, and new ones. */
export interface LiveSessions {
  running(sessionId: string): boolean;
  /** Does this while nothing runs in the session. */
  quietly<T>(sessionId: string, work: () => Promise<T>): Promise<T>;
  /** What is remembered of its words is let go. */
  forget(sessionId: string): void;
  regenerate(sessionId: string, options: { readonly turnId?: string; readonly files: boolean }): Promise<Accepted>;
  readonly say: SayThere;
}

export interface SessionsParts {
  readonly store: Pick<Store, 'commit' | 'sessions' | 'entries' | 'turns' | 'jobs' | 'inbox'>;
  readonly redact: Redact;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly audit: Pick<AuditDoor, 'append'>;
  /** For the audit: "cli", "console:device-id". */
  readonly by: string;
  /** Of imported sessions. */
  agentId(): string;
  /** Throws `model-missing` where none of this name is set up. */
  checkModel(agentId: string, ref: string): unknown;
  search(question: { readonly text: string; readonly limit: number; readonly before?: number }): Promise<{
    readonly rows: readonly SaidRow[];
    readonly terms: readonly string[];
  }>;
  readonly placedEvent: ZodType<PlacedEvent>;
  /** Absent where no CoPaw runs. */
  readonly live?: LiveSessions;
}

const excerptLength = 200;
/** Sessions found by their title. */
const mostTitled = 20;
const longestTitle = 200;

export function createSessionsAdmin(parts: SessionsParts): SessionsAdmin {
  const { store, audit, by, live, redact } = parts;
  const summary = (session: Session): SessionSummary => summaryOf(session, live?.running(session.id) ?? false, redact);
  const find = async (id: string): Promise<Session> => {
    const session = await store.sessions.get(id);
    if (session) return session;
    throw new CoPawError('not-found', `There is no session ${id}.`, { next: 'See `copaw sessions list`.' });
  };
  /** Nothing runs where no CoPaw does; what a crash left open ends at the next start. */
  const atRest = async (id: string): Promise<void> => {
    const turns = (await store.turns.open()).some(({ sessionId }) => sessionId === id);
    const messages = (await store.inbox.open()).some((row) => row.sessionId === id || row.envelope.inbound.chat.id === id);
    if (turns || messages) throw new CoPawError('conflict', 'Something is still under way in this conversation.', { next: 'Start CoPaw with `copaw start`.' });
  };
  const running = (): LiveSessions => {
    if (live) return live;
    throw new CoPawError('conflict', 'No CoPaw runs on this home, so nothing can answer.', { next: 'Start it with `copaw start`.', retryable: false });
  };

  return {
    list: async (page) => (await store.sessions.list(page)).map(summary),
    get: async (id) => summary(await find(id)),
    async read(id, page) {
      await find(id);
      return redactDeep(await readSaid(store, id, page), redact);
    },
    async search(question) {
      const words = question.text.trim();
      const [titled, { rows, terms }] = await Promise.all([
        words === '' || question.before !== undefined ? [] : store.sessions.titled(words, mostTitled),
        parts.search(question),
      ]);
      return redactDeep({ titled: titled.map(summary), hits: rows.map((row) => hitOf(row, terms)) }, redact);
    },
    async change(id, { title, ...flags }) {
      const name = title?.replace(/\s+/gu, ' ').trim();
      if (name !== undefined && (name === '' || name.length > longestTitle))
        throw new CoPawError('invalid', `A title has 1 to ${longestTitle} characters.`, { next: 'Choose another one.' });
      const { agentId } = await find(id);
      if (flags.model != null) parts.checkModel(agentId, flags.model);
      const changed = await store.sessions.change(id, { ...flags, ...(name === undefined ? {} : { title: redact(name) }) });
      return summary(changed ?? (await find(id)));
    },
    async remove(id, { reminders }) {
      await find(id);
      const waiting = await store.jobs.countScheduled(id);
      if (waiting > 0 && !reminders)
        throw new CoPawError('conflict', waiting === 1 ? 'A reminder waits in this conversation.' : `${waiting} reminders wait in this conversation.`, {
          next: 'Delete it with its reminders, or archive it.',
          retryable: false,
        });
      const drop = async (): Promise<void> => {
        await audit.append('session-removed', { actor: by, sessionId: id, reminders: waiting });
        await store.commit({ transition: 'session-dropped', drop: id, ...(reminders ? { dropReminders: id } : {}) });
      };
      if (!live) await atRest(id);
      await (live ? live.quietly(id, drop) : drop());
      live?.forget(id);
    },
    async fork(id, turnId) {
      return summary(await forkSession(parts, await find(id), turnId));
    },
    async regenerate(id, options) {
      await find(id);
      return running().regenerate(id, options);
    },
    async say(id, message) {
      return running().say(await find(id), message);
    },
    async *export(id, format) {
      const session = redactDeep(await find(id), redact);
      await audit.append('session-exported', { actor: by, sessionId: id, format });
      for await (const line of exportSession(store, session, format, redact)) yield line;
    },
    async importLines(lines) {
      const { sessions, lines: read } = await importSessions({ ...parts, agentId: parts.agentId() }, lines);
      await audit.append('sessions-imported', { actor: by, sessions: sessions.length, lines: read });
      return { sessions: sessions.map(({ session, messages }) => ({ session: summary(session), messages })), lines: read };
    },
  };
}

function hitOf({ entry, session }: SaidRow, terms: readonly string[]): SessionHit {
  const { seq, turnId, at, event } = entry;
  const { role, text } = event.type === 'message' ? event.message : { role: 'user' as const, text: '' };
  return { sessionId: session.id, title: session.title, seq, turnId, at, role, excerpt: excerpt(text, terms, excerptLength) };
}
