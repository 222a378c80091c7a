// A whole CoPaw with one account of a kind of channel, connected to the platform of a test. ana is let in, ben is a stranger; the group is ana's too.
import { expect } from 'vitest';
import { createSecrets } from '../../src/security/secrets.ts';
import { createKeyFiles } from '../../src/store/key-file.ts';
import { eventually } from '../../src/testing/channel-run.ts';
import type { ChannelWorld, Platform, ShownMessage } from '../../src/testing/channel-world.ts';
import { openWorld, type World, type WorldOptions } from '../app/harness.ts';
import { createScriptedModel, type ScriptedModel } from '../app/scripted-model.ts';

export interface ChannelApp {
  readonly world: World;
  readonly platform: Platform;
  readonly model: ScriptedModel;
  /** Stops CoPaw and starts it again; the platform stays. */
  restart(): Promise<void>;
  /** Once CoPaw has sent so many messages in all. */
  shown(count: number): Promise<readonly ShownMessage[]>;
  /** Once the account is up. */
  up(): Promise<void>;
  close(): Promise<void>;
}

export async function openChannelApp(channel: ChannelWorld, options: WorldOptions & { readonly account?: object } = {}): Promise<ChannelApp> {
  const { kind } = channel.kind;
  const platform = await channel.open();
  const model = createScriptedModel();
  const often = { senderPerMinute: 1_000, chatPerMinute: 1_000 };
  const group = channel.can.group === true ? { [platform.chat('group')]: { allow: [platform.ids.ana] } } : {};
  const account = { enabled: true, allow: [platform.ids.ana], groups: group, pairing: false, ...often, ...platform.settings, ...options.account };
  const world = await openWorld({
    provider: model.provider,
    channelKinds: [channel.kind],
    ...options,
    config: { channels: { [kind]: { main: account } }, ...options.config },
    async prepare(folder) {
      const secrets = createSecrets({ dir: `${folder}/home.secret`, keys: createKeyFiles(`${folder}/home.secret`), environment: {} });
      for (const [name, value] of Object.entries(platform.secrets)) await secrets.set(name, value);
      await options.prepare?.(folder);
    },
  });
  platform.calls?.({ webhook: async (request) => (await world.app.webhook(kind, 'main', request)) ?? { status: 404 } });
  const up = (): Promise<void> =>
    eventually(async () =>
      expect((await (await world.app.admins.channels('cli')).list()).map(({ state, lastError }) => ({ state, lastError }))).toMatchObject([{ state: 'up' }]),
    );
  await up();
  return {
    ...{ world, platform, model, up },
    async restart() {
      await world.restart();
      await up();
    },
    async shown(count) {
      await eventually(async () => expect(await platform.shown()).toHaveLength(count));
      return platform.shown();
    },
    async close() {
      await world.close();
      await platform.close();
    },
  };
}
