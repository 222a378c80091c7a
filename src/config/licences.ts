// The licences of what was put into the package's files, as scripts/licences.js wrote them beside those files.
import { readFileSync } from 'node:fs';
import type { Licence } from '../core/about.ts';

const between = /\n={72}\n/u;

/** `root`: where package.json is. By name, each once; what was not built has none. */
export function readLicences(root: URL): readonly Licence[] {
  const found = new Map<string, Licence>();
  for (const path of ['dist/LICENSES.txt', 'console/dist/LICENSES.txt'])
    for (const one of readText(new URL(path, root)).split(between)) {
      const [, name = '', version = '', licence = '', text = ''] = /^(\S+) (\S+) \((.+)\)\n\n([\s\S]*)$/u.exec(one) ?? [];
      if (name !== '') found.set(`${name} ${version}`, { name, version, licence, text: text.trim() });
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, licence]) => licence);
}

function readText(path: URL): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // not built
  }
}
