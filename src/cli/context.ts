// What every command is handed, and the options every command knows.
import type { CliParts } from './parts.ts';
import type { Terminal } from './terminal.ts';

export interface Context {
  readonly parts: CliParts;
  readonly terminal: Terminal;
}

export interface CommonOptions {
  readonly home?: string;
  readonly json?: boolean;
}
