// When an agent learns: from a conversation that has rested, and about MEMORY.md at night. What is off sets no timer and asks no model.

import { CoPawError, toCoPawError } from '../core/error.ts';
import type { FileInfo, Files } from '../core/files.ts';
import type { Dream } from '../core/learning.ts';
import type { ReadyModel } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { oneAtATime } from '../lib/one-at-a-time.ts';
import { startOfDay } from './day-spending.ts';
import { dreamOf, mostBytes } from './learn-dream.ts';
import { type LearnedMemory, learnFacts } from './learn-facts.ts';
import type { SideParts } from './side-call.ts';
import type { Taint } from './taint.ts';

export interface LearningWishes {
  readonly facts: boolean;
  readonly dreams: boolean;
  /** Local hour of the dream. */
  readonly hour: number;
}

export interface LearningParts extends SideParts {
  readonly store: Pick<Store, 'commit' | 'learning' | 'sessions' | 'entries' | 'turns'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly memory: LearnedMemory;
  readonly taint: Pick<Taint, 'markOf'>;
  files(agentId: string): Files;
  /** The one that learns. */
  model(agentId: string): ReadyModel;
  agents(): readonly string[];
  wishes(agentId: string): LearningWishes;
  audit(kind: string, detail: Readonly<Record<string, string | number>>): Promise<unknown>;
  onFault(error: unknown): void;
}

export interface Learning {
  /** At start, and when what is wished may have changed: finds conversations that were not learned from yet, and arms the night. */
  look(): Promise<void>;
  turnEnded(turnId: string): void;
  /** Undefined where there is nothing to tidy. Rejects where the model fails or may not be asked. */
  dreamNow(agentId: string): Promise<Dream | undefined>;
  stop(): Promise<void>;
}

/** A conversation in which nobody spoke for so long rests. */
export const restMs = 20 * 60_000;
/** Conversations that are waited for at a time; of more the oldest are looked at after the next start. */
const mostWaiting = 200;
const entriesAtOnce = 500;
/** Rounds for one conversation, so that a long one costs no more at a time. */
const mostRounds = 4;
const dayMs = 24 * 60 * 60_000;
/** Before the first dream, notes of so many days are read. */
const firstDays = 7;
/** Notes one dream reads. */
const mostNotes = 50;

