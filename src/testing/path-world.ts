// A folder an agent may use beside one it may not: links of every kind lead from the first to the second, which holds a canary.
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PathWorld {
  readonly canary: string;
  /** Holds `plain`, `sub/plain` and the links. */
  readonly root: string;
  readonly outside: string;
  /** Every file outside the root with its text: equal before and after means that nothing got out. */
  outsideNow(): string[];
}

export function buildPathWorld(folder: string): PathWorld {
  const canary = 'CANARY-outside-the-root';
  const root = join(folder, 'root');
  const outside = join(folder, 'outside');
  for (const path of [root, outside, join(root, 'sub'), join(outside, 'deep')]) mkdirSync(path);
  writeFileSync(join(outside, 'canary'), canary);
  writeFileSync(join(outside, 'deep', 'canary'), canary);
  writeFileSync(join(root, 'plain'), 'plain');
  writeFileSync(join(root, 'sub', 'plain'), 'below');
  symlinkSync(join(outside, 'canary'), join(root, 'file-link'));
  symlinkSync(outside, join(root, 'folder-link'));
  symlinkSync('../outside', join(root, 'sub', 'relative-link'));
  symlinkSync(join(outside, 'new-file'), join(root, 'dangling-link'));
  return {
    canary,
    root,
    outside,
    outsideNow: () =>
      readdirSync(outside, { recursive: true, withFileTypes: true })
        .map((one) => `${one.parentPath}/${one.name}${one.isFile() ? ` ${readFileSync(join(one.parentPath, one.name), 'utf8')}` : ''}`)
        .sort(),
  };
}
