// A random key kept in a file of its own, made once and never replaced: losing it would lose what it protects.
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../lib/atomic-file.ts';

/** The key, or undefined where there is none. Throws a plain Error when the file is not a key. */
export function readKey(dir: string, name: string): Buffer | undefined {
  if (!existsSync(join(dir, name))) return undefined;
  const text = readFileSync(join(dir, name), 'utf8');
  if (!/^[0-9a-f]{64}\n?$/.test(text)) throw new Error(`${name} does not hold a key.`);
  return Buffer.from(text.trim(), 'hex');
}

/** The key; made (0600, in a directory 0700) when there is none. Two processes that race get the same one. */
export function readOrMakeKey(dir: string, name: string): Buffer {
  const known = readKey(dir, name);
  if (known) return known;
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
