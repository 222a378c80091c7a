// `npm run test:mutants`: opens each door in turn, in a copy, and runs the attacks against it. A door that may stand open while all is green is not held by any attack,
// and an attack that is red under no mutant proves nothing and is deleted. What stands in a group or file named "ordinary …" is no attack: it may be green under all.
// The tests nearest to a door come first; only where they stay green is everything run. Words: only mutants whose name begins so. --in=paths,escape/proxy: only these
// files. --near: never everything. --all: always. --titles: all that is red, and why. The attacks then succeed, so they run as nobody in a box of their own: without bubblewrap there are no mutants.
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
import { doors } from './mutants-doors.js';
import { surfaces } from './mutants-surfaces.js';

const root = join(import.meta.dirname, '..');
const node = existsSync(join(root, 'node_modules/node/bin/node')) ? join(root, 'node_modules/node/bin/node') : process.execPath;
const bubblewrap = '/usr/bin/bwrap';
const nobody = 65_534;

/** Not run against mutants: what counts, builds or repeats the other suites. */
const left = ['catalogue', 'ordinary-user', 'exposure', 'bundle', 'ordinary'].map((name) => `tests/security/${name}.test.ts`);

if (!existsSync(bubblewrap)) {
  console.log('mutants need bubblewrap: without a box the attacks would be real.');
  process.exit(1);
}
const words = process.argv.slice(2);
const whole = words.includes('--all');
const only = words.find((word) => word.startsWith('--in='))?.slice(5);
const asked = words.filter((word) => !word.startsWith('--'));
const mutants = [...doors, ...surfaces].flatMap(({ near, mutants }) => Object.entries(mutants).map(([name, changes]) => ({ name, changes, near })));
const chosen = mutants.filter(({ name }) => asked.length === 0 || asked.some((word) => name.startsWith(word)));
if (chosen.length === 0) throw new Error(`No mutant begins with ${asked.join(' or ')}.`);
const filesOf = (names) => names.map((name) => `tests/${name.includes('/') ? name : `security/${name}`}.test.ts`);
const asRoot = process.getuid?.() === 0;
const tree = mkdtempSync(join(tmpdir(), 'copaw-mutants-'));
let open = 0;
let idle = [];
const noticed = new Set();
// The box ends by the same signal; what was copied is removed below.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
try {
  for (const name of ['src', 'tests', 'scripts', 'bin', 'package.json', 'package-lock.json', 'tsconfig.json', 'vitest.config.ts'])
    cpSync(join(root, name), join(tree, name), { recursive: true });
  if (existsSync(join(root, 'console/dist'))) cpSync(join(root, 'console/dist'), join(tree, 'console/dist'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  mkdirSync(join(tree, 'report'));
  // Whoever runs the attacks has a home there.
  writeFileSync(join(tree, 'report/passwd'), `root:x:0:0::/root:/bin/sh\nattacker:x:${asRoot ? nobody : process.getuid?.()}:${nobody}::/tmp/home:/bin/sh\n`);
  if (asRoot) giveAway(tree);
  const before = asked.length > 0 ? undefined : runAttacks(only ? filesOf(only.split(',')) : []);
  if (before) {
    console.log(`no mutant: ${before.green.length} attacks green, ${before.red.length} tests red in ${before.seconds} s`);
    for (const title of before.red) console.log(`    ${title}`);
    if (before.red.length > 0 || before.green.length === 0) throw new Error('The attacks must fail while the doors are shut.');
  }
  console.log('\n| door that stands open | red | first of them | s |\n|---|---|---|---|');
  for (const { name, changes, near } of chosen) {
    const undo = changes.map(({ file, change }) => {
      const path = join(tree, file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, change(text));
      return () => writeFileSync(path, text);
    });
    const first = whole ? undefined : runAttacks(filesOf(only ? only.split(',') : near));
    const { red, why, unsure, seconds } = first && (first.red.length > 0 || only || words.includes('--near')) ? first : runAttacks();
    for (const one of undo.reverse()) one();
    if (red.length === 0) open++;
    for (const title of red) noticed.add(title);
    const shown = red.slice(0, 4).map((title) => title.replaceAll('|', '\\|').slice(0, 70));
    const count = red.length === 0 ? '**none**' : red.length;
    console.log(`| ${name} | ${count}${unsure > 0 ? ` (${unsure} unsure)` : ''} | ${shown.join(' · ')} | ${seconds} |`);
    if (words.includes('--titles')) for (const title of red) console.log(`    ${title}\n        ${why.get(title) ?? ''}`);
  }
  idle = before?.green.filter((title) => !noticed.has(title)) ?? [];
  if (idle.length > 0) console.log(`\nRed under no mutant:\n${idle.map((title) => `    ${title}`).join('\n')}`);
} finally {
  rmSync(tree, { recursive: true, force: true });
}
console.log(open === 0 ? `\nEach of ${chosen.length} open doors is noticed.` : `\n${open} open doors are not noticed.`);
process.exit(open === 0 && idle.length === 0 ? 0 : 1);

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
  const line = [
    ...box,
    '--ro-bind',
    join(tree, 'report/passwd'),
    '/etc/passwd',
    '--bind',
    tree,
    tree,
    '--chdir',
    tree,
    '--setenv',
    'HOME',
    '/tmp/home',
    '--setenv',
    'TMPDIR',
    '/tmp',
    '--',
  ];
  const limited = ['/bin/sh', '-c', 'mkdir -p /tmp/home; ulimit -u 4000 2>/dev/null; exec "$@"', 'sh'];
  const options = [...files, ...left.flatMap((file) => ['--exclude', file])];
  const { signal } = spawnSync(bubblewrap, [...line, ...limited, node, ...vitest, ...options], {
    ...{ stdio: 'ignore', timeout: 600_000, killSignal: 'SIGKILL', env: { PATH: [join(node, '..'), process.env.PATH].join(':'), LANG: 'C.UTF-8' } },
    ...(asRoot ? { uid: nobody, gid: nobody } : {}),
  });
  const seconds = Math.round((Date.now() - start) / 1000);
  // A run that did not come to its end shows nothing.
  if (signal !== null || !existsSync(report)) return { green: [], red: [], why: new Map(), unsure: 1, seconds };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const attacks = (file) =>
    /ordinary/u.test(file.name) ? [] : file.assertionResults.filter(({ ancestorTitles }) => !ancestorTitles.some((name) => name.startsWith('ordinary')));
  // On a busy machine a test may run out of time, and a file that does not begin says nothing either.
  const isLate = ({ failureMessages }) => failureMessages.length > 0 && failureMessages.every((message) => /(?:Test|Hook) timed out in/u.test(message));
  const failed = testResults.flatMap((file) => attacks(file).filter(({ status }) => status === 'failed'));
  const red = failed.filter((one) => !isLate(one)).map(nameOf);
  const green = testResults.flatMap((file) => attacks(file).flatMap((one) => (one.status === 'passed' ? [nameOf(one)] : [])));
  const why = new Map(failed.map((one) => [nameOf(one), one.failureMessages[0]?.split('\n')[0].slice(0, 160)]));
  const unsure = failed.filter(isLate).length + testResults.filter(({ status, message }) => status === 'failed' && message).length;
  return { green, red, why, unsure, seconds };
}

function nameOf({ ancestorTitles, title }) {
  return [...ancestorTitles.slice(-1), title].join(' > ');
}

function giveAway(path) {
  lchownSync(path, nobody, nobody);
  if (path.endsWith('node_modules')) return;
  if (!statSync(path).isDirectory()) return chownSync(path, nobody, nobody);
  for (const name of readdirSync(path)) giveAway(join(path, name));
}
