// Composition of a review: gathers the facts of one home and this machine, looks at them, mends what is asked, and compares with the last review.
import { homedir, release, tmpdir, type } from 'node:os';
import type { AuditDoor } from './core/audit.ts';
import type { CoPawError } from './core/error.ts';
import type { Redact, Secrets } from './core/secret.ts';
import { findingKey, type Review, type ReviewFinding, type ReviewOptions } from './core/security.ts';
import type { SkillReport } from './core/skill.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import { createIds } from './lib/ids.ts';
import type { Facts } from './review/facts.ts';
import type { ReportFacts } from './review/report.ts';

export interface ReviewParts {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly running: boolean;
  /** What is open of the home; absent where it cannot be opened, and `problem` says why. */
  readonly open?: { readonly store: Store; readonly audit: AuditDoor; readonly secrets: Secrets & { readonly redact: Redact } };
  readonly problem?: CoPawError;
}

export async function runReview(parts: ReviewParts, options: ReviewOptions): Promise<Review> {
  const [{ findAll, checks }, files] = await Promise.all([import('./review/review.ts'), import('./config/home-facts.ts')]);
  const look = async (): Promise<readonly ReviewFinding[]> => findAll(await gatherFacts(parts));
  let findings = await look();
  const fixed: string[] = [];
  if (options.fix) {
    for (const { id, where, fixable } of findings) {
      const how = checks.find((check) => check.id === id)?.fixable;
      if (!fixable || how === undefined) continue;
      await parts.open?.audit.append('review-fix', { id, where });
      if (how === 'close') files.closeFile(where);
      else files.removeFile(where);
      fixed.push(findingKey({ id, where }));
    }
    if (fixed.length > 0) findings = await look();
  }
  const at = parts.clock.now();
  const keys = [...new Set(findings.map(findingKey))];
  const last = await parts.open?.store.reviews.last();
  if (options.keep) await parts.open?.store.reviews.add({ at, findings: keys });
  return {
    at,
    findings,
    fixed,
    ...(last
      ? { since: { at: last.at, added: keys.filter((key) => !last.findings.includes(key)), gone: last.findings.filter((key) => !keys.includes(key)) } }
      : {}),
  };
}

/** What a report says of this CoPaw. Works without a home, and with one that cannot be opened. */
export async function reportFacts(
  home: string,
  parts: { readonly environment: ReviewParts['environment']; readonly version: string; readonly commit: string; readonly running: boolean },
): Promise<ReportFacts> {
  const [{ inContainer }, { probeSandbox }, { createSecrets }, { createKeyFiles }] = await Promise.all([
    import('./config/home-facts.ts'),
    import('./security/process.ts'),
    import('./security/secrets.ts'),
    import('./store/key-file.ts'),
  ]);
  const { kind, reason } = await probeSandbox();
  let redact: Redact = (text) => text;
  try {
    redact = createSecrets({ dir: `${home}.secret`, keys: createKeyFiles(`${home}.secret`), environment: parts.environment }).redact;
  } catch {
    // A damaged vault must not keep anybody from reporting; then there is nothing to compare with.
  }
  return {
    version: parts.version,
    commit: parts.commit,
    node: process.versions.node,
    system: `${type()} ${release()} ${process.arch}`,
    runs: [
      process.getuid?.() === 0 ? 'as root' : 'as an ordinary user',
      ...(inContainer() ? ['in a container'] : []),
      parts.running ? 'with a server' : 'without a server',
    ],
    sandbox: reason === undefined ? kind : `${kind} (${reason})`,
    paths: [
      [`${home}.secret`, '<home>.secret'],
      [home, '<home>'],
      [homedir(), '~'],
    ],
    redact,
  };
}

export async function gatherFacts({ home, environment, clock, running, open, problem }: ReviewParts): Promise<Facts> {
  const [files, { openConfig }, { probeSandbox }, { builtinTools }, { readRunFile }] = await Promise.all([
    import('./config/home-facts.ts'),
    import('./config/config-file.ts'),
    import('./security/process.ts'),
    import('./builtins.ts'),
    import('./config/run-file.ts'),
  ]);
  const problems: { -readonly [Part in keyof Facts['problems']]: string } = {};
  const attempt = async <T>(part: keyof Facts['problems'], work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems[part] = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  };
  const file = await attempt('config', () => openConfig(home, { onWarning: () => undefined }));
  if (problem?.code === 'vault-corrupt') problems.vault = problem.message;
  else if (problem && file && problem.code !== 'home-unsafe') problems.store = problem.message;
  const redact = open?.secrets.redact ?? ((text: string) => text);
  const configFile = `${home}/config.json`;
  const configText = files.readText(configFile) ?? '';
  const texts = [...files.workspaceTexts(home), { path: configFile, text: configText }].map((one) => ({ ...one, holdsSecret: redact(one.text) !== one.text }));
  const refused = (await open?.store.audit.newest(200, 'login-refused')) ?? [];
  return {
    now: clock.now(),
    home,
    temporary: tmpdir(),
    platform: process.platform,
    node: process.versions.node,
    user: process.getuid?.(),
    container: files.inContainer(),
    sandbox: await probeSandbox(),
    running,
    runFile: readRunFile(home) === undefined ? undefined : `${home}.secret/run.json`,
    files: files.homeFiles(home),
    parents: files.homeParents(home),
    texts,
    config: file?.current(),
    configFile,
    unknownKeys: (file?.validate() ?? []).flatMap((text) => /know the key "([^"]*)"/u.exec(text)?.[1] ?? []),
    problems,
    secrets: (await open?.secrets.list()) ?? [],
    isSet: (variable) => (environment[variable] ?? '') !== '',
    devices: (await open?.store.devices.list()) ?? [],
    grants: open && file ? (await Promise.all(Object.keys(file.current().agents).map((id) => open.store.grants.list(id)))).flat() : [],
    skills: (await attempt('skills', () => skillReports(home, clock))) ?? [],
    tools: builtinTools.map(({ name }) => name),
    audit: await open?.audit.verify(),
    refusedLogins: refused.map(({ at }) => at),
    newestRecord: (await open?.store.audit.last())?.at,
  };
}

async function skillReports(home: string, clock: Clock): Promise<readonly SkillReport[]> {
  const { openSkills } = await import('./open-skills.ts');
  const admin = await openSkills({ home, by: 'cli', clock, ids: createIds(clock.now), alone: () => Promise.reject(new Error('A review changes no skill.')) });
  const reports: SkillReport[] = [];
  for (const { name, state } of await admin.list()) if (state !== 'missing') reports.push(await admin.inspect(name));
  return reports;
}