export function createLearning(parts: LearningParts): Learning {
  const { store, clock } = parts;
  const resting = new Map<string, Timer>();
  const nights = new Map<string, Timer>();
  const alone = oneAtATime();
  const end = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  /** Work nobody waits for: a failure is written down, and the next rest or night tries again. */
  const inBackground = (work: () => Promise<unknown>): void => {
    last = alone(work).catch((error: unknown) => {
      if (end.signal.aborted) return;
      const { code } = toCoPawError(error);
      if (error instanceof CoPawError) parts.log('warn', 'learning-failed', { code });
      else parts.onFault(error);
    });
  };

  const learn = async (sessionId: string): Promise<void> => {
    for (let round = 0; round < mostRounds; round++) {
      const session = await store.sessions.get(sessionId);
      if (!session || end.signal.aborted || !parts.wishes(session.agentId).facts) return;
      const found = await store.entries.after({ sessionId, after: await store.learning.through(sessionId), limit: entriesAtOnce });
      const newest = found.at(-1);
      if (!newest) return;
      // Strangers' words are in it: whatever it says of the person may be theirs.
      if (!session.tainted) {
        const id = parts.ids('learn');
        const day = localDate(clock.now(), parts.settings(session.agentId).timezone);
        const isMarked = async (path: string): Promise<boolean> => {
          const files = parts.files(session.agentId);
          const content = (await files.stat(path))?.kind === 'file' ? await files.read(path) : undefined;
          return (await parts.taint.markOf(session.agentId, path, content)) !== undefined;
        };
        // Taken back may be what stands far below.
        const undone = await store.entries.undone(sessionId);
        const entries = found.filter(({ turnId }) => !undone.has(turnId));
        const learned = await learnFacts({ ...parts, isMarked }, { model: parts.model(session.agentId), session, entries, id, day }, end.signal);
        parts.log('info', 'learned', { sessionId, ...learned });
        if (learned.written > 0) await parts.audit('memory-learned', { sessionId, agentId: session.agentId, written: learned.written });
      }
      await store.learning.setThrough(sessionId, newest.seq);
      if (found.length < entriesAtOnce) return;
    }
  };

  const wait = (sessionId: string): void => {
    resting.get(sessionId)?.cancel();
    resting.delete(sessionId);
    for (const [oldest, timer] of resting) {
      if (resting.size < mostWaiting) break;
      timer.cancel();
      resting.delete(oldest);
    }
    const timer = clock.after(restMs, () => {
      resting.delete(sessionId);
      inBackground(() => learn(sessionId));
    });
    resting.set(sessionId, timer);
  };

  const dream = async (agentId: string): Promise<Dream | undefined> => {
    const files = parts.files(agentId);
    const info = await files.stat('MEMORY.md');
    const there = await memoryNow(files);
    const seen = await store.learning.seen(agentId);
    const isNew = (path: string): boolean => there.get(path)?.stamp !== seen?.get(path);
    const fresh = [...there.values()].filter((one) => (seen ? isNew(one.path) : one.modifiedAt > clock.now() - firstDays * dayMs));
    if (fresh.length === 0) return undefined;
    const notes = await readNotes(parts, agentId, fresh);
    if ((info?.size ?? 0) > mostBytes)
      throw new CoPawError('too-large', `MEMORY.md has more than ${mostBytes / 1024} kB.`, { next: 'Shorten it by hand; it is too long to be gone through.' });
    const before = info === undefined ? '' : await files.readText('MEMORY.md');
    if ((await parts.taint.markOf(agentId, 'MEMORY.md', Buffer.from(before))) !== undefined)
      throw new CoPawError('forbidden', 'MEMORY.md holds the words of strangers, so nothing is built on it.', {
        next: 'Look at it, then `copaw taint clear MEMORY.md`.',
      });
    // A proposal is kept in the database, where no secret belongs.
    if (parts.redact(before) !== before)
      throw new CoPawError('forbidden', 'MEMORY.md holds the value of a secret, so no copy of it is made.', { next: 'Take it out of the file.', rule: 'R23' });
    const made = await dreamOf(parts, { model: parts.model(agentId), agentId, id: parts.ids('learn'), before, notes }, end.signal);
    await store.learning.setSeen(agentId, new Map([...there].map(([path, { stamp }]) => [path, stamp])));
    if (!made) return undefined;
    await store.learning.addDream(made);
    await parts.audit('dream-proposed', { id: made.id, agentId });
    return made;
  };

  const arm = (agentId: string): void => {
    nights.get(agentId)?.cancel();
    nights.delete(agentId);
    const { dreams, hour } = parts.wishes(agentId);
    if (!dreams || end.signal.aborted) return;
    const due = nextHour(clock.now(), hour, parts.settings(agentId).timezone);
    const timer = clock.after(due - clock.now(), () => {
      if (parts.wishes(agentId).dreams) inBackground(() => dream(agentId));
      arm(agentId);
    });
    nights.set(agentId, timer);
  };
  const armAll = (): void => {
    for (const timer of nights.values()) timer.cancel();
    nights.clear();
    for (const agentId of parts.agents()) arm(agentId);
  };

  return {
    async look() {
      armAll();
      if (!parts.agents().some((agentId) => parts.wishes(agentId).facts)) return;
      for (const { id, agentId } of await store.sessions.list({ limit: mostWaiting / 4 })) {
        if (!parts.wishes(agentId).facts) continue;
        const newest = (await store.entries.tail(id, 1)).at(-1);
        if (newest && newest.seq > (await store.learning.through(id)) && !resting.has(id)) wait(id);
      }
    },
    turnEnded(turnId) {
      if (!parts.agents().some((agentId) => parts.wishes(agentId).facts)) return;
      store.turns
        .get(turnId)
        .then((turn) => {
          if (turn && !end.signal.aborted && parts.wishes(turn.agentId).facts) wait(turn.sessionId);
        })
        .catch(parts.onFault);
    },
    dreamNow: (agentId) => alone(() => dream(agentId)),
    async stop() {
      end.abort();
      for (const timer of [...resting.values(), ...nights.values()]) timer.cancel();
      await last;
    },
  };
}

interface Found {
  readonly path: string;
  readonly modifiedAt: number;
  readonly stamp: string;
}

/** MEMORY.md and the notes below memory/, by path. The stamp is another one after any change. */
async function memoryNow(files: Files): Promise<ReadonlyMap<string, Found>> {
  const notes = (await files.stat('memory'))?.kind === 'directory' ? await files.list('memory', { recursive: true }) : [];
  const found = [await files.stat('MEMORY.md'), ...notes].flatMap((info) => {
    if (info?.kind !== 'file' || !info.path.endsWith('.md') || info.size > mostBytes) return [];
    return [{ path: info.path, modifiedAt: info.modifiedAt, stamp: stampOf(info) }];
  });
  return new Map(found.map((one) => [one.path, one]));
}

export const stampOf = ({ modifiedAt, size }: Pick<FileInfo, 'modifiedAt' | 'size'>): string => `${modifiedAt}:${size}`;

/** The newest of these notes, without those that hold the words of strangers. */
async function readNotes(parts: LearningParts, agentId: string, found: readonly Found[]): Promise<readonly { path: string; text: string }[]> {
  const notes: { path: string; text: string }[] = [];
  const newest = found.filter(({ path }) => path !== 'MEMORY.md').toSorted((a, b) => b.modifiedAt - a.modifiedAt);
  for (const { path } of newest.slice(0, mostNotes)) {
    const content = await parts.files(agentId).read(path);
    if ((await parts.taint.markOf(agentId, path, content)) === undefined) notes.push({ path, text: new TextDecoder().decode(content) });
  }
  return notes;
}

/** The next moment at which a clock on the wall shows this hour. */
export function nextHour(now: number, hour: number, timezone: string): number {
  const today = startOfDay(now, timezone) + hour * 60 * 60_000;
  if (today > now) return today;
  // A day later at noon it is tomorrow, whatever the clocks do in between.
  return startOfDay(startOfDay(now, timezone) + 1.5 * dayMs, timezone) + hour * 60 * 60_000;
}

const localDate = (at: number, timezone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(at);
