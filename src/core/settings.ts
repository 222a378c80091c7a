// config.json as the operator reads and changes it whole: its text, what is wrong with a text, and what a change would do.
import type { Config, ConfigChange } from './config.ts';

/** Something about one key of a text. */
export interface ConfigFault {
  /** 1-based line of the text. */
  readonly line: number;
  /** Dotted path; empty where it is about the text as such. */
  readonly key: string;
  readonly text: string;
}

/** What a text says, and what is wrong with it. */
export interface InspectedConfig {
  /** As plain JSON; absent where it cannot be read at all. */
  readonly value?: unknown;
  /** Absent where there are faults. */
  readonly config?: Config;
  readonly faults: readonly ConfigFault[];
  /** Keys that CoPaw does not know: kept, and not used. */
  readonly warnings: readonly ConfigFault[];
}

/** The file as it stands on disk, which need not be valid. */
export interface SettingsPage {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** sha256 of the text, for `save`. */
  readonly hash: string;
  /** Holds the value of a secret, which is not shown: it cannot be saved from here. */
  readonly fixed?: 'secret';
  /** Whether `undo` has a version to go back to. */
  readonly undoable: boolean;
}

/** A key that differs, and whether the running CoPaw takes it over at once or with the next start. */
export interface SettingsChange {
  readonly key: string;
  readonly restart: boolean;
}

export interface SettingsCheck extends Pick<InspectedConfig, 'value' | 'faults' | 'warnings'> {
  /** With the changes made, comments kept. */
  readonly text: string;
  /** Unified, from the file on disk to this text; empty where they are the same. */
  readonly diff: string;
  readonly changed: readonly SettingsChange[];
}

export interface SettingsAdmin {
  /** JSON Schema of the file. A key that waits for the next start has `restart: true`. */
  schema(): Promise<Readonly<Record<string, unknown>>>;
  read(): Promise<SettingsPage>;
  /** Writes nothing. `changes` are made in the text first; they need a text that can be read. */
  check(draft: { readonly text: string; readonly changes: readonly ConfigChange[] }): Promise<SettingsCheck>;
  /** The whole file. `conflict` where it is not the one with this hash any more, `config-invalid` for a text that is not valid. */
  save(draft: { readonly text: string; readonly hash: string }): Promise<SettingsPage>;
  /** Goes back to the version before the last change that CoPaw wrote; once more is forward again. `not-found` where there is none. */
  undo(hash: string): Promise<SettingsPage>;
}
