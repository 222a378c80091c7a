// `copaw skills …`: install, review, enable. What is enabled is exactly what was reviewed: a person sees it and says yes, a script names its hash (R19).
import { resolve } from 'node:path';
import { CoPawError } from '../core/error.ts';
import type { SkillFinding, SkillReport, SkillState, SkillSummary } from '../core/skill.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showEscaped, showLine } from './text.ts';

export interface InstallOptions extends CommonOptions {
  readonly name?: string;
  readonly replace?: boolean;
}

export interface EnableOptions extends CommonOptions {
  readonly yes?: boolean;
  readonly hash?: string;
}

const trust = 'An enabled skill has the same trust as code you run yourself: what it says, the assistant does.';

export async function install(context: Context, path: string, options: InstallOptions): Promise<number> {
  const admin = await open(context, options);
  const report = await admin.install({
    path: resolve(path),
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.replace === true ? { replace: true } : {}),
  });
  return print(context, options, { skill: report }, () => {
    context.terminal.out(describe(report));
    context.terminal.error(`It is installed and not enabled.\nnext: copaw skills enable ${report.name}\n`);
  });
}

export async function enable(context: Context, name: string, options: EnableOptions): Promise<number> {
  const { terminal } = context;
  const review = `Review it with \`copaw skills audit ${name}\`, then name the hash it shows: copaw skills enable ${name} --yes --hash <sha256>`;
  if (options.yes === true && options.hash === undefined)
    throw new CoPawError('usage', '--yes needs --hash, so that what is enabled is what was reviewed.', { next: review });
  const asks = options.yes !== true;
  if (asks && (!terminal.interactive || options.json === true)) throw new CoPawError('usage', 'There is nobody to ask.', { next: review });
  const admin = await open(context, options);
  let hash = options.hash ?? '';
  if (asks) {
    const report = await admin.inspect(name);
    if (report.hash === undefined) throw new CoPawError('artifact-refused', `"${name}" cannot be enabled: ${report.reason ?? report.state}`, { rule: 'R19' });
    hash = options.hash ?? report.hash;
    terminal.error(`${describe(report)}${trust}\n`);
    const answer = (await terminal.ask('Enable it? [y/N]: '))?.trim().toLowerCase();
    if (answer !== 'y' && answer !== 'yes') throw new CoPawError('cancelled', 'It stays as it was.');
  }
  const skill = await admin.enable(name, hash);
  return print(context, options, { skill }, () => terminal.out(`${line(skill)}\n`));
}

export async function disable(context: Context, name: string, options: CommonOptions): Promise<number> {
  const skill = await (await open(context, options)).disable(name);
  return print(context, options, { skill }, () => context.terminal.out(`${line(skill)}\n`));
}

export async function remove(context: Context, name: string, options: CommonOptions): Promise<number> {
  const { trash } = await (await open(context, options)).remove(name);
  const where = trash === undefined ? 'its folder was gone already' : `its folder is in the trash as ${trash}`;
  return print(context, options, { removed: name, trash: trash ?? null }, () => {
    context.terminal.out(`${name} is removed; ${where}.\n`);
    if (trash !== undefined) context.terminal.error(`To bring it back: copaw skills restore ${trash}\n`);
  });
}

export async function restore(context: Context, trash: string, options: CommonOptions): Promise<number> {
  const skill = await (await open(context, options)).restore(trash);
  return print(context, options, { skill }, () => context.terminal.out(`${line(skill)}\n`));
}

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const skills = await (await open(context, options)).list();
  return print(context, options, { skills }, () => {
    if (skills.length === 0) context.terminal.out('No skill is installed.\n');
    for (const skill of skills) context.terminal.out(`${line(skill)}\n`);
  });
}

/** States that say that something is not as the operator left it. */
const wrong: ReadonlySet<SkillState> = new Set(['drifted', 'missing', 'unlisted', 'invalid']);

export async function audit(context: Context, name: string | undefined, options: CommonOptions): Promise<number> {
  const admin = await open(context, options);
  const names = name === undefined ? (await admin.list()).map((skill) => skill.name) : [name];
  const reports: SkillReport[] = [];
  for (const one of names) reports.push(await admin.inspect(one));
  print(context, options, { skills: reports }, () => {
    if (reports.length === 0) context.terminal.out('No skill is installed.\n');
    for (const report of reports) context.terminal.out(describe(report));
  });
  const alarming = reports.some(({ state, findings }) => wrong.has(state) || findings.some(({ severity }) => severity === 'high'));
  return alarming ? exitCodes.failed : exitCodes.answered;
}

async function open({ parts }: Context, options: CommonOptions) {
  return parts.skills(readyHome(parts, options.home));
}

function line({ name, state, reason, description }: SkillSummary): string {
  return showEscaped(
    `${name}  ${state}${reason === undefined || state === 'disabled' ? '' : `: ${reason}`}${description === undefined ? '' : `  ${description}`}`,
  );
}

function describe(report: SkillReport): string {
  const { source, hash, findings } = report;
  const lines = [
    line(report),
    ...(source ? [`  source: ${source.path} (${source.kind})`] : []),
    ...(hash === undefined ? [] : [`  sha256: ${hash}`]),
    ...(findings.length === 0 ? ['  findings: none'] : ['  findings:', ...findings.map(describeFinding)]),
  ];
  return `${lines.map(showLine).join('\n')}\n`;
}

function describeFinding({ id, severity, path, line: number, detail }: SkillFinding): string {
  return `    ${severity.padEnd(6)}  ${id}  ${path}${number === 0 ? '' : `:${number}`}  ${detail}`;
}
