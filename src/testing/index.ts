// What tests of third parties may import: `copaw/testing`. The store suite needs vitest and fast-check beside it.
export { testChannel } from './channel-suite.ts';
export type { ChannelWorld, Platform, PlatformAbilities, PlatformFault, PlatformPerson, PlatformWords, ShownMessage } from './channel-world.ts';
export { createCountingIds } from './counting-ids.ts';
export {
  createFakeChannel,
  type EventWords,
  type FakeChannel,
  type FakeConnection,
  type SendOutcome,
  type SentMessage,
  type StartOutcome,
} from './fake-channel.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export { createFakeModel, type FakeModel, type ModelScript } from './fake-model.ts';
export {
  type ModelServer,
  type ModelServerKind,
  type ModelServerReply,
  type ModelServerRequest,
  type ModelServerScript,
  providerWords,
  startModelServer,
} from './model-server.ts';
export { type OpenedStore, testStore } from './store-suite.ts';
export { type TempFolder, tempFolder } from './temp-home.ts';
