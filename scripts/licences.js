// The licences of what is put inside a bundle, from the modules that are in it: nothing is listed by hand, so nothing can be left out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line between two packages; src/config/licences.ts reads them back. */
const between = `\n${'='.repeat(72)}\n`;

/** `modules`: absolute paths, as the bundler names them; `more`: names of packages that leave no module behind, by their folder. */
export function licencesOf(modules, more = []) {
  const folders = new Set(more);
  for (const id of modules) {
    const folder = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(id)?.[1];
    if (folder !== undefined) folders.add(folder);
  }
  const texts = [...folders].map(licenceOf).sort();
  return [...new Set(texts)].join(between);
}

function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) && readdirSync(folder).find((one) => /^licen[cs]e(?:\.(?:md|txt|mit))?$/iu.test(one));
  if (!file || typeof license !== 'string') throw new Error(`${name} has no licence file.`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
}
