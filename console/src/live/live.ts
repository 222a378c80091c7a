// The console's one source of truth while it is open: asks the API, follows the stream, and tells React when something changed.
import type { ApprovalDecision, History, PlacedEvent } from '../../../src/http/contract.ts';
import { forgetWritten } from '../settings.tsx';
import { forgetPush } from '../shell/push-browser.ts';
import { ApiError, api, newId, type Trouble, troubleOf } from './api.ts';
import { followEvents } from './event-source.ts';
import { keptRemovals } from './kept-removals.ts';
import type { KeptSend } from './kept-sends.ts';
import { emptyLive, type LiveAction, type LiveState, liveReducer } from './live-state.ts';
import { ownKey } from './own-key.ts';
import { Sending } from './sending.ts';
import { findTurnBefore, type TurnBefore } from './turn-before.ts';
import { WaitingFiles } from './waiting-files.ts';

/** Events of the newest page, of an older one, and of one on the way to a message: the most a page may have. */
const pageSize = 200;
const earlierSize = 500;
const reachSize = 1000;
/** Sessions the list asks for, and how many more at a press; fewer means that these are all. */
const sessionsPage = 200;
const mostSessions = 1000;
const refreshMs = 250;
/** How often what no event tells is looked at while the page is seen: the disk, channels, who asks to be let in. */
const lookMs = 10_000;
/** How long a delete can be taken back. */
const removeMs = 8_000;
/** Pages of older messages that are loaded on the way to one. */
const mostPages = 100;

