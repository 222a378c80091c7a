// Files of contents beside the database: none stays that no row names.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../lib/canonical-json.ts';
import { tempFolder } from '../testing/temp-home.ts';
import { openStore } from './open-store.ts';

test('fault: contents whose rows went with an unreadable database stayed for good', async () => {
  const folder = tempFolder();
  const path = join(folder.path, 'copaw.db');
  const versions = join(folder.path, 'versions');
  const keep = async (content: string): Promise<void> => {
    const store = await openStore(path);
    const before = sha256(Buffer.from(content));
    const change = { agentId: 'main', sessionId: 's1', turnId: content, callId: 'c', path: 'a', before, after: 'absent', at: 1 };
    await store.versions.add(change, Buffer.from(content), { days: 30, megabytes: 1 });
    await store.close();
  };
  const held = (): string[] =>
    readdirSync(versions, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.length > 2)
      .map((name) => name.slice(3));
  try {
    await keep('one');
    await keep('two');
    expect(held().sort()).toEqual([sha256(Buffer.from('one')), sha256(Buffer.from('two'))].sort());
    for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
    mkdirSync(join(versions, 'zz'));
    writeFileSync(join(versions, 'zz', 'not ours'), '');
    await keep('three');
    expect(held().sort()).toEqual([sha256(Buffer.from('three')), 'not ours'].sort());
    expect(existsSync(path)).toBe(true);
  } finally {
    folder.remove();
  }
});
