// The rules of the house as pure functions over sources. Each returns its complaints; none means the rule holds.
import type { Import, Source } from './source.ts';

const siblings = ['config', 'security', 'review', 'store', 'models', 'tools', 'memory', 'skills', 'mcp', 'channels', 'schedule'];

/** Room → what it may import of ours besides itself. The composition root may import everything. */
const mayImport: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['core', []],
  ['lib', []],
  ...siblings.map((room) => [room, ['core', 'lib']] as const),
  ['agent', ['core', 'lib']],
  ['gateway', ['core', 'lib', 'agent']],
  ['http', ['core', 'lib', 'gateway']],
  ['cli', ['core', 'lib', 'src/http/contract.ts']],
  ['testing', ['core', 'lib', 'agent', 'gateway', 'http']],
  ['main.ts', ['core', 'lib', 'cli', 'src/config/environment.ts']],
  ['plugin.ts', ['core']],
]);
const knowsAll: ReadonlySet<string> = new Set([
  'app.ts',
  'serve.ts',
  'cli-parts.ts',
  'open-home.ts',
  'open-embedding.ts',
  'open-models.ts',
  'open-skills.ts',
  'open-security.ts',
  'open-review.ts',
  'open-permissions.ts',
  'open-doctor.ts',
  'open-doors.ts',
  'open-agents.ts',
  'open-sandbox-check.ts',
  'open-senders.ts',
  'open-channels.ts',
  'open-people.ts',
  'open-messages.ts',
  'open-observe.ts',
  'open-status.ts',
  'open-transcription.ts',
  'open-push.ts',
  'open-reminders.ts',
  'open-undo.ts',
  'open-sessions.ts',
  'open-settings.ts',
  'open-memory.ts',
  'open-retention.ts',
  'open-backup.ts',
  'open-backup-keeping.ts',
  'open-admins.ts',
  'open-learning.ts',
  'open-backup-members.ts',
  'open-backup-return.ts',
  'open-backup-worker.ts',
  'open-home-backups.ts',
  'open-usage.ts',
  'open-about.ts',
  'open-doctor.ts',
  'builtins.ts',
]);

/** "security" for src/security/gate.ts, "app.ts" for src/app.ts. */
const roomOf = (path: string): string => path.split('/')[1] ?? '';
const isTest = (path: string): boolean => /\.test\.tsx?$/u.test(path);
const inConsole = (path: string): boolean => path.startsWith('console/');
const isTesting = (path: string): boolean => isTest(path) || path.startsWith('src/testing/');
const isOurs = (target: string): boolean => target.startsWith('src/') || target.startsWith('console/');

export function importComplaints(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    isTest(source.path) ? [] : source.imports.filter((one) => !importAllowed(source.path, one)).map((one) => `${source.path} may not import ${one.spec}`),
  );
}

function importAllowed(path: string, one: Import): boolean {
  const { spec, target } = one;
  if (isTest(target) || (spec.startsWith('.') && !isOurs(target))) return false;
  if (inConsole(path))
    return isOurs(target)
      ? inConsole(target) || (target === 'src/http/contract.ts' && one.typeOnly) || target === 'src/lib/sse-parse.ts'
      : !target.startsWith('node:');
  const room = roomOf(path);
  if (!isOurs(target)) return room !== 'core' || target === 'zod' || (one.typeOnly && target === 'node:net');
  if (inConsole(target)) return false;
  const other = roomOf(target);
  if (quietHelpers.has(target) && !['security', 'store', 'config', 'testing', 'app.ts'].includes(room)) return quietHelpers.has(path);
  if (other === room) return true;
  if (knowsAll.has(other)) return knowsAll.has(room) || (room === 'main.ts' && other === 'cli-parts.ts');
  if (other === 'main.ts' || other === 'testing') return false;
  if (knowsAll.has(room)) return true;
  const allowed = mayImport.get(room) ?? [];
  return allowed.includes(other) || allowed.includes(target);
}

/** Helpers of lib that touch the disk. */
const quietHelpers: ReadonlySet<string> = new Set(['src/lib/atomic-file.ts', 'src/lib/log.ts']);

interface Power {
  readonly modules?: readonly string[];
  /** "name" for any use, "name.member" for one member, "name()" for a call or `new` without arguments. */
  readonly globals?: readonly string[];
  readonly holders: RegExp;
}

