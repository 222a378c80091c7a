// search_files: lines of workspace files that match a text or a regular expression.
import { posix } from 'node:path';
import { z } from 'zod';
import type { FileInfo } from '../core/files.ts';
import type { ToolHands } from '../core/tool.ts';
import { defineTool } from './define-tool.ts';
import { createLineMatcher } from './line-matcher.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

const maxMatches = 200;
const maxFiles = 10_000;
const maxBytes = 2 * 1024 * 1024;
const shownCharacters = 300;
const skipped = new Set(['node_modules', '.git']);

/** All a search may read, and what it looks through at a time: each batch has the matcher's time limit, so both bound the time of the whole. */
const totalBytes = 64 * 1024 * 1024;
const batchBytes = 2 * 1024 * 1024;
const batchFiles = 250;

interface Line {
  readonly path: string;
  readonly number: number;
  readonly text: string;
}

export const searchFiles = defineTool({
  name: 'search_files',
  description: 'Find lines in workspace files.',
  input: z.strictObject({
    pattern: z.string().min(1).max(1000).describe('Text to find'),
    path: pathInput.optional().describe('File or folder to search'),
    regex: z.boolean().optional().describe('pattern is a JavaScript regular expression'),
    ignoreCase: z.boolean().optional(),
    include: z.string().max(300).optional().describe('Glob of files, like *.ts'),
  }),
  sideEffect: 'none',
  effects: (args) => [{ kind: 'read', path: workspacePath(args.path ?? '.') }],
  async run(args, hands) {
    const matcher = createLineMatcher(args.pattern, args.regex ?? false, args.ignoreCase ?? false);
    if (typeof matcher === 'string') return { text: matcher, failed: true };
    const found: string[] = [];
    for await (const batch of batches(hands, workspacePath(args.path ?? '.'), args.include)) {
      if (batch === 'enough') return { text: [...found, '[Stopped: too many files. Search a folder below, or use include.]'].join('\n'), failed: true };
      const hits = matcher(batch.map(({ text }) => text));
      if (hits === undefined) return { text: [...found, '[Stopped: this regular expression takes too long.]'].join('\n'), failed: true };
      for (const hit of hits) {
        if (found.length >= maxMatches) return { text: [...found, `[Only the first ${maxMatches} matches are shown.]`].join('\n') };
        const line = batch[hit];
        if (line) found.push(`${line.path}:${line.number}: ${line.text.slice(0, shownCharacters)}`);
      }
    }
    return { text: found.length === 0 ? 'No matches.' : found.join('\n') };
  },
});

/** The lines of all text files, many at a time; last "enough" where the search went over its bounds. */
async function* batches(hands: ToolHands, root: string, include: string | undefined): AsyncGenerator<readonly Line[] | 'enough'> {
  let batch: Line[] = [];
  let size = 0;
  let files = 0;
  let total = 0;
  for await (const path of walk(hands, root, include)) {
    if (path === 'enough' || total > totalBytes) {
      yield batch;
      yield 'enough';
      return;
    }
    const bytes = await hands.files.read(path.path);
    total += bytes.length;
    if (bytes.subarray(0, 8192).includes(0)) continue;
    const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
    batch.push(...lines.map((text, index) => ({ path: path.path, number: index + 1, text })));
    size += bytes.length;
    files++;
    if (size < batchBytes && files < batchFiles) continue;
    yield batch;
    batch = [];
    size = 0;
    files = 0;
  }
  yield batch;
}

async function* walk(hands: ToolHands, root: string, include: string | undefined): AsyncGenerator<FileInfo | 'enough'> {
  let seen = 0;
  const start = await hands.files.stat(root);
  if (start?.kind === 'file') return yield start;
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const info of await hands.files.list(folder, { limit: maxFiles })) {
      hands.signal.throwIfAborted();
      if (++seen > maxFiles) return yield 'enough';
      const name = posix.basename(info.path);
      if (info.kind === 'directory' && !skipped.has(name)) folders.push(info.path);
      if (info.kind !== 'file' || info.size > maxBytes) continue;
      if (include === undefined || posix.matchesGlob(include.includes('/') ? info.path : name, include)) yield info;
    }
  }
}
