// The real server killed, and the network cut, in the middle of a turn that came through a channel: one visible answer, or none together
// with a part that says it may have been sent (delivery 1–4, 9).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRunFile } from '../../src/config/run-file.ts';
import type { ChannelHands } from '../../src/core/channel-kind.ts';
import { createSecrets } from '../../src/security/secrets.ts';
import { createKeyFiles } from '../../src/store/key-file.ts';
import { eventually } from '../../src/testing/channel-run.ts';
import type { ChannelWorld, Platform } from '../../src/testing/channel-world.ts';
import { type ModelServer, startModelServer } from '../../src/testing/model-server.ts';
import { type CommandHome, openCommandHome, processesWith, type Started } from '../app/command-line.ts';

interface Death {
  readonly platform: Platform;
  /** The model has half answered and waits. */
  thinking(): Promise<void>;
  /** The model goes on. */
  release(): void;
  start(): Promise<Started>;
  answers(): Promise<number>;
  logOf(): string;
  /** Parts that may have been sent, as a person is shown them. */
  doubts(): Promise<number>;
}

interface DeathOptions {
  /** The platform can be asked what became of a send; "perhaps": only on the connection it was sent on. */
  readonly reconciles?: boolean | 'perhaps';
  /** Of the server's process. */
  readonly environment?: () => Readonly<Record<string, string>>;
}

/** The kind is one of the built-in ones: the server is the real one. */
export function surviveDeaths(world: ChannelWorld, { reconciles = false, environment = () => ({}) }: DeathOptions = {}): void {
  describe(`${world.kind.kind}: killed and cut off in the middle`, () => {
    let model: ModelServer;
    beforeAll(async () => {
      model = await startModelServer('openai-compatible', []);
    });
    afterAll(() => model.close());

    const around = async (holds: boolean, work: (death: Death) => Promise<void>, more: object = {}): Promise<void> => {
      const platform = await world.open();
      const account = { enabled: true, allow: [platform.ids.ana], pairing: false, ...more, ...platform.settings };
      const provider = { kind: 'openai-compatible', baseUrl: model.baseUrl, models: [{ id: 'm' }] };
      const home: CommandHome = openCommandHome(
        {
          models: { default: 'it/m', providers: { it: provider }, retries: 0 },
          channels: { [world.kind.kind]: { main: account } },
        },
        environment(),
      );
      const secrets = createSecrets({ dir: `${home.home}.secret`, keys: createKeyFiles(`${home.home}.secret`), environment: {} });
      for (const [name, value] of Object.entries(platform.secrets)) await secrets.set(name, value);
      const released = Promise.withResolvers<void>();
      model.play((count) => (holds && count === 1 ? { text: 'The whole answer.', hold: released.promise } : { text: 'The whole answer.' }));
      platform.calls?.({ webhook: (request) => callHook(home, world.kind.kind, request) });
      let server: Started | undefined;
      try {
        await work({
          platform,
          release: () => released.resolve(),
          thinking: () => eventually(() => expect(model.requests.length).toBeGreaterThan(0)),
          async start() {
            const started = await home.start();
            server = started;
            await eventually(async () => expect(await stateOf(home)).toBe('up'));
            return started;
          },
          logOf: () => readFileSync(join(home.home, 'logs/copaw.log'), 'utf8'),
          doubts: async () =>
            JSON.parse((await home.run('outbox', 'list', '--json')).stdout).parts.filter(({ state }: { state: string }) => state === 'unknown').length,
          answers: async () => (await platform.shown()).filter(({ text }) => text.includes('The whole answer.')).length,
        });
      } finally {
        released.resolve();
        await server?.end('SIGKILL');
        await home.close();
        await platform.close();
        expect(processesWith(home.home)).toEqual([]);
      }
    };

    test('kill -9 while the model speaks, then a start: answered once, and not again when the message is delivered again', () =>
      around(true, async ({ platform, start, thinking, answers }) => {
        const first = await start();
        const id = await platform.says({ text: 'a question' });
        await thinking();
        await first.end('SIGKILL');
        await start();
        await eventually(async () => expect(await answers()).toBe(1));
        await platform.again?.(id);
        await platform.says({ text: 'another question' });
        await eventually(async () => expect(await answers()).toBe(2));
      }));

    test('kill -9 while the answer grows, then a start: one message, and it is whole', () =>
      around(
        true,
        async ({ platform, start, logOf }) => {
          const hands: ChannelHands = new Proxy(Object.create(null), { get: () => undefined });
          if (!world.kind.open(world.kind.settings.parse(platform.settings), hands).limits.edit) return;
          const texts = async () => (await platform.shown()).map(({ text }) => text);
          const first = await start();
          await platform.says({ text: 'a question' });
          // Its receipt is written down: where it is not, and the platform cannot be asked, the answer would be a message of its own.
          await eventually(() => expect(logOf()).toContain('preview-sent'));
          expect(await texts()).toEqual([expect.not.stringContaining('The whole answer.')]);
          await first.end('SIGKILL');
          await start();
          await eventually(async () => expect(await texts()).toEqual([expect.stringContaining('The whole answer.')]));
        },
        { stream: true },
      ));

    test('the network is cut while the model speaks: the answer goes out once it is back, or is a doubt that is shown', () =>
      around(true, async ({ platform, release, start, thinking, answers, doubts }) => {
        if (!platform.cut) return;
        await start();
        await platform.says({ text: 'a question' });
        await thinking();
        await platform.cut();
        release();
        // A cut may fall into the send itself.
        await eventually(async () => expect((await answers()) + (reconciles ? 0 : await doubts())).toBe(1));
      }));

    test('the receipt of the answer is lost, and then CoPaw is killed: at most one answer, and where none is sure a doubt that is shown', () =>
      around(false, async ({ platform, start, answers, doubts }) => {
        if (!platform.next) return;
        platform.next('lost');
        const first = await start();
        await platform.says({ text: 'a question' });
        await eventually(async () => expect(await answers()).toBe(1));
        await first.end('SIGKILL');
        await start();
        await platform.says({ text: 'another question' });
        await eventually(async () => expect(await answers()).toBe(2));
        await eventually(async () => expect(reconciles === 'perhaps' ? [0, 1] : [reconciles ? 0 : 1]).toContain(await doubts()));
      }));
  });
}

async function stateOf(home: CommandHome): Promise<string> {
  const { stdout } = await home.run('channels', 'list', '--json');
  return JSON.parse(stdout).channels[0]?.state ?? 'none';
}

async function callHook(home: CommandHome, kind: string, request: { header(name: string): string | undefined; readonly body: Uint8Array }) {
  const port = readRunFile(home.home)?.port;
  const names = ['content-type', 'x-copaw-timestamp', 'x-copaw-signature', 'x-telegram-bot-api-secret-token', 'x-slack-signature', 'x-slack-request-timestamp'];
  const headers = Object.fromEntries(names.flatMap((name) => (request.header(name) === undefined ? [] : [[name, request.header(name) ?? '']])));
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/hooks/${kind}/main`, { method: 'POST', headers, body: new Uint8Array(request.body) });
    return { status: answer.status };
  } catch {
    return { status: 503 }; // nobody is there
  }
}
