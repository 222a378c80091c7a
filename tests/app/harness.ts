// A whole CoPaw on a fresh home below the temporary directory, in this process, with the offline model unless config says otherwise.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type App, type AppOptions, openApp } from '../../src/app.ts';
import { createHome } from '../../src/config/home.ts';
import { personaFor } from '../../src/config/persona/index.ts';
import type { Approval, ApprovalDecision } from '../../src/core/policy.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { noticeSha256 } from '../../src/review/notice.ts';

export interface WorldOptions extends Pick<AppOptions, 'provider' | 'tools' | 'clock' | 'channels' | 'channelKinds' | 'aroundStore' | 'pushFetch'> {
  /** The conversation `ask` uses. */
  readonly sessionId?: string;
  /** More of the environment CoPaw sees. */
  readonly environment?: Readonly<Record<string, string>>;
  /** More of config.json. */
  readonly config?: object;
  /** Called with the folder that holds the home, and is the person's own, before CoPaw starts. */
  readonly prepare?: (folder: string) => void | Promise<void>;
  /** The folder to use, which exists and is left to whoever made it; else a new one. */
  readonly folder?: string;
}

export interface World {
  /** Holds everything of this world; HOME of CoPaw. */
  readonly folder: string;
  readonly home: string;
  readonly workspace: string;
  readonly app: App;
  readonly faults: unknown[];
  /** Sends one message and collects its turn; approvals are answered with `decision`, or by the function. */
  ask(text: string, decision?: ApprovalDecision | ((approval: Approval) => unknown)): Promise<readonly PlacedEvent[]>;
  /** Stops CoPaw and starts it again on the same home. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld({ sessionId = 'test', config, prepare, environment: more, folder: given, ...options }: WorldOptions = {}): Promise<World> {
  const folder = given ?? realpathSync(mkdtempSync(join(tmpdir(), 'copaw-app-')));
  const home = join(folder, 'home');
  createHome(home, {
    language: 'en',
    timezone: 'UTC',
    persona: personaFor('en'),
    acceptance: { sha256: noticeSha256, version: '0', time: '2026-01-01T00:00:00.000Z', how: 'flag' },
  });
  if (config) writeFileSync(join(home, 'config.json'), JSON.stringify({ version: 1, timezone: 'UTC', ...config }));
  await prepare?.(folder);
  const faults: unknown[] = [];
  // The Node that runs the tests is the one commands find.
  const environment = { PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), HOME: folder, ...more };
  const open = (): Promise<App> => openApp({ home, environment, version: '0', onFault: (error) => faults.push(error), ...options });
  const remove = (): void => {
    if (given === undefined) rmSync(folder, { recursive: true, force: true });
  };
  let app = await open().catch((error: unknown) => {
    remove();
    throw error;
  });
  return {
    folder,
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
        if (event.type !== 'approval-request') continue;
        if (typeof decision === 'function') await decision(event.approval);
        else await app.operator.answer(event.approval.id, decision, 'test');
      }
      return events;
    },
    async restart() {
      await app.stop();
      app = await open();
    },
    async close() {
      await app.stop();
      remove();
    },
  };
}

/** The last thing the assistant said. */
export function answerOf(events: readonly PlacedEvent[]): string {
  return events.flatMap((event) => (event.type === 'message' && event.message.role === 'assistant' ? [event.message.text] : [])).at(-1) ?? '';
}
