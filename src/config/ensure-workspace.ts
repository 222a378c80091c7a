// The workspace of an agent that config.json names: made with the persona files of a new agent, the first time anything is wanted of it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeWorkspace } from './home.ts';
import { personaFor } from './persona/index.ts';

/** Changes nothing where the folder is there, whatever is in it. `id`: as config.json may name an agent. */
export function ensureWorkspace(home: string, id: string, language: 'en' | 'zh'): void {
  if (!existsSync(join(home, 'workspaces', id))) makeWorkspace(home, id, personaFor(language));
}