export class Live {
  #state: LiveState = emptyLive;
  readonly #listeners = new Set<() => void>();
  readonly #onLoggedOut: () => void;
  #stream: ReturnType<typeof followEvents> | undefined;
  #looking: ReturnType<typeof setInterval> | undefined;
  readonly #sending = new Sending({
    send: api.send,
    login: () => ownKey.login(),
    isOpen: () => this.#stream !== undefined && this.#state.connection === 'open',
    log: (sessionId) => this.#state.chats.get(sessionId)?.state.log ?? [],
    lookAt: (error) => this.#lookAt(error),
    show: (sessionId, action) => this.#do({ type: 'chat', sessionId, action }),
  });
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  /** Which start this is; what an older one still waits for no longer counts. */
  #run = 0;
  #sessions = sessionsPage;
  /** By session: its first or an older page on its way. */
  readonly #loading = new Map<string, Promise<void>>();
  /** By session: the newest try to read its history again. */
  readonly #readings = new Map<string, symbol>();
  readonly #removals = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; readonly now: () => void }>();
  /** By session: the files of what is being written there. */
  readonly #files = new Map<string, WaitingFiles>();
  /** Who leaves the page has seen it deleted. */
  readonly #leave = (): void => {
    for (const { now } of [...this.#removals.values()]) now();
  };

  readonly #look = (): void => {
    if (!document.hidden && this.#state.connection !== 'lost') void this.#refreshStatus();
  };

  constructor(onLoggedOut: () => void) {
    this.#onLoggedOut = onLoggedOut;
  }

  readonly snapshot = (): LiveState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Finds the newest event there is and follows from there: what is older comes with each history. */
  async start(): Promise<void> {
    const run = ++this.#run;
    addEventListener('pagehide', this.#leave);
    document.addEventListener('visibilitychange', this.#look);
    this.#looking = setInterval(this.#look, lookMs);
    const removals = keptRemovals.all();
    for (const sessionId of removals) this.#do({ type: 'leaving', sessionId, leaves: true });
    await this.refresh();
    for (const sessionId of removals) this.#removeAgain(sessionId);
    // Of one that is being deleted nothing may be there to be asked for.
    const latest = this.#state.sessions?.find(({ id }) => !removals.includes(id));
    const newest = latest ? (await this.#ask(api.history(latest.id, 1)))?.events.at(-1)?.id : undefined;
    if (run !== this.#run) return;
    /** Something may have happened that no event tells of. */
    let behind = false;
    this.#stream = followEvents(newest ?? '0', {
      events: (events) => this.#follow(events),
      opened: () => {
        if (behind) this.#refreshSoon();
        behind = false;
        this.#do({ type: 'connection', connection: 'open' });
        this.#sending.goOn();
      },
      lost: () => {
        if (this.#state.connection !== 'lost') void this.#ask(api.status());
        this.#do({ type: 'connection', connection: 'lost' });
        behind = true;
      },
      rested: () => {
        this.#do({ type: 'connection', connection: 'connecting' });
        behind = true;
      },
    });
  }

  stop(): void {
    this.#run++;
    removeEventListener('pagehide', this.#leave);
    this.#leave();
    document.removeEventListener('visibilitychange', this.#look);
    clearInterval(this.#looking);
    this.#stream?.stop();
    this.#stream = undefined;
    clearTimeout(this.#refreshing);
    this.#leaveFiles();
  }

  #leaveFiles(): void {
    for (const files of this.#files.values()) files.leave();
    this.#files.clear();
  }

  /** The files of the message that is being written there. */
  filesOf(sessionId: string): WaitingFiles {
    const files = this.#files.get(sessionId) ?? new WaitingFiles(sessionId);
    this.#files.set(sessionId, files);
    return files;
  }

  /** Tries now to be connected again. */
  reconnect(): void {
    this.#stream?.now();
  }

  async #refreshStatus(): Promise<void> {
    const status = await this.#ask(api.status(!document.hidden));
    if (status) this.#do({ type: 'status', status });
  }

  /** The list, what waits, model and usage. */
  async refresh(): Promise<void> {
    const [sessions, approvals] = await Promise.all([this.#ask(api.sessions(this.#sessions)), this.#ask(api.approvals()), this.#refreshStatus()]);
    if (sessions) {
      const full = sessions.sessions.length === this.#sessions;
      // What is pinned is shown however old it is.
      const pinned = full ? ((await this.#ask(api.pinned()))?.sessions ?? []) : [];
      const older = pinned.filter(({ id }) => !sessions.sessions.some((one) => one.id === id));
      this.#do({ type: 'sessions', sessions: [...sessions.sessions, ...older], hasMore: full && this.#sessions < mostSessions });
    }
    if (approvals) this.#do({ type: 'approvals', approvals: approvals.approvals });
  }

  /** Asked for once. */
  async commands(): Promise<void> {
    if (this.#state.commands !== undefined) return;
    const answer = await this.#ask(api.commands());
    if (answer) this.#do({ type: 'commands', commands: answer.commands });
  }

  async moreSessions(): Promise<void> {
    this.#sessions = Math.min(this.#sessions + sessionsPage, mostSessions);
    await this.refresh();
  }

  /** Loads a conversation unless it is here. One that no message was sent to yet is not asked for. */
  async open(sessionId: string): Promise<void> {
    const { chats, sessions = [] } = this.#state;
    const phase = chats.get(sessionId)?.phase;
    if (phase === 'loading') return this.#loading.get(sessionId);
    if (phase === 'ready') return;
    const fresh = sessions.length < this.#sessions && !sessions.some((session) => session.id === sessionId);
    this.#do({ type: 'chat-opened', sessionId, fresh });
    this.#sending.opened(sessionId);
    if (!fresh) await this.#meanwhile(sessionId, this.#first(sessionId));
  }

  async #first(sessionId: string): Promise<void> {
    try {
      const { events } = await api.history(sessionId, pageSize);
      this.#do({ type: 'chat-loaded', sessionId, events, hasEarlier: events.length === pageSize });
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not-found') this.#do({ type: 'chat-loaded', sessionId, events: [], hasEarlier: false });
      else this.#do({ type: 'chat-failed', sessionId, problem: troubleOf(error) });
    }
  }

  /** Whoever needs a history that is being read waits for the same reading. */
  async #meanwhile(sessionId: string, reading: Promise<void>): Promise<void> {
    this.#loading.set(sessionId, reading);
    await reading;
    if (this.#loading.get(sessionId) === reading) this.#loading.delete(sessionId);
  }

  /** Renames, pins, archives; throws what went wrong. */
  async change(sessionId: string, change: Parameters<typeof api.changeSession>[1]): Promise<void> {
    await api.changeSession(sessionId, change);
    await this.refresh();
  }

  /** Deletes a conversation in a moment; until then it can be kept. `failed` is told why it was not. */
  removeSoon(sessionId: string, failed: (error: unknown) => void): void {
    this.#do({ type: 'leaving', sessionId, leaves: true });
    const remove = (keepalive: boolean): void => {
      this.keep(sessionId);
      this.#do({ type: 'leaving', sessionId, leaves: true });
      void this.remove(sessionId, false, keepalive).catch(failed);
    };
    this.#removals.set(sessionId, { timer: setTimeout(() => remove(false), removeMs), now: () => remove(true) });
  }

  /** What was asked for before a reload is asked for again, also where it is not in the list: it may be archived, or beyond the first page. */
  #removeAgain(sessionId: string): void {
    this.remove(sessionId, false).catch((error: unknown) => {
      // It is in the list again; where nobody answered, it is asked for at the next start.
      if (error instanceof ApiError && error.code === 'unreachable') keptRemovals.add(sessionId);
    });
  }

  /** What was to be deleted stays. */
  keep(sessionId: string): void {
    clearTimeout(this.#removals.get(sessionId)?.timer);
    this.#removals.delete(sessionId);
    this.#do({ type: 'leaving', sessionId, leaves: false });
  }

  async remove(sessionId: string, reminders: boolean, keepalive = false): Promise<void> {
    keptRemovals.add(sessionId);
    try {
      await api.removeSession(sessionId, reminders, keepalive).catch((error: unknown) => {
        if (!(error instanceof ApiError && error.code === 'not-found')) throw error; // gone it is
      });
      this.#do({ type: 'gone', sessionId });
      this.#files.get(sessionId)?.leave();
      this.#files.delete(sessionId);
      forgetWritten(sessionId);
    } catch (error) {
      this.#do({ type: 'leaving', sessionId, leaves: false });
      throw error;
    } finally {
      keptRemovals.drop(sessionId);
    }
  }

  /** Shows a turn of a conversation: loads what is older until all of it is there, and puts that in at once. */
  async reach(sessionId: string, turnId: string): Promise<void> {
    const { goal } = this.#state;
    if (goal?.sessionId === sessionId && goal.turnId === turnId) return;
    this.#do({ type: 'goal', goal: { sessionId, turnId } });
    await this.open(sessionId);
    while (this.#loading.has(sessionId)) await this.#loading.get(sessionId);
    const isWhole = (events: readonly PlacedEvent[]): boolean => events[0]?.turnId !== turnId && events.some((event) => event.turnId === turnId);
    const log = (): readonly PlacedEvent[] => this.#state.chats.get(sessionId)?.state.log ?? [];
    if (!isWhole(log())) await this.#load(sessionId, reachSize, isWhole);
    if (!log().some((event) => event.turnId === turnId)) this.reached();
  }

  /** See findTurnBefore. */
  turnBefore(sessionId: string, turnId: string): Promise<TurnBefore | undefined> {
    return findTurnBefore({ chat: () => this.#state.chats.get(sessionId), earlier: () => this.earlier(sessionId), mostPages }, turnId);
  }

  reached(): void {
    this.#do({ type: 'goal', goal: undefined });
  }

  /** One older page, or what is on its way already. */
  async earlier(sessionId: string): Promise<void> {
    await (this.#loading.get(sessionId) ?? this.#load(sessionId, earlierSize, () => true));
  }

  /** Older pages until one of them is the last that is wanted. */
  async #load(sessionId: string, size: number, isEnough: (page: readonly PlacedEvent[]) => boolean): Promise<void> {
    await this.#meanwhile(sessionId, this.#pages(sessionId, size, isEnough));
  }

  async #pages(sessionId: string, size: number, isEnough: (page: readonly PlacedEvent[]) => boolean): Promise<void> {
    const chat = this.#state.chats.get(sessionId);
    let oldest: string | undefined = chat?.state.log[0]?.id;
    if (!chat?.hasEarlier || chat.loadingEarlier || oldest === undefined) return;
    this.#do({ type: 'earlier-asked', sessionId });
    const pages: (readonly PlacedEvent[])[] = [];
    let hasEarlier = true;
    while (hasEarlier && pages.length < mostPages) {
      const page: History | undefined = await this.#ask(api.history(sessionId, size, oldest));
      if (!page) break;
      pages.unshift(page.events);
      oldest = page.events[0]?.id;
      hasEarlier = page.events.length === size;
      if (isEnough(page.events)) break;
    }
    this.#do({ type: 'earlier-loaded', sessionId, events: pages.flat(), hasEarlier });
  }

  /** Sends, or sends again under the same id; the server takes an id once. Where nobody answers it waits, and goes out once they do. */
  async send(sessionId: string, text: string, files: KeptSend['files'] = [], messageId = newId('m')): Promise<void> {
    const model = this.#state.picked.get(sessionId);
    await this.#sending.send({ sessionId, messageId, text, files, ...(model === undefined ? {} : { model }) });
  }

  /** This browser's credential is worth nothing from here on, and what was written here is forgotten. Throws what went wrong. */
  async logOut(): Promise<void> {
    const { current } = await api.devices();
    await api.revokeDevice(current);
    // Once the page is left nobody can write on.
    this.#onLoggedOut();
    this.#leaveFiles();
    forgetWritten();
    void forgetPush(true).catch(() => undefined); // CoPaw tells it nothing any more either way
  }

  /** The model of a conversation, or of one that is about to begin; null: the default. Throws what went wrong. */
  async pick(sessionId: string, ref: string | null): Promise<void> {
    if (this.#state.sessions?.some(({ id }) => id === sessionId) === true) await this.change(sessionId, { model: ref });
    else this.#do({ type: 'picked', sessionId, ref });
  }

  discard(sessionId: string, messageId: string): void {
    this.#sending.discard(sessionId, messageId);
  }

  async stopTurn(sessionId: string): Promise<void> {
    await this.#ask(api.stop(sessionId));
  }

  /** Why the answer was not taken; the card closes when the event comes. */
  async answer(approvalId: string, decision: ApprovalDecision): Promise<Trouble | undefined> {
    try {
      await api.answer(approvalId, decision);
      return undefined;
    } catch (error) {
      this.#lookAt(error);
      return troubleOf(error);
    }
  }

  #follow(events: readonly PlacedEvent[]): void {
    this.#do({ type: 'events', events });
    this.#sending.follow(events);
    if (events.some((event) => event.type === 'turn-start' || event.type === 'turn-end')) this.#refreshSoon();
    for (const sessionId of new Set(events.filter(startsOver).map((event) => event.sessionId))) void this.#again(sessionId);
  }

  /** The server may have moved or dropped what is shown: only it knows what is left. */
  async #again(sessionId: string): Promise<void> {
    if (!this.#state.chats.has(sessionId)) return;
    const reading = Symbol(sessionId);
    this.#readings.set(sessionId, reading);
    try {
      const { events } = await api.history(sessionId, pageSize);
      if (this.#readings.get(sessionId) === reading) this.#do({ type: 'chat-again', sessionId, events, hasEarlier: events.length === pageSize });
    } catch (error) {
      this.#lookAt(error);
      this.#do({ type: 'chat-failed', sessionId, problem: troubleOf(error) });
    }
  }

  #refreshSoon(): void {
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = undefined;
      void this.refresh();
    }, refreshMs);
  }

  /** The answer; undefined when there is none, which the banner or the login page then says. */
  async #ask<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      this.#lookAt(error);
      return undefined;
    }
  }

  #lookAt(error: unknown): void {
    if (error instanceof ApiError && error.code === 'unauthenticated' && this.#listeners.size > 0) this.#onLoggedOut();
  }

  #do(action: LiveAction): void {
    this.#state = liveReducer(this.#state, action);
    for (const listener of this.#listeners) listener();
  }
}

/** A command that begins the conversation anew, if whoever gave it may. */
function startsOver(event: PlacedEvent): boolean {
  return event.type === 'turn-start' && (event.command === 'new' || event.command === 'clear');
}
