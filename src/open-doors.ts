// Composition of the doors tools act through: gate, sandbox, egress, memory and the hands that hold them.
import type { AuditDoor } from './core/audit.ts';
import { type ConfigSource, sandboxOf } from './core/config.ts';
import type { Files } from './core/files.ts';
import type { Log } from './core/log.ts';
import type { SandboxState } from './core/process.ts';
import type { Redact, Secrets } from './core/secret.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './lib/clock.ts';
import type { Ids } from './lib/ids.ts';
import type { Embedder } from './memory/meaning.ts';
import type { SaidIndex } from './memory/said-index.ts';
import { sandboxState } from './open-permissions.ts';

interface DoorParts {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly config: ConfigSource;
  readonly store: Store;
  readonly audit: AuditDoor;
  readonly secrets: Secrets & { readonly redact: Redact };
  readonly clock: Clock;
  readonly ids: Ids;
  readonly files: (agentId: string) => Files;
  readonly workspace: (agentId: string) => string;
  /** What this machine offers. */
  readonly sandbox: SandboxState;
  readonly onFault: (error: unknown) => void;
  readonly log: Log;
  /** Search in what was said. */
  readonly saidIndex: Pick<SaidIndex, 'search' | 'about'>;
}

export async function openDoors({
  home,
  environment,
  config,
  store,
  audit,
  secrets,
  clock,
  ids,
  files,
  workspace,
  sandbox: found,
  onFault,
  log,
  saidIndex,
}: DoorParts) {
  const [
    processes,
    { createEgress },
    { createGate },
    { createCommandProxies },
    { createHands },
    { hashFile, resolveExecutable, resolveScripts },
    { openMemory },
    { createMeaning },
    { builtinTools },
    { sandboxPath },
    { planWarnings },
    { createRemind },
    { createConversationLog },
    { createPastSessions },
  ] = await Promise.all([
    import('./security/process.ts'),
    import('./security/egress.ts'),
    import('./security/gate.ts'),
    import('./security/egress-proxy.ts'),
    import('./security/hands.ts'),
    import('./security/executables.ts'),
    import('./open-memory.ts'),
    import('./memory/meaning.ts'),
    import('./builtins.ts'),
    import('./security/sandbox.ts'),
    import('./review/plan-warnings.ts'),
    import('./schedule/remind.ts'),
    import('./agent/conversation-log.ts'),
    import('./agent/past-sessions.ts'),
  ]);
  const hostPath = environment.PATH ?? '/usr/bin:/bin';
  const { memoryMb, processes: mostProcesses, dangerouslyOff } = config.current().sandbox;
  const shown = sandboxState(config.current(), found);
  const sandbox: SandboxState = dangerouslyOff ? { kind: 'none', reason: 'it is switched off by sandbox.dangerouslyOff' } : found;
  const egress = createEgress({ clock });
  const proxies = createCommandProxies({
    dial: egress.dial,
    onRefusal: (detail) => void audit.append('egress-refused', { rule: 'R18', ...detail }).catch(onFault),
  });
  const process = processes.createProcessDoor({
    sandbox,
    clock,
    ids,
    limits: { memoryMb, processes: mostProcesses, outputBytes: 1_000_000 },
    hostPath,
    proxy: proxies.socketFor,
  });
  let embedder: () => Embedder | undefined = () => undefined;
  const meaning = createMeaning({
    index: store.memoryIndex,
    clock,
    embedder: () => embedder(),
    onFailure: (error) => log('warn', 'embedding-failed', { err: error }),
  });
  const memory = await openMemory({ ...{ store, files, clock, onFault, workspace, meaning }, config: () => config.current(), redact: secrets.redact });
  const startedBy = new Map<string, string>();
  const hashes: import('./security/executables.ts').KnownHashes = new Map();
  let onReminder: () => void = () => undefined;
  const setReminder = createRemind({ store, clock, ids });
  const remind = async (...reminder: Parameters<typeof setReminder>) => {
    const set = await setReminder(...reminder);
    onReminder();
    return set;
  };
  const gate = createGate({
    config: () => config.current(),
    store,
    audit,
    ids,
    clock,
    sandbox: () => sandbox.kind,
    lend: secrets.lend,
    warnings: planWarnings,
    executables: async (argv, cwd, agentId) => {
      const path = sandbox.kind === 'none' ? hostPath : sandboxPath(hostPath, sandboxOf(config.current(), agentId), workspace(agentId));
      const program = resolveExecutable(argv[0] ?? '', path, workspace(agentId), cwd, hashes);
      return [...(program ? [program] : []), ...resolveScripts(argv, workspace(agentId), cwd)];
    },
  });
  return {
    sandbox: sandbox.kind,
    sandboxState: () => shown,
    commandNetwork: (agentId: string) => {
      const network = sandboxOf(config.current(), agentId).network;
      return network === undefined ? {} : { network: { hosts: network.hosts, privateHosts: network.privateHosts } };
    },
    process: {
      ...process,
      stopAll: async () => {
        await process.stopAll();
        proxies.close();
      },
    },
    /** Ends the background commands of a session, and says how many ran. */
    stopCommands: async (sessionId: string): Promise<number> => {
      const own = [...startedBy].flatMap(([id, of]) => (of === sessionId && process.poll(id).running ? [id] : []));
      await Promise.all(own.map(async (id) => process.kill(id)));
      return own.length;
    },
    egress,
    gate,
    memory,
    tools: builtinTools,
    hands: createHands({
      files,
      workspace,
      folders: (agentId) => sandboxOf(config.current(), agentId),
      process,
      egress,
      memory,
      log: ({ place }) => createConversationLog({ store, about: saidIndex.about }, place.sessionId, place.turnId),
      sessions: createPastSessions({ store, channels: () => config.current().channels, search: (question) => saidIndex.search(question) }),
      lend: secrets.lend,
      startedBy,
      remind,
      hash: (path) => hashFile(path, path.startsWith(`${home}/workspaces/`) ? undefined : hashes),
    }),
    /** From here on memory is found by meaning too, where a model for that is configured. */
    embedWith: (made: typeof embedder) => {
      embedder = made;
    },
    onReminder: (listener: () => void) => {
      onReminder = listener;
    },
  };
}
