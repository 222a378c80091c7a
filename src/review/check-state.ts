// Is everything as CoPaw left it: configuration, database, audit log, skills, secrets.
import { type Check, type Facts, type Spotted, when } from './facts.ts';
import { secretShapes } from './secret-shapes.ts';

const loads = (skill: Facts['skills'][number]): boolean => skill.state === 'enabled';

function broken(id: string, part: keyof Facts['problems'], why: string, fix: string): Check {
  return {
    ...{ id, severity: 'critical', why, fix },
    look: ({ problems }) => {
      const said = problems[part];
      return said === undefined ? [] : [{ what: said, where: part }];
    },
  };
}

/** The first shape in each file is enough: a person opens it anyway. */
function shapedIn(facts: Facts, ofConfig: boolean): readonly Spotted[] {
  return facts.texts
    .filter(({ path }) => (path === facts.configFile) === ofConfig)
    .flatMap(({ path, text }) => {
      const found = secretShapes.find(({ pattern }) => pattern.test(text));
      const line = found && text.slice(0, text.search(found.pattern)).split('\n').length;
      return found ? [{ what: `Line ${line} looks like ${found.what}.`, where: path }] : [];
    });
}

export const stateChecks: readonly Check[] = [
  broken('config-corrupt', 'config', 'CoPaw does not start with it, and never guesses.', 'Correct it, or go back: backups/config-last-good.json.'),
  broken('store-unreadable', 'store', 'Conversations, devices and the audit log are in it.', 'Put it back from a backup.'),
  broken('vault-unreadable', 'vault', 'No secret can be used.', 'Put vault.json and vault.key back from one backup.'),
  broken('skills-unreadable', 'skills', 'No skill is loaded.', 'Put skills.lock.json back from a backup, or remove it and install the skills again.'),
  {
    id: 'config-unknown-key',
    severity: 'low',
    why: 'A key that is written wrong means the default, which may not be what you wanted.',
    fix: 'Correct or remove it.',
    look: ({ unknownKeys }) => unknownKeys.map((key) => ({ what: 'CoPaw does not know this key.', where: key })),
  },
  {
    id: 'audit-broken',
    severity: 'critical',
    why: 'Somebody, or a fault of the disk, changed what was written down.',
    fix: 'Keep a copy of the database, and look at who could write it. See docs/audit.md.',
    look: ({ audit }) =>
      audit && !audit.ok
        ? [{ what: audit.brokenAt === 0 ? 'The newest records are missing.' : `The chain breaks at record ${audit.brokenAt}.`, where: 'audit' }]
        : [],
  },
  {
    id: 'audit-short',
    severity: 'low',
    why: 'Who looks for what happened finds nothing.',
    fix: 'Set audit.days and audit.megabytes higher.',
    look: ({ config }) => [
      ...when(config !== undefined && config.audit.days < 30, `Records are kept ${config?.audit.days} days.`, 'audit.days'),
      ...when(config !== undefined && config.audit.megabytes < 5, `${config?.audit.megabytes} MB of records are kept.`, 'audit.megabytes'),
    ],
  },
  {
    id: 'run-file-left',
    severity: 'low',
    why: 'CoPaw was killed, and its token of that run is still on disk. It opens nothing any more.',
    fix: 'Remove the file.',
    fixable: 'remove',
    look: ({ runFile, running }) => (runFile !== undefined && !running ? [{ what: 'No CoPaw runs, and its run file is there.', where: runFile }] : []),
  },
  {
    id: 'skill-drifted',
    severity: 'high',
    why: 'Somebody changed it after it was reviewed. It is not loaded.',
    fix: 'Look at it with `copaw skills audit`, then enable or remove it.',
    look: ({ skills }) =>
      skills.filter(({ state }) => state === 'drifted').map(({ name }) => ({ what: `The files of "${name}" are not those that were installed.`, where: name })),
  },
  {
    id: 'skill-unlisted',
    severity: 'medium',
    why: 'Nobody installed it. It is not loaded.',
    fix: 'Find out where it came from, and remove the folder.',
    look: ({ skills }) =>
      skills.filter(({ state }) => state === 'unlisted').map(({ name }) => ({ what: `"${name}" is a folder in skills/ that nobody installed.`, where: name })),
  },
  {
    id: 'skill-grave-finding',
    severity: 'high',
    why: 'An enabled skill has the trust of code you run yourself.',
    fix: 'Read what was found with `copaw skills audit`; disable it unless you know why it is there.',
    look: ({ skills }) =>
      skills
        .filter((skill) => loads(skill) && skill.findings.some(({ severity, id }) => severity === 'high' && id !== 'not-scanned'))
        .map(({ name, findings }) => ({
          what: `"${name}" is enabled with grave findings: ${[...new Set(findings.filter(({ severity }) => severity === 'high').map(({ id }) => id))].join(', ')}.`,
          where: name,
        })),
  },
  {
    id: 'skill-not-scanned',
    severity: 'medium',
    why: 'Nothing has looked at all of it.',
    fix: 'Read it yourself, or install a smaller version.',
    look: ({ skills }) =>
      skills
        .filter((skill) => loads(skill) && skill.findings.some(({ id }) => id === 'not-scanned'))
        .map(({ name }) => ({ what: `"${name}" is enabled and too large to be scanned whole.`, where: name })),
  },
  {
    id: 'known-secret-in-text',
    severity: 'critical',
    why: 'The model and every command can read it there.',
    fix: 'Take it out, and replace the secret: it may have been sent to the model.',
    look: ({ texts }) =>
      texts.filter(({ holdsSecret }) => holdsSecret).map(({ path }) => ({ what: 'A secret of the vault stands in this file.', where: path })),
  },
  {
    id: 'secret-in-workspace',
    severity: 'high',
    why: 'The model and every command can read it there.',
    fix: 'Take it out, give it to `copaw secrets set`, and replace it where it came from.',
    look: (facts) => shapedIn(facts, false),
  },
  {
    id: 'secret-in-config',
    severity: 'high',
    why: 'config.json is plain text and has copies in backups/.',
    fix: 'Take it out and give it to `copaw secrets set` or `copaw models add`.',
    look: (facts) => shapedIn(facts, true),
  },
  {
    id: 'secret-for-many',
    severity: 'low',
    why: 'A secret should open one door.',
    fix: 'Use one secret for each service.',
    look: ({ secrets }) =>
      secrets
        .filter(({ use }) => (use?.origins.length ?? 0) > 5)
        .map(({ name, use }) => ({ what: `"${name}" may be sent to ${use?.origins.length} origins.`, where: name })),
  },
];
