// search_files: lines of workspace files that match a text or a regular expression.
import { posix } from 'node:path';
import { z } from 'zod';
import type { ToolHands } from '../core/tool.ts';
import { defineTool } from './define-tool.ts';
import { createLineMatcher } from './line-matcher.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

const maxMatches = 200;
const maxFiles = 10_000;
const maxBytes = 2 * 1024 * 1024;
const shownCharacters = 300;
const skipped = new Set(['node_modules', '.git']);

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
    for await (const path of walk(hands, workspacePath(args.path ?? '.'), args.include)) {
      const bytes = await hands.files.read(path);
      if (bytes.subarray(0, 8192).includes(0)) continue;
      const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
      const hits = matcher(lines);
      if (hits === undefined) return { text: [...found, '[Stopped: this regular expression takes too long.]'].join('\n'), failed: true };
      for (const hit of hits) {
        if (found.length >= maxMatches) return { text: [...found, `[Only the first ${maxMatches} matches are shown.]`].join('\n') };
        found.push(`${path}:${hit + 1}: ${(lines[hit] ?? '').slice(0, shownCharacters)}`);
      }
    }
    return { text: found.length === 0 ? 'No matches.' : found.join('\n') };
  },
});

async function* walk(hands: ToolHands, root: string, include: string | undefined): AsyncGenerator<string> {
  let seen = 0;
  const start = await hands.files.stat(root);
  if (start?.kind === 'file') return yield root;
  const folders = [root];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const info of await hands.files.list(folder, { limit: maxFiles })) {
      hands.signal.throwIfAborted();
      if (++seen > maxFiles) return;
      const name = posix.basename(info.path);
      if (info.kind === 'directory' && !skipped.has(name)) folders.push(info.path);
      if (info.kind !== 'file' || info.size > maxBytes) continue;
      if (include === undefined || posix.matchesGlob(include.includes('/') ? info.path : name, include)) yield info.path;
    }
  }
}
