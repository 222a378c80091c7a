// Random keys, each in a file of its own, made once and never replaced: losing one would lose what it protects.
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Keys } from '../core/secret.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';

/** The keys in `dir`, which is made (0700) with the first of them. A file that is not a key is a plain Error. */
export function createKeyFiles(dir: string): Keys {
  return { read: (name) => readKey(dir, name), readOrMake: (name) => readKey(dir, name) ?? makeKey(dir, name) };
}

function readKey(dir: string, name: string): Uint8Array | undefined {
  if (!existsSync(join(dir, name))) return undefined;
  const text = readFileSync(join(dir, name), 'utf8');
  if (!/^[0-9a-f]{64}\n?$/.test(text)) throw new Error(`${name} does not hold a key.`);
  return Buffer.from(text.trim(), 'hex');
}

/** Mode 0600. Two processes that race get the same one. */
function makeKey(dir: string, name: string): Uint8Array {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const made = randomBytes(32);
  const path = join(dir, name);
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileAtomic(temporary, `${made.toString('hex')}\n`, 0o600);
    linkSync(temporary, path); // fails where the key exists by now
    return made;
  } catch (error) {
    const winner = readKey(dir, name);
    if (winner) return winner;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}
