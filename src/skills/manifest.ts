// What makes a folder a skill: a SKILL.md with a name and a description. Tolerant of how people write them, strict in what comes out.
import type { SkillFinding } from '../core/skill.ts';
import type { ArchiveEntry } from '../lib/archive.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';
import { readFrontMatter } from './front-matter.ts';

export const manifestFile = 'SKILL.md';
const mostBytes = 256 * 1024;
const longestDescription = 1024;
const skillName = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/u;

export interface Manifest {
  /** As it is written there; the folder's name is what counts. */
  readonly name: string;
  /** One line, nothing hidden in it. */
  readonly description: string;
}

/** What SKILL.md says, or why it cannot be used. */
export function readManifest(entries: readonly ArchiveEntry[]): Manifest | { readonly id: 'skill-missing' | 'front-matter-invalid'; readonly fault: string } {
  const file = entries.find(({ path, kind }) => path === manifestFile && kind === 'file');
  if (!file) return { id: 'skill-missing', fault: 'There is no SKILL.md.' };
  const invalid = (fault: string) => ({ id: 'front-matter-invalid', fault }) as const;
  if (file.data.length > mostBytes) return invalid(`SKILL.md has more than ${mostBytes} bytes.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.data);
  } catch {
    return invalid(`${manifestFile} is not UTF-8 text.`);
  }
  const front = readFrontMatter(text);
  if ('fault' in front) return invalid(`The front matter ${front.fault}.`);
  const [name, description] = ['name', 'description'].map((key) => (front.values.get(key) ?? '').replace(/\s+/gu, ' ').trim());
  if (!name) return invalid('The front matter gives no name.');
  if (!description) return invalid('The front matter gives no description.');
  if (name.length > 100 || description.length > longestDescription)
    return invalid(`The name has over 100, or the description over ${longestDescription} characters.`);
  if (escapeForDisplay(name) !== name || escapeForDisplay(description) !== description) return invalid('Name or description hold invisible characters.');
  return { name, description };
}

/** What is wrong with SKILL.md, for the report. `folder` is the name the skill is installed under. */
export function manifestFindings(folder: string, manifest: ReturnType<typeof readManifest>): readonly SkillFinding[] {
  const at = { path: manifestFile, line: 0 };
  if ('fault' in manifest) return [{ ...at, id: manifest.id, severity: 'high', detail: manifest.fault }];
  if (manifest.name === folder) return [];
  return [{ ...at, id: 'name-differs', severity: 'low', detail: `It calls itself "${manifest.name}" and is installed as "${folder}".` }];
}

/** "My Weather Tool" as "my-weather-tool"; undefined where no name of a skill comes out. */
export function toSkillName(text: string): string | undefined {
  const name = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s.]+/gu, '-');
  return isSkillName(name) ? name : undefined;
}

/** Lower-case letters, digits, "-" and "_" between them; at most 64. */
export function isSkillName(name: string): boolean {
  return skillName.test(name);
}
