// What a third party returns to add to CoPaw. A plugin is handed a kit and returns parts; it registers nothing itself.
import type { Channel } from './channel.ts';
import type { ModelProvider } from './model.ts';
import type { Tool } from './tool.ts';

export interface PluginParts {
  readonly tools?: readonly Tool[];
  readonly channels?: Readonly<Record<string, (config: unknown) => Channel>>;
  readonly providers?: Readonly<Record<string, (config: unknown) => ModelProvider>>;
}

export interface PluginKit {
  /** Writes to CoPaw's log under the plugin's name. */
  log(message: string): void;
}

export type Plugin = (kit: PluginKit) => PluginParts;
