// `<home>.secret/run.json`: how the CLI finds and enters the server that runs on this home (R8). Written at start, removed at stop.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../lib/atomic-file.ts';

const runFile = z.object({ pid: z.int().positive(), port: z.int().min(1).max(65535), token: z.string().min(1) });

/** The running server: its process id, its port on loopback, and the random token of this run. */
export type RunFile = z.output<typeof runFile>;

const pathOf = (home: string): string => join(`${home}.secret`, 'run.json');

/** Undefined where no server wrote one or it is unreadable. A process that was killed leaves its file behind: the lock says whether it lives. */
export function readRunFile(home: string): RunFile | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(pathOf(home), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Replaces the file, mode 0600. */
export function writeRunFile(home: string, run: RunFile): void {
  writeFileAtomic(pathOf(home), `${JSON.stringify(run)}\n`);
}

/** Removes the file when it still is the one with this token. */
export function removeRunFile(home: string, token: string): void {
  if (readRunFile(home)?.token === token) rmSync(pathOf(home), { force: true });
}
