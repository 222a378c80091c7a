// What the crash suites share: a platform, a model, a home, lives of CoPaw that end in a kill, and the rules that hold over all of them.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { createHome } from '../../src/config/home.ts';
import { personaFor } from '../../src/config/persona/index.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import type { Transition } from '../../src/core/journal.ts';
import type { InboxState, OutboxState } from '../../src/core/session.ts';
import { noticeSha256 } from '../../src/review/notice.ts';
import { openStore } from '../../src/store/open-store.ts';
import { type ModelServerReply, type ModelServerRequest, startModelServer } from '../../src/testing/model-server.ts';
import { startSpeechServer } from '../providers/speech.ts';
import { type Platform, startPlatform } from './platform.ts';

/** Writes of what shows an answer while it is made: none of them moves it. */
export type PreviewWrite = 'preview-stored' | 'preview-sent' | 'preview-removed';

export interface Kill {
  readonly at: Transition | PreviewWrite;
  readonly side: 'before' | 'after';
}

/** One run of CoPaw. */
export interface Life {
  /** Resolves with the signal or code it ended by. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  kill(): void;
  /** Resolves when no event, message, turn, part or reminder is open. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export interface CrashWorld {
  readonly platform: Platform;
  live(kill?: Kill): Promise<Life>;
  /** A person writes this to CoPaw, in a chat of its own unless one is named; returns the message's id. */
  say(text: string, more?: { readonly chat?: string; readonly forwarded?: boolean }): string;
  /** Something else than a message happens in a chat. */
  happen(kind: 'edit' | 'reaction', chat: string, target: string): void;
  /** The operator has a file written in a conversation of its own, and then asks it again and takes the file back, copies the conversation, or drops a copy. */
  change(what: 'again' | 'fork' | 'drop'): void;
  /** Whether the turn that wrote this file was taken back, and the file with it. */
  takenBack(path: string): Promise<boolean>;
  /** Checks every rule of delivery over everything that was ever said, and counts how messages and parts ended. */
  verify(): Promise<{ readonly messages: Partial<Record<InboxState, number>>; readonly parts: Partial<Record<OutboxState, number>> }>;
  close(): Promise<void>;
}

const person = { id: 'olga' };

