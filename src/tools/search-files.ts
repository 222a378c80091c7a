// search_files: lines of workspace files that match a text or a regular expression.
import { posix } from 'node:path';
import { z } from 'zod';
import type { FileInfo } from '../core/files.ts';
import type { ToolHands } from '../core/tool.ts';
import { defineTool } from './define-tool.ts';
import { createGlobMatcher } from './glob-matcher.ts';
import { createLineMatcher } from './line-matcher.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

const maxMatches = 200;
const maxFiles = 10_000;
const maxBytes = 2 * 1024 * 1024;
const shownCharacters = 300;
const skipped = new Set(['node_modules', '.git']);

/** All a search may read, and what it looks through at a time: each batch has the matcher's time limit, so both bound the time of the whole. */
const totalBytes = 64 * 1024 * 1024;
const batchBytes = 1024 * 1024;
const batchFiles = 250;
const batchPaths = 1_000;

/** Lines of several files in one row; `files` says where in it each begins. */
interface Batch {
  readonly lines: string[];
  readonly files: { readonly path: string; readonly start: number }[];
}

/** Why a search ended before its end. */
const stopped = {
  enough: '[Stopped: too many files. Search a folder below, or use include.]',
  slow: '[Stopped: this include takes too long to match. Use fewer wildcards.]',
} as const;
type Stop = keyof typeof stopped;

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
      if (typeof batch === 'string') return { text: [...found, stopped[batch]].join('\n'), failed: true };
      const hits = matcher(batch.lines);
      if (hits === undefined) return { text: [...found, '[Stopped: this regular expression takes too long.]'].join('\n'), failed: true };
      for (const hit of hits) {
        if (found.length >= maxMatches) return { text: [...found, `[Only the first ${maxMatches} matches are shown.]`].join('\n') };
        const file = batch.files.findLast(({ start }) => start <= hit);
        if (file) found.push(`${file.path}:${hit - file.start + 1}: ${(batch.lines[hit] ?? '').slice(0, shownCharacters)}`);
      }
    }
    return { text: found.length === 0 ? 'No matches.' : found.join('\n') };
  },
});

/** The lines of all text files; last why the search ended early, if it did. */
async function* batches(hands: ToolHands, root: string, include: string | undefined): AsyncGenerator<Batch | Stop> {
  let batch: Batch = { lines: [], files: [] };
  let size = 0;
  let total = 0;
  for await (const file of included(hands, root, include)) {
    if (typeof file === 'string' || total > totalBytes) {
      yield batch;
      return yield typeof file === 'string' ? file : 'enough';
    }
    const bytes = await hands.files.read(file.path);
    total += bytes.length;
    if (bytes.subarray(0, 8192).includes(0)) continue;
    batch.files.push({ path: file.path, start: batch.lines.length });
    for (const line of new TextDecoder().decode(bytes).split(/\r?\n/)) batch.lines.push(line);
    size += bytes.length;
    if (size < batchBytes && batch.files.length < batchFiles) continue;
    yield batch;
    batch = { lines: [], files: [] };
    size = 0;
  }
  yield batch;
}

/** The files whose paths `include` names, matched many at a time: each time has the matcher's limit. */
async function* included(hands: ToolHands, root: string, include: string | undefined): AsyncGenerator<FileInfo | Stop> {
  const start = await hands.files.stat(root);
  if (include === undefined || start?.kind === 'file') return yield* walk(hands, root, start);
  const matcher = createGlobMatcher(include);
  let waiting: FileInfo[] = [];
  const matching = (): FileInfo[] | undefined => {
    const matched = matcher(waiting.map(({ path }) => path));
    const files = matched && waiting.filter(({ path }) => matched.has(path));
    waiting = [];
    return files;
  };
  for await (const file of walk(hands, root, start)) {
    if (typeof file !== 'string' && waiting.push(file) < batchPaths) continue;
    const files = matching();
    if (!files) return yield 'slow';
    yield* files;
    if (typeof file === 'string') return yield file;
  }
  const files = matching();
  if (!files) return yield 'slow';
  yield* files;
}

async function* walk(hands: ToolHands, root: string, start: FileInfo | undefined): AsyncGenerator<FileInfo | 'enough'> {
  let seen = 0;
  if (start?.kind === 'file') return yield start;
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const info of await hands.files.list(folder, { limit: maxFiles })) {
      hands.signal.throwIfAborted();
      if (++seen > maxFiles) return yield 'enough';
      if (info.kind === 'directory' && !skipped.has(posix.basename(info.path))) folders.push(info.path);
      if (info.kind === 'file' && info.size <= maxBytes) yield info;
    }
  }
}
