// `npm run test:mutants`: opens each door in turn, in a copy, and runs the attacks against it. A door that may stand open while all is green is not held by any test.
// The tests of its own rules come first; only where they stay green is everything run. --all: always everything, and in the end what noticed nothing. A word: only doors whose name begins so. The attacks then succeed, so they run as nobody in a box of their own: without bubblewrap there are no mutants.
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const node = existsSync(join(root, 'node_modules/node/bin/node')) ? join(root, 'node_modules/node/bin/node') : process.execPath;
const bubblewrap = '/usr/bin/bwrap';
const nobody = 65_534;

/** Replaces an exported function by one that is made of it: `real` is the one that was there. */
const wrap = (file, name, body) => ({
  file,
  change: (text) => {
    const pattern = new RegExp(`export (async )?function ${name}\\b`);
    if (!pattern.test(text)) throw new Error(`${file} exports no function ${name}`);
    return `${text.replace(pattern, `$1function real_${name}`)}\nexport const ${name} = ((real) => ${body})(real_${name});\n`;
  },
});
/** Replaces a piece of text that must be there. */
const swap = (file, from, to) => ({
  file,
  change: (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${file} holds no ${from}`);
    return changed;
  },
});

/** Door → what opens it. */
const mutants = {
  'authenticate: credential': [
    wrap(
      'src/security/authenticate.ts',
      'createAuthenticate',
      "(parts) => ({ ...real(parts), authenticate: async () => ({ kind: 'run', deviceId: 'run', name: 'cli' }) })",
    ),
  ],
  'authenticate: host and origin': [wrap('src/security/authenticate.ts', 'createAuthenticate', '(parts) => ({ ...real(parts), checkHost: () => undefined })')],
  'authenticate: login code': [
    wrap(
      'src/security/authenticate.ts',
      'createAuthenticate',
      '(parts) => { const made = real(parts); return { ...made, exchange: (code, name) => made.exchange(made.newLoginCode().code, name) }; }',
    ),
  ],
  'authenticate: both halves': [wrap('src/core/cookie.ts', 'pairOf', '(cookie) => cookie')],
  admit: [wrap('src/security/admit.ts', 'createAdmit', "() => async (envelope) => ({ admitted: true, envelope: { ...envelope, origin: 'operator' } })")],
  'admit: where answers go': [wrap('src/core/sender-rules.ts', 'mayReach', '() => true')],
  'gate.check': [wrap('src/security/judge.ts', 'judge', "() => ({ verdict: 'allow', rule: '', reason: '', asking: [], everyTime: false, because: [] })")],
  'gate.confirm': [wrap('src/security/gate.ts', 'createGate', "(parts) => ({ ...real(parts), confirm: async (plan) => ({ verdict: 'allow', plan }) })")],
  'gate: standing yes': [wrap('src/core/templatable.ts', 'templatable', '() => true')],
  'hands: what the plan lists': [swap('src/security/hands.ts', 'if (!plan.effects.some(allowed)) throw unlisted(what);', '')],
  'hands: hashes': [swap('src/security/hands.ts', /\n\s*checkExecutables\(plan, parts\.hash\);/, '\n')],
  openPath: [
    wrap('src/lib/relative-path.ts', 'pathFault', '() => undefined'),
    wrap(
      'src/security/open-path.ts',
      'openPath',
      `async (root, relative, mode) => {
        const path = join(root, relative);
        if (mode === 'make') await mkdir(path, { recursive: true });
        const handle = await open(path, constants.O_RDONLY);
        const info = await handle.stat();
        return { handle, size: info.size, modifiedAt: 0, kind: info.isDirectory() ? 'directory' : 'file', path, close: () => handle.close() };
      }`,
    ),
  ],
  'createFiles: hard links': [swap('src/security/workspace-files.ts', 'before.nlink > 1', 'false')],
  'createFiles: git': [wrap('src/lib/relative-path.ts', 'isGitName', '() => false'), wrap('src/lib/relative-path.ts', 'gitFault', '() => undefined')],
  'process: sandbox': [
    wrap(
      'src/security/process.ts',
      'createProcessDoor',
      '(parts) => { const made = real(parts); const bare = (plan) => ({ ...plan, sandboxed: false }); return { ...made, run: (plan, ...more) => made.run(bare(plan), ...more), start: (plan) => made.start(bare(plan)) }; }',
    ),
  ],
  'process: network': [
    wrap(
      'src/security/process.ts',
      'createProcessDoor',
      '(parts) => { const made = real(parts); const open = (plan) => ({ ...plan, network: true }); return { ...made, run: (plan, ...more) => made.run(open(plan), ...more), start: (plan) => made.start(open(plan)) }; }',
    ),
  ],
  'egress: addresses': [wrap('src/lib/public-address.ts', 'isPublicAddress', '() => true')],
  'egress: origins': [swap('src/security/egress.ts', 'if (!purpose.origins.includes(url.origin))', 'if (false)')],
  installArtifact: [
    wrap('src/lib/artifact-rules.ts', 'entriesFault', '() => undefined'),
    wrap('src/lib/portable-name.ts', 'nameFault', '() => undefined'),
    swap('src/security/install-artifact.ts', 'const fault = entriesFault(entries);', 'const fault = undefined;'),
  ],
  'skills: drift': [wrap('src/lib/tree-hash.ts', 'treeHash', "() => '0'.repeat(64)")],
  commitConfig: [swap('src/security/commit-config.ts', /export const allowedActor = .*;/, 'export const allowedActor = /^/;')],
  'secrets: vault': [
    wrap('src/lib/sealed-text.ts', 'sealText', "(text) => ({ iv: '', tag: '', data: Buffer.from(text).toString('base64') })"),
    wrap('src/lib/sealed-text.ts', 'openText', "(sealed) => Buffer.from(sealed.data, 'base64').toString()"),
  ],
  'secrets: redactor': [wrap('src/lib/redactor.ts', 'createRedactor', '() => ({ ...real(), redact: (text) => text })')],
  // The worlds of the attacks write one record of the kind "test" to have a key.
  'audit: writes': [
    wrap(
      'src/security/audit.ts',
      'createAudit',
      "(parts) => { const made = real(parts); return { ...made, append: async (kind, detail) => (kind === 'test' ? made.append(kind, detail) : undefined) }; }",
    ),
  ],
  'audit: failing': [
    wrap(
      'src/security/audit.ts',
      'createAudit',
      '(parts) => { const made = real(parts); return { ...made, append: (kind, detail) => made.append(kind, detail).catch(() => undefined) }; }',
    ),
  ],
  'audit: verify': [wrap('src/security/audit.ts', 'createAudit', '(parts) => ({ ...real(parts), verify: async () => ({ ok: true, records: 0 }) })')],
};

/** Whose tests are asked first, by the beginning of a door's name. */
const nearest = {
  authenticate: 'callers',
  admit: 'senders',
  gate: 'gate',
  hands: 'gate',
  openPath: 'paths',
  createFiles: 'paths',
  process: 'commands',
  egress: 'egress',
  installArtifact: 'artifacts',
  skills: 'artifacts',
  commitConfig: 'gate',
  secrets: 'secrets',
  audit: 'audit',
};

/** Not run against mutants: what counts, builds or repeats the other suites. */
const left = ['catalogue', 'ordinary-user', 'exposure', 'bundle', 'ordinary'].map((name) => `tests/security/${name}.test.ts`);

if (!existsSync(bubblewrap)) {
  console.log('mutants need bubblewrap: without a box the attacks would be real.');
  process.exit(1);
}
const words = process.argv.slice(2);
const whole = words.includes('--all');
const asked = words.filter((word) => !word.startsWith('--'));
const names = Object.keys(mutants).filter((name) => asked.length === 0 || asked.some((word) => name.startsWith(word)));
const asRoot = process.getuid?.() === 0;
const tree = mkdtempSync(join(tmpdir(), 'copaw-mutants-'));
let open = 0;
const noticed = new Set();
// The box ends by the same signal; what was copied is removed below.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
try {
  for (const name of ['src', 'tests', 'scripts', 'bin', 'package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, name), join(tree, name), { recursive: true });
  if (existsSync(join(root, 'console/dist'))) cpSync(join(root, 'console/dist'), join(tree, 'console/dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  mkdirSync(join(tree, 'report'));
  if (asRoot) giveAway(tree);
  const before = asked.length > 0 ? { green: ['not looked'], red: [], seconds: 0 } : runAttacks();
  if (asked.length === 0) console.log(`no mutant: ${before.green.length} green, ${before.red.length} red in ${before.seconds} s`);
  for (const title of before.red) console.log(`    ${title}`);
  if (before.red.length > 0 || before.green.length === 0) throw new Error('The attacks must fail while the doors are shut.');
  console.log('\n| door that stands open | red | first of them | s |\n|---|---|---|---|');
  for (const name of names) {
    const undo = mutants[name].map(({ file, change }) => {
      const path = join(tree, file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, change(text));
      return () => writeFileSync(path, text);
    });
    const near = nearest[name.split(/[.:]/)[0]];
    const first = whole ? undefined : runAttacks([`tests/security/${near}.test.ts`]);
    const { red, seconds } = first && first.red.length > 0 ? first : runAttacks();
    for (const one of undo.reverse()) one();
    if (red.length === 0) open++;
    for (const title of red) noticed.add(title);
    const shown = red.slice(0, 4).map((title) => title.replaceAll('|', '\\|').slice(0, 70));
    console.log(`| ${name} | ${red.length === 0 ? '**none**' : red.length} | ${shown.join(' · ')} | ${seconds} |`);
  }
  const idle = whole && asked.length === 0 ? before.green.filter((title) => !noticed.has(title)) : [];
  if (idle.length > 0) console.log(`\nRed under no mutant:\n${idle.map((title) => `    ${title}`).join('\n')}`);
} finally {
  rmSync(tree, { recursive: true, force: true });
}
console.log(open === 0 ? `\nEach of ${names.length} open doors is noticed.` : `\n${open} open doors are not noticed.`);
process.exit(open === 0 ? 0 : 1);

/** Both suites, or these files of them, in a box: read-only system, a /tmp and a home of its own, no network, no process of this machine, never root, few processes. */
function runAttacks(files = []) {
  const report = join(tree, 'report/report.json');
  rmSync(report, { force: true });
  const start = Date.now();
  const vitest = [
    join(tree, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    'security',
    '--project',
    'escape',
    '--configLoader',
    'native',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  const box = [
    '--unshare-user',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-ipc',
    '--die-with-parent',
    '--new-session',
    '--ro-bind',
    '/',
    '/',
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    '--tmpfs',
    '/tmp',
  ];
  const line = [...box, '--bind', tree, tree, '--chdir', tree, '--setenv', 'HOME', '/tmp/home', '--setenv', 'TMPDIR', '/tmp', '--'];
  const limited = ['/bin/sh', '-c', 'mkdir -p /tmp/home; ulimit -u 4000 2>/dev/null; exec "$@"', 'sh'];
  const options = [...files, ...left.flatMap((file) => ['--exclude', file])];
  const { signal } = spawnSync(bubblewrap, [...line, ...limited, node, ...vitest, ...options], {
    ...{ stdio: 'ignore', timeout: 600_000, killSignal: 'SIGKILL', env: { PATH: [join(node, '..'), process.env.PATH].join(':'), LANG: 'C.UTF-8' } },
    ...(asRoot ? { uid: nobody, gid: nobody } : {}),
  });
  if (signal !== null) throw new Error(`Stopped by ${signal}.`);
  const seconds = Math.round((Date.now() - start) / 1000);
  if (!existsSync(report)) return { green: [], red: ['the runner did not end'], seconds };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const red = testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed').map(({ title }) => title);
    return failed.length === 0 && file.status === 'failed' && file.message ? [`${file.name.split('/').at(-1)} could not run`] : failed;
  });
  const green = testResults.flatMap((file) => file.assertionResults.filter(({ status }) => status === 'passed').map(({ title }) => title));
  return { green, red, seconds };
}

function giveAway(path) {
  lchownSync(path, nobody, nobody);
  if (path.endsWith('node_modules')) return;
  if (!statSync(path).isDirectory()) return chownSync(path, nobody, nobody);
  for (const name of readdirSync(path)) giveAway(join(path, name));
}
