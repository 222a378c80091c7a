// What a plugin is: a function that returns parts. It registers nothing, holds nothing open, and is judged like everything built in.
import type { AnyChannelKind } from './channel-kind.ts';
import type { Tool } from './tool.ts';

/** What CoPaw tells a plugin of itself. */
export type PluginKit = Readonly<Record<string, never>>;

export interface PluginParts {
  readonly tools?: readonly Tool[];
  readonly channels?: readonly AnyChannelKind[];
}

export type Plugin = (kit: PluginKit) => PluginParts;
