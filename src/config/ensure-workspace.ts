// The workspace of an agent that config.json names: made with the persona files of a new agent, the first time anything is wanted of it.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { personaFor } from './persona/index.ts';

/** Changes nothing where the folder is there, whatever is in it. `id`: as config.json may name an agent. */
export function ensureWorkspace(home: string, id: string, language: 'en' | 'zh'): void {
  const workspace = join(home, 'workspaces', id);
  if (existsSync(workspace)) return;
  mkdirSync(workspace, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(personaFor(language))) writeFileAtomic(join(workspace, name), text);
}
