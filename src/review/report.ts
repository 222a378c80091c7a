// `copaw security report` (R27): a private report with every field, what CoPaw knows filled in, secrets and home paths taken out.
import type { VulnerabilityReport } from '../core/about.ts';
import { boundaries, reportFields } from './report-fields.ts';
import { secretShapes } from './secret-shapes.ts';

export interface ReportFacts {
  readonly version: string;
  readonly commit: string;
  readonly node: string;
  readonly system: string;
  /** "as root", "in a container", "a server runs". */
  readonly runs: readonly string[];
  readonly sandbox: string;
  /** Taken out of every text, by what stands in their place; the longest first. */
  readonly paths: readonly (readonly [path: string, instead: string])[];
  redact(text: string): string;
}

/** `from`: Markdown with a heading for each field; the text below it is taken over. */
export function writeReport(facts: ReportFacts, from = ''): VulnerabilityReport {
  const given = sections(from);
  const filled: Readonly<Record<string, string>> = {
    'Version and commit': `${facts.version}, commit ${facts.commit}`,
    Environment: [`- ${facts.system}`, `- Node ${facts.node}`, `- ${['CoPaw runs', ...facts.runs].join(', ')}`, `- sandbox: ${facts.sandbox}`].join('\n'),
  };
  const fields = reportFields.map((field) => {
    const own = given.get(key(field.title)) ?? '';
    return { ...field, text: [filled[field.title] ?? '', own].filter((text) => text !== '').join('\n\n') };
  });
  const missing = fields.filter(({ text, optional }) => text === '' && optional !== true).map(({ title }) => title);
  const shown = fields.find(({ title }) => title === 'Demonstrated impact')?.text ?? '';
  const path = fields.find(({ title }) => title === 'Exact path')?.text ?? '';
  const problems = [
    ...(shown !== '' && !boundaries.some(({ words }) => words.test(shown))
      ? [`"Demonstrated impact" names no boundary. Name one of: ${boundaries.map(({ name }) => name).join('; ')}.`]
      : []),
    ...(path !== '' && !/\.[a-z]{1,5}\b[^\n]{0,200}\d/iu.test(path)
      ? ['"Exact path" names no file with lines, for example src/security/gate.ts, check(), lines 60-80.']
      : []),
  ];
  const body = fields.map(({ title, text, holds }) => `## ${title}\n\n${text === '' ? `<!-- ${holds} -->` : text}\n`).join('\n');
  const markdown = `# Vulnerability report for CoPaw\n\n<!-- Private: send it through Security → Report a vulnerability, never as a public issue. -->\n\n${body}`;
  return { markdown: clean(markdown, facts), complete: missing.length === 0 && problems.length === 0, missing, problems };
}

const key = (title: string): string => title.toLowerCase().replace(/[^a-z]/gu, '');

/** The text below each heading, by the heading; comments do not count as text. A fence may hold lines that look like headings. */
function sections(markdown: string): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  let lines: string[] | undefined;
  let fenced = false;
  for (const line of markdown.replace(/<!--[\s\S]*?-->/gu, '').split(/\r?\n/u)) {
    if (/^\s{0,3}(?:```|~~~)/u.test(line)) fenced = !fenced;
    const heading = fenced ? undefined : /^#{1,3}\s+(.+?)\s*#*$/u.exec(line)?.[1];
    if (heading === undefined) lines?.push(line);
    else if (reportFields.some(({ title }) => key(title) === key(heading))) {
      lines = [];
      found.set(key(heading), lines);
    } else lines = undefined;
  }
  return new Map([...found].map(([title, texts]) => [title, texts.join('\n').trim()]));
}

function clean(text: string, { redact, paths }: ReportFacts): string {
  const known = redact(text);
  const shaped = secretShapes.reduce((left, { pattern }) => left.replaceAll(new RegExp(pattern, `${pattern.flags}g`), '[redacted]'), known);
  return paths.reduce((left, [path, instead]) => (path === '' || path === '/' ? left : left.replaceAll(path, instead)), shaped);
}