/** Each power of the process and who holds it. `src/testing` and tests hold all. */
const powers: readonly Power[] = [
  { modules: ['child_process', 'cluster'], holders: /^src\/security\/process[^/]*\.ts$/u },
  {
    modules: ['undici', 'ws', 'net', 'tls', 'https', 'http2', 'dgram', 'dns', 'dns/promises'],
    globals: ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'],
    // A web socket is spoken over a connection that the door made.
    holders: /^src\/(?:security\/egress[^/]*|channels\/web-socket)\.ts$/u,
  },
  { modules: ['http'], holders: /^src\/(?:http\/listen|security\/egress[^/]*)\.ts$/u },
  { modules: ['@hono/node-server'], holders: /^src\/http\/listen\.ts$/u },
  { modules: ['fs', 'fs/promises'], holders: /^src\/(?:(?:security|store|config)\/.*|lib\/atomic-file\.ts|lib\/log\.ts)$/u },
  { modules: ['sqlite'], holders: /^src\/(?:store\/.*|config\/lock\.ts)$/u },
  { modules: ['process'], globals: ['process.env', 'process.?'], holders: /^src\/config\//u },
  { globals: ['console'], holders: /^src\/(?:cli\/.*|main\.ts|lib\/log\.ts)$/u },
  {
    modules: ['timers', 'timers/promises', 'perf_hooks'],
    globals: ['Date.now', 'Date()', 'setTimeout', 'setInterval', 'performance', 'process.hrtime', 'process.uptime', 'AbortSignal.timeout'],
    holders: /^src\/lib\/clock\.ts$/u,
  },
  // The second runs nothing there: a context has what collects the heap.
  { modules: ['vm'], holders: /^src\/(?:tools\/within-time|lib\/small-heap)\.ts$/u },
  { modules: ['worker_threads'], holders: /^src\/(?:tools\/readable(?:-worker)?|open-(?:backup-worker|home-backups))\.ts$/u },
  { modules: ['module'], holders: /^src\/main\.ts$/u },
  { globals: ['eval', 'Function', 'globalThis', 'global', 'require', 'process.getBuiltinModule', 'process.binding'], holders: /^$/u },
];

/** Parts of those modules that only compute: no power, free to all. */
const harmless: ReadonlyMap<string, ReadonlySet<string>> = new Map([['node:net', new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList'])]]);
const isHarmless = ({ spec, names }: Import): boolean => names.every((name) => harmless.get(spec)?.has(name));

/** Who reaches for a power that is not theirs. `process` used as a whole counts as its environment: nothing could follow it. */
export function powerComplaints(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !isTesting(path) && !inConsole(path))
    .flatMap((source) =>
      powers
        .filter(({ holders }) => !holders.test(source.path))
        .flatMap(({ modules = [], globals = [] }) => [
          ...source.imports
            .filter(
              (one) =>
                !one.typeOnly &&
                !isHarmless(one) &&
                modules.some((module) => one.spec === module || one.spec === `node:${module}` || one.spec.startsWith(`${module}/`)),
            )
            .map((one) => `${source.path} may not import ${one.spec}`),
          ...new Set(
            source.globals
              .flatMap((use) => spellings(use))
              .filter((spelling) => globals.includes(spelling))
              .map((spelling) => `${source.path} may not use ${spelling}`),
          ),
        ]),
    );
}

function spellings({ name, member, bare }: Source['globals'][number]): string[] {
  return [name, `${name}.${member ?? '?'}`, ...(bare ? [`${name}()`] : [])];
}

const proofs: ReadonlySet<string> = new Set(['Caller', 'Admitted', 'JudgedPlan', 'unknown', 'never']);

/** Casts that would skip a door: to a proof type, or by way of `unknown` or `never`. */
export function castComplaints(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !isTesting(path) && !path.startsWith('src/security/'))
    .flatMap(({ path, casts }) => casts.filter((name) => proofs.has(name)).map((name) => `${path} may not cast to ${name}`));
}

export function anyComplaints(sources: readonly Source[]): string[] {
  return sources.filter(({ usesAny }) => usesAny).map(({ path }) => `${path} may not use the type any`);
}

export function stateComplaints(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, moduleState }) => moduleState.map((name) => `${path} may not keep ${name} at module level`));
}

/** Who takes a value out of its wrapper. */
export function revealComplaints(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, reveals }) => reveals && !isTesting(path) && !path.startsWith('src/security/') && path !== 'src/core/secret.ts')
    .map(({ path }) => `${path} may not reveal a secret`);
}

const wall = 400;
const trustedBase = 2_000;
const medianGoal = 120;

export function sizeComplaints(sources: readonly Source[]): string[] {
  const counted = sources.filter(({ path }) => !isTest(path));
  const base = counted.filter(({ path }) => path.startsWith('src/security/')).reduce((sum, { lines }) => sum + lines, 0);
  const middle = counted.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(counted.length / 2)] ?? 0;
  return [
    ...counted.filter(({ lines }) => lines > wall).map(({ path, lines }) => `${path} has ${lines} lines; the wall is ${wall}`),
    ...(base >= trustedBase ? [`src/security has ${base} lines; an auditor reads fewer than ${trustedBase}`] : []),
    ...(middle >= medianGoal ? [`the median file has ${middle} lines; it stays under ${medianGoal}`] : []),
  ];
}

/** Import cycles. A cycle through type imports alone is allowed inside core, where the nouns name each other. */
export function cycleComplaints(sources: readonly Source[]): string[] {
  const counted = sources.filter(({ path }) => !isTest(path));
  const runtime = findCycles(counted, (one) => !one.typeOnly);
  const withTypes = findCycles(counted, () => true).filter((cycle) => !cycle.every((path) => path.startsWith('src/core/')));
  return [...new Set([...runtime, ...withTypes].map((cycle) => `import cycle: ${[...cycle].sort().join(' ↔ ')}`))];
}

/** Strongly connected groups of more than one file, and files that import themselves (Tarjan). */
function findCycles(sources: readonly Source[], counts: (one: Import) => boolean): string[][] {
  const edges = new Map(sources.map((source) => [source.path, source.imports.filter(counts).map((one) => one.target)]));
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const cycles: string[][] = [];
  const enter = (path: string): number => {
    const mine = order.size;
    order.set(path, mine);
    low.set(path, mine);
    stack.push(path);
    let lowest = mine;
    for (const next of edges.get(path) ?? []) {
      if (!edges.has(next)) continue;
      if (!order.has(next)) lowest = Math.min(lowest, enter(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next) ?? lowest);
    }
    low.set(path, lowest);
    if (lowest === mine) {
      const group = stack.splice(stack.indexOf(path));
      if (group.length > 1 || edges.get(path)?.includes(path)) cycles.push(group);
    }
    return lowest;
  };
  for (const path of edges.keys()) if (!order.has(path)) enter(path);
  return cycles;
}
