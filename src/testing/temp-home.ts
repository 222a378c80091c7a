// Folders for tests: fresh, private, gone afterwards.
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempFolder {
  /** Absolute, without links on the way. */
  readonly path: string;
  /** Removes it with everything in it; may be called again. */
  remove(): void;
}

/** A new folder below the system's temporary one, mode 0700. */
export function tempFolder(): TempFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'copaw-test-')));
  chmodSync(path, 0o700);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
