// A whole CoPaw on chat channels: who writes is the attacker, or the model is, in a conversation with somebody who may write.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { createHome } from '../../src/config/home.ts';
import { personaFor } from '../../src/config/persona/index.ts';
import { groupFolder } from '../../src/core/address.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { noticeSha256 } from '../../src/review/notice.ts';
import { createFakeChannel, type FakeChannel } from '../../src/testing/fake-channel.ts';
import { type Call, createScriptedModel, type ScriptedModel } from '../app/scripted-model.ts';

export interface SenderWorld {
  readonly app: App;
  readonly chat: FakeChannel;
  readonly model: ScriptedModel;
  readonly folder: string;
  readonly home: string;
  readonly workspace: string;
  readonly faults: unknown[];
  /** Has the event delivered and then shows that nobody was answered and no model asked: only the next message of "ana" is. `pairing`: one fixed text may have gone to the stranger. */
  ignores(deliver: () => Promise<unknown>, options?: { readonly pairing?: boolean }): Promise<void>;
  /** One message that is let in, played with these calls; the events of its turn. */
  converse(words: Partial<Extract<Inbound, { kind: 'message' }>>, calls: readonly Call[], account?: string): Promise<readonly PlacedEvent[]>;
  close(): Promise<void>;
}

export const team = { id: 'team', kind: 'group' } as const;
const folderOf = (chat: string): string => groupFolder({ channel: 'fake', account: 'main', chat });
/** The folder of the listed group, and of another one, below the workspace. */
export const folders = { team: folderOf('team'), board: folderOf('board') } as const;
export const canaries = { memory: 'canary-private-memory-31', file: 'canary-operator-file-42', group: 'canary-other-group-53' } as const;

export async function openSenderWorld(more: object = {}): Promise<SenderWorld> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copaw-sender-')));
  const home = join(folder, 'home');
  const acceptance = { sha256: noticeSha256, version: '0', time: '2026-01-01T00:00:00.000Z', how: 'flag' } as const;
  createHome(home, { language: 'en', timezone: 'UTC', persona: personaFor('en'), acceptance });
  const often = { senderPerMinute: 1_000, chatPerMinute: 1_000 };
  writeFileSync(
    join(home, 'config.json'),
    JSON.stringify({
      version: 1,
      timezone: 'UTC',
      agents: { main: { stepLimit: 500 } },
      channels: {
        fake: {
          main: { enabled: true, allow: ['ana'], operators: ['owner'], groups: { team: { allow: ['ana', 'bob'] } }, pairing: false, ...often },
          pairs: { enabled: true, allow: [], pairing: true, ...often },
          off: { allow: ['ana'], operators: ['owner'] },
        },
      },
      ...more,
    }),
  );
  const workspace = join(home, 'workspaces/main');
  writeFileSync(join(workspace, 'MEMORY.md'), `- ${canaries.memory}\n`);
  writeFileSync(join(workspace, 'private.txt'), `${canaries.file}\n`);
  for (const group of Object.values(folders)) mkdirSync(join(workspace, group), { recursive: true });
  writeFileSync(join(workspace, folders.board, 'plan.txt'), `${canaries.group}\n`);
  const model = createScriptedModel();
  const chat = createFakeChannel({ now: () => Date.now() });
  const faults: unknown[] = [];
  const app = await openApp({
    ...{ home, environment: { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), HOME: folder }, version: '0' },
    onFault: (error) => faults.push(error),
    provider: model.provider,
    channels: { fake: chat.factory },
  });
  /** Every turn that begins from here on, to its end. */
  const nextTurn = async (deliver: () => Promise<unknown>): Promise<readonly PlacedEvent[]> => {
    const stop = new AbortController();
    const events: PlacedEvent[] = [];
    const after = String(await app.store.entries.lastSeq());
    const reading = (async () => {
      for await (const event of app.operator.events({ after }, stop.signal)) {
        events.push(event);
        if (event.type === 'approval-request') await app.operator.answer(event.approval.id, 'deny', 'test').catch(() => undefined);
        if (event.type === 'turn-end') return;
      }
    })();
    await deliver();
    await reading;
    stop.abort();
    return events;
  };
  return {
    ...{ app, chat, model, folder, home, workspace, faults },
    async ignores(deliver, { pairing = false } = {}) {
      const [sent, asked] = [chat.sent.length, model.requests.length];
      model.play();
      await deliver();
      // Lanes and the outbox are in order: once this one is answered, what came before it was dealt with.
      const events = await nextTurn(() => chat.say('ping'));
      const messages = events.filter((event) => event.type === 'message' && event.message.role === 'user');
      expect(messages.map((event) => (event.type === 'message' ? event.message.text : ''))).toEqual(['ping']);
      expect(model.requests.length - asked, 'times the model was asked').toBe(1);
      await chat.arrived(sent + 1);
      const late = chat.sent.slice(sent).filter(({ to }) => to.chat !== 'chat-of-ana');
      if (pairing) for (const { message } of late) expect(message.text).toMatch(/^I only answer people my operator has let in\./u);
      else expect(late).toEqual([]);
    },
    async converse(words, calls, account) {
      model.play(...calls.map((call) => [call]));
      return nextTurn(() => chat.say(words.text ?? 'go', words, account));
    },
    async close() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
