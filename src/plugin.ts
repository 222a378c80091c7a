// What third parties may import: `copaw/plugin`.
export type { Address, Origin, Sender } from './core/address.ts';
export type {
  Channel,
  ChannelFactory,
  ChannelLimits,
  Dialect,
  Inbox,
  IncomingFile,
  Outgoing,
  OutgoingFile,
  PartKey,
  Sendable,
  SentRef,
  WebhookAnswer,
  WebhookRequest,
} from './core/channel.ts';
export { partName } from './core/channel.ts';
export { type AnyChannelKind, type ChannelHands, type ChannelKind, channelKind, channelSecret } from './core/channel-kind.ts';
export { CoPawError, type ErrorCode } from './core/error.ts';
export type { Attachment, Inbound } from './core/inbound.ts';
export type { ModelEvent, ModelInfo, ModelMessage, ModelProvider, ModelRequest } from './core/model.ts';
export type { Plugin, PluginParts } from './core/plugin.ts';
export type { Effect, Place, SideEffect, Tool, ToolHands, ToolResult } from './core/tool.ts';
