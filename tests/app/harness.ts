// A whole CoPaw on a fresh home below the temporary directory, in this process, with the offline model unless config says otherwise.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../../src/app.ts';
import { createHome } from '../../src/config/home.ts';
import { personaFor } from '../../src/config/persona/index.ts';
import type { ApprovalDecision } from '../../src/core/policy.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { noticeSha256 } from '../../src/review/notice.ts';

export interface World {
  readonly home: string;
  readonly workspace: string;
  readonly app: App;
  readonly faults: unknown[];
  /** Sends one message and collects its turn; approvals are answered with `decision`. */
  ask(text: string, decision?: ApprovalDecision): Promise<readonly PlacedEvent[]>;
  /** Stops CoPaw and starts it again on the same home. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(sessionId = 'test'): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-app-'));
  const home = join(folder, 'home');
  createHome(home, {
    language: 'en',
    timezone: 'UTC',
    persona: personaFor('en'),
    acceptance: { sha256: noticeSha256, version: '0', time: '2026-01-01T00:00:00.000Z', how: 'flag' },
  });
  const faults: unknown[] = [];
  const open = (): Promise<App> => openApp({ home, environment: { PATH: process.env.PATH }, version: '0', onFault: (error) => faults.push(error) });
  let app = await open();
  return {
    home,
    workspace: join(home, 'workspaces/main'),
    get app() {
      return app;
    },
    faults,
    async ask(text, decision = 'deny') {
      const { turnId } = await app.operator.submit({ channel: 'cli', sessionId, text });
      const events: PlacedEvent[] = [];
      for await (const event of app.operator.events({ turnId, after: '0' }, new AbortController().signal)) {
        events.push(event);
        if (event.type === 'approval-request') await app.operator.answer(event.approval.id, decision, 'test');
      }
      return events;
    },
    async restart() {
      await app.stop();
      app = await open();
    },
    async close() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The last thing the assistant said. */
export function answerOf(events: readonly PlacedEvent[]): string {
  return events.flatMap((event) => (event.type === 'message' && event.message.role === 'assistant' ? [event.message.text] : [])).at(-1) ?? '';
}