/** `stream`: its account shows answers while they are made. `mergeSeconds`: it waits so long for what else somebody says. */
export async function openCrashWorld({ stream = false, mergeSeconds = 0 } = {}): Promise<CrashWorld> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copaw-crash-')));
  const home = join(folder, 'home');
  const platform = await startPlatform();
  const released = new Set<string>();
  const holding = new Map<string, () => void>();
  const model = await startModelServer('openai-compatible', script(released, holding));
  const speech = await startSpeechServer({ model: 'whisper' }, { text: 'plain words' });
  platform.onAcknowledged = (event) => {
    const [word, name = ''] = event.kind === 'message' ? event.text.split(' ') : [];
    if (word !== 'steer') return;
    released.add(name);
    holding.get(name)?.();
  };
  platform.onVisible = (text) => {
    const name = /^Growing (\w+) /u.exec(text)?.[1];
    if (name === undefined) return;
    released.add(name);
    holding.get(name)?.();
  };
  const acceptance = { sha256: noticeSha256, version: '0', time: '2026-01-01T00:00:00.000Z', how: 'flag' } as const;
  createHome(home, { language: 'en', timezone: 'UTC', persona: personaFor('en'), acceptance });
  const account = { enabled: true, operators: [person.id], senderPerMinute: 1_000, chatPerMinute: 1_000, stream, mergeSeconds };
  const provider = { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm' }] };
  const config = {
    version: 1,
    timezone: 'UTC',
    models: { default: 'it/m', providers: { it: provider, speech: { kind: 'openai-compatible', baseUrl: speech.baseUrl } } },
    transcription: { model: 'speech/whisper' },
    channels: { wire: { main: account, left: account, right: account } },
  };
  writeFileSync(join(home, 'config.json'), JSON.stringify(config));
  const said = new Map<string, Inbound>();
  const children = new Set<ChildProcessWithoutNullStreams>();
  let count = 0;

  const live = async (kill?: Kill): Promise<Life> => {
    const words = JSON.stringify({ home, platform: platform.url, kill });
    const env = { PATH: [dirname(process.execPath), process.env.PATH].join(':'), HOME: folder };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-app.ts'), words], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    children.add(child);
    child.stdin.on('error', () => undefined); // it was killed while it was asked
    let complaints = '';
    child.stderr.on('data', (text) => (complaints += String(text)));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const ended = once(child, 'close').then(([code, signal]) => {
      children.delete(child);
      return signal ?? code;
    });
    // A kill at a start may come before it is ready.
    const first = await lines.next();
    if (first.value !== 'ready' && kill === undefined) throw new Error(`CoPaw did not start: ${complaints}`);
    return {
      ended,
      kill: () => child.kill('SIGKILL'),
      async quiet() {
        for (let asked = 0; asked < 2_000; asked++) {
          child.stdin.write('status\n');
          const { value, done } = await lines.next();
          if (done) throw new Error(`CoPaw ended: ${complaints}`);
          if (JSON.parse(value).open === 0 && platform.unacknowledged === 0) return;
          await new Promise((resolve) => setTimeout(resolve, 25));
        }
        throw new Error(`It never came to rest: ${complaints}`);
      },
      async stop() {
        child.stdin.write('stop\n');
        expect(await ended, complaints).toBe(0);
        expect(complaints).toBe('');
      },
    };
  };

  const emit = (event: object): void => {
    platform.emit({ sender: person, at: Date.now(), ...event } as Inbound);
  };

  return {
    platform,
    live,
    say(text, { chat, forwarded } = {}) {
      const id = `m${++count}`;
      const event = { kind: 'message', id, text, chat: { id: chat ?? `chat-${id}`, kind: 'direct' }, ...(forwarded ? { forwarded } : {}) };
      said.set(id, event as Inbound);
      emit(event);
      return id;
    },
    happen(kind, chat, target) {
      emit({
        kind,
        id: `e${++count}`,
        chat: { id: chat, kind: 'direct' },
        target,
        ...(kind === 'edit' ? { text: 'other words' } : { emoji: '👍', added: true }),
      });
    },
    change(what) {
      for (const child of children) child.stdin.write(`own ${what} own-${++count}\n`);
    },
    async takenBack(path) {
      const store = await openStore(join(home, 'copaw.db'));
      try {
        const wrote = (await store.versions.turns({ limit: 10_000 })).find(({ paths, undoes }) => undoes === undefined && paths.includes(path));
        const undone = await store.entries.undone(wrote?.sessionId ?? '');
        return undone.has(wrote?.turnId ?? '') && !existsSync(join(home, 'workspaces/main', path));
      } finally {
        await store.close();
      }
    },
    async verify() {
      const store = await openStore(join(home, 'copaw.db'));
      const messages: Partial<Record<InboxState, number>> = {};
      const parts: Partial<Record<OutboxState, number>> = {};
      try {
        const entries = await store.entries.after({ after: 0, limit: 1_000_000 });
        const uses = new Map<string, Set<string>>();
        for (const { turnId, event } of entries) {
          if (event.type !== 'message' || event.message.role !== 'user') continue;
          const turns = uses.get(event.message.id) ?? new Set();
          expect(turns.has(turnId), `${event.message.id} is in its turn once`).toBe(false);
          uses.set(event.message.id, turns.add(turnId));
        }
        for (const [id, { chat }] of said) {
          const key = ['wire', 'main', chat.id, id].map(encodeURIComponent).join(':');
          const row = await store.inbox.get(key);
          expect(row, `${id} was accepted`).toBeDefined();
          expect(['answered', 'cancelled', 'refused', 'interrupted', 'failed'], `${id} came to an end`).toContain(row?.state);
          expect([...(uses.get(key) ?? [])], `${id} belongs to one turn`).toEqual([row?.turnId]);
          if (row) messages[row.state] = (messages[row.state] ?? 0) + 1;
        }
        expect([await store.turns.open(), await store.inbox.open(), await store.sessions.unfinished()]).toEqual([[], [], []]);
        for (const id of new Set(entries.map(({ sessionId }) => sessionId)))
          expect(await store.sessions.get(id), `${id} is there, or nothing of it`).toBeDefined();
        const answers = new Set(entries.flatMap(({ event }) => (event.type === 'turn-end' ? [event.answerId] : [])));
        expect(entries.filter(({ event }) => event.type === 'turn-end')).toHaveLength(answers.size);
        const seen = platform.visible.filter(({ answerId }) => answers.has(answerId)).map(({ answerId, part }) => `${answerId}/${part}`);
        expect(
          seen.filter((one, index) => seen.indexOf(one) !== index),
          'seen twice',
        ).toEqual([]);
        for (const answerId of answers) {
          for (const { part, state, ref } of await store.outbox.ofAnswer(answerId)) {
            parts[state] = (parts[state] ?? 0) + 1;
            const own = platform.visible.find((one) => one.answerId === answerId && one.part === part);
            const shown = own ?? platform.visible.find((one) => part === 0 && one.answerId === `live_${answerId}`);
            if (ref === 'log') continue; // the operator's own surfaces read the log itself
            if (state === 'sent') expect(ref, `the receipt of ${answerId}`).toBe(shown?.ref);
            else if (state === 'dead') expect(own, `${answerId} is dead and was not seen`).toBeUndefined();
            else expect(state, `${answerId} came to an end`).toBe('unknown');
          }
        }
        const compacted = entries.flatMap(({ event, turnId }) => (event.type === 'compaction' ? [turnId] : []));
        expect(new Set(compacted).size, 'no turn compacts twice').toBe(compacted.length);
        for (const { turnId, sessionId, undoneBy } of await store.versions.turns({ limit: 10_000 }))
          if (undoneBy !== undefined) expect(await store.entries.undone(sessionId), 'a turn whose files were taken back does not stand').toContain(turnId);
        const ran = readFileSync(join(home, 'workspaces/main/ran.txt'), { encoding: 'utf8', flag: 'a+' }).split('\n').filter(Boolean);
        const twice = ran.filter((name, index) => ran.indexOf(name) !== index);
        const told = entries.filter(({ event }) => twice.some((name) => JSON.stringify(event).includes(name)));
        expect(twice, `no command ran twice: ${JSON.stringify(told)}`).toEqual([]);
        return { messages, parts };
      } finally {
        await store.close();
      }
    },
    async close() {
      for (const child of children) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
      await model.close();
      await speech.close();
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Asked {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

const growing = (name: string): string => `Growing ${name} ${'word by word '.repeat(8)}until ${name} is whole.`;

/**
 * The model does what the person's first word says, with the second as the name of it all. "slow" waits until CoPaw has the "steer" of the same name, "grow"
 * until people see how it begins.
 */
function script(released: ReadonlySet<string>, holding: Map<string, () => void>): (count: number, request: ModelServerRequest) => ModelServerReply {
  const failed = new Set<string>();
  return (_count, { body }) => {
    if (body === '') return {}; // asked which models there are
    const { messages }: Asked = JSON.parse(body);
    const last = messages.at(-1);
    const text = JSON.stringify(messages.findLast(({ role }) => role === 'user')?.content).replace(/^.*<\/context>\\n/u, '');
    const [word = '', name = ''] = text.replace(/["\\].*$/u, '').split(' ');
    const call = (tool: string, input: object): ModelServerReply => ({
      text: 'I try.',
      calls: [{ id: `${word}-${name}`, name: tool, arguments: JSON.stringify(input) }],
    });
    if (last?.role === 'tool') return { text: `Done with ${name}.` };
    if (word === 'write') return call('write_file', { path: `${name}.txt`, content: name });
    if (word === 'run') return call('run_command', { command: `echo ${name} >> ran.txt`, network: true });
    if (word === 'bad') return call('no_such_tool', {});
    if (word === 'remind') return call('remind_me', { text: name, inSeconds: 1 });
    if (word === 'note') return call('memory_write', { path: 'MEMORY.md', text: name });
    if (word === 'retry' && !failed.has(name)) {
      failed.add(name);
      return { fault: 'rate', retryAfter: 0 };
    }
    if ((word === 'slow' || word === 'grow') && !released.has(name)) {
      const hold = new Promise<void>((resolve) => holding.set(name, resolve));
      return { text: word === 'grow' ? growing(name) : `Slowly ${name}.`, hold };
    }
    if (word === 'grow') return { text: growing(name) };
    if (word === 'endless') return { text: growing(name), hold: new Promise(() => undefined) };
    if (word === 'long') return { text: Array.from({ length: 900 }, (_, line) => `${line} of ${name}.`).join('\n\n') };
    return { text: `Answer to ${name}.` };
  };
}
