// The composition root: builds every part, starts and stops them in order. The only file that knows all rooms.
import type { AgentParts } from './agent/parts.ts';
import type { Admins } from './core/admins.ts';
import { agentOf } from './core/agent-routes.ts';
import type { AuditDoor } from './core/audit.ts';
import type { ChannelFactory } from './core/channel.ts';
import type { AnyChannelKind } from './core/channel-kind.ts';
import type { ConfigSource } from './core/config.ts';
import { defaultAgent, uploadLimits } from './core/config.ts';
import { CoPawError, toCoPawError } from './core/error.ts';
import type { StreamedFiles } from './core/files.ts';
import type { WorkspaceFile } from './core/media.ts';
import type { ModelProvider } from './core/model.ts';
import type { Operator } from './core/operator.ts';
import type { SandboxState } from './core/process.ts';
import type { Redactor, Secrets } from './core/secret.ts';
import { sightOf } from './core/sight.ts';
import type { Store } from './core/store.ts';
import type { Tool } from './core/tool.ts';
import type { Webhooks } from './gateway/webhooks.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import { redactDeep } from './lib/redactor.ts';
import { knowKeys } from './open-home.ts';
import type { Push } from './open-push.ts';

export interface AppOptions {
  /** An existing home whose notice was accepted. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** Faults and warnings of CoPaw itself, for the log. */
  readonly onFault: (error: unknown) => void;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** More tools and channels, for tests and plugins; the gate judges them like the built-in ones. */
  readonly tools?: readonly Tool[];
  /** Kinds of channels beside the built-in ones. */
  readonly channelKinds?: readonly AnyChannelKind[];
  /** Made elsewhere, by kind; the accounts that config.json enables are started. */
  readonly channels?: Readonly<Record<string, ChannelFactory>>;
  /** Sees every write of the journal, for tests. */
  readonly aroundStore?: (store: Store) => Store;
  /** What was found of the sandbox, where somebody has looked already. */
  readonly sandbox?: Promise<SandboxState>;
  /** Replaces every model, for tests. */
  readonly provider?: ModelProvider;
  /** Stands for the way to the push services of browsers, for tests. */
  readonly pushFetch?: typeof globalThis.fetch;
}

export interface App extends Admins {
  /** The same as one. */
  readonly admins: Admins;
  readonly secrets: Secrets & Redactor;
  readonly operator: Operator;
  /** A file of a session's workspace. */
  file(sessionId: string, path: string): Promise<WorkspaceFile>;
  /** A request of a chat platform. */
  readonly webhook: Webhooks;
  /** Numbers in the Prometheus text format. */
  metrics(): Promise<string>;
  /** Whether it can receive and answer. */
  ready(): Promise<boolean>;
  readonly config: ConfigSource;
  readonly store: Store;
  readonly audit: AuditDoor;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Writes a fault of CoPaw itself to the log and hands it on. */
  onFault(error: unknown): void;
  stop(): Promise<void>;
}

/** Opens a home whose notice was accepted, recovers what was open, and runs until `stop`. */
export async function openApp(options: AppOptions): Promise<App> {
  const clock = options.clock ?? systemClock;
  const ids = options.ids ?? createIds(clock.now);
  const [
    { openConfig },
    { openStore },
    { createKeyFiles },
    { createSecrets },
    { createAudit },
    { createCommitConfig },
    { lockHome },
    { openLog },
    spare,
    { openBackupKeeping },
  ] = await Promise.all([
    import('./config/config-file.ts'),
    import('./store/open-store.ts'),
    import('./store/key-file.ts'),
    import('./security/secrets.ts'),
    import('./security/audit.ts'),
    import('./security/commit-config.ts'),
    import('./config/lock.ts'),
    import('./lib/log.ts'),
    import('./config/spare-files.ts'),
    import('./open-backup-keeping.ts'),
  ]);
  spare.checkSpareFiles();
  const lock = lockHome(options.home);
  // Starting a sandbox to see whether it holds takes as long as all the rest: side by side.
  const sandbox = options.sandbox ?? import('./security/process.ts').then(({ probeSandbox }) => probeSandbox());
  sandbox.catch(() => undefined); // awaited below
  const stopping: (() => unknown)[] = [() => lock.release()];
  const startedAt = clock.now();
  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    for (const part of stopping.splice(0).reverse()) await part();
  };
  try {
    const secretDirectory = `${options.home}.secret`;
    const keys = createKeyFiles(secretDirectory);
    const file = openConfig(options.home, { onWarning: options.onFault });
    const inner = await openStore(`${options.home}/copaw.db`);
    const opened = options.aroundStore?.(inner) ?? inner;
    stopping.push(() => opened.close());
    const secrets = createSecrets({ dir: secretDirectory, keys, environment: options.environment });
    // Whatever is written down of conversations is written without secrets.
    const { createCounters } = await import('./gateway/counters.ts');
    const { counters, count } = createCounters();
    let onTurnEnd: (turnId: string) => void = () => undefined;
    let onCommitted: Push['committed'] = () => undefined;
    const store: Store = {
      ...opened,
      async commit(batch) {
        const entries = await opened.commit(redactDeep(batch, secrets.redact));
        count(batch);
        if (batch.turnEnd) onTurnEnd(batch.turnEnd.turnId);
        onCommitted(entries);
        if (Object.keys(batch).length > 0) {
          backups.changed();
          sweeps.changed();
          saidIndex.changed();
        }
        return entries;
      },
    };
    const learnKeys = (): Promise<void> => knowKeys(file.current(), secrets);
    await learnKeys();
    const audit = createAudit({ store: store.audit, keys, clock, redact: secrets.redact, keep: () => file.current().audit });
    const { log, close: closeLog } = openLog({ directory: `${options.home}/logs`, redact: secrets.redact });
    stopping.push(closeLog);
    const onFault = (error: unknown): void => {
      log('error', 'fault', { err: error });
      options.onFault(error);
    };
    const backups = openBackupKeeping({
      ...{ home: options.home, version: options.version, clock, audit, onFault },
      keep: () => file.current().backups,
      copy: (target) => opened.backup(target),
    });
    stopping.push(() => backups.stop());
    let configChanged = (): void => undefined;
    const watcher = file.watch(() => {
      learnKeys().catch(onFault);
      configChanged();
    });
    stopping.push(() => watcher.close());
    const config: ConfigSource = { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) };

    const [{ createFiles }, { ensureWorkspace }] = await Promise.all([import('./security/workspace-files.ts'), import('./config/ensure-workspace.ts')]);
    const workspace = (agentId: string): string => `${options.home}/workspaces/${agentId}`;
    const roots = new Map<string, StreamedFiles>();
    const files = (agentId: string): StreamedFiles => {
      const known = roots.get(agentId);
      if (known) return known;
      if (Object.hasOwn(config.current().agents, agentId)) ensureWorkspace(options.home, agentId, config.current().language);
      const made = createFiles({ root: workspace(agentId), trash: `${options.home}/trash`, clock, ids });
      roots.set(agentId, made);
      return made;
    };

    const { createMediaFiles } = await import('./store/media-files.ts');
    const media = createMediaFiles({ folder: `${options.home}/media`, clock, ids, limits: () => uploadLimits(file.current()) });

    const { openRetention } = await import('./open-retention.ts');
    const sweeps = await openRetention({ home: options.home, store, config: file, files, media, clock, ids, log, onFault });
    stopping.push(() => sweeps.stop());

    const { createSaidIndex } = await import('./memory/said-index.ts');
    const saidIndex = createSaidIndex({ said: store.said, clock, onFault });
    stopping.push(() => saidIndex.stop());

    const { openDoors } = await import('./open-doors.ts');
    const doors = await openDoors({
      ...{ home: options.home, environment: options.environment, config, store, audit, secrets, clock, ids, files, workspace, onFault, saidIndex, log },
      sandbox: await sandbox,
    });
    stopping.push(() => doors.process.stopAll());
    stopping.push(() => doors.memory.follower.close());
    const { openPush } = await import('./open-push.ts');
    const push = openPush({
      ...{ store, secrets, audit, clock, config: () => config.current(), log, onFault },
      fetch: options.pushFetch ?? doors.egress.fetchFor({ kind: 'public' }),
    });
    stopping.push(() => push.stop());
    onCommitted = push.committed;
    const { openModels } = await import('./open-models.ts');
    const models = await openModels({ options, config, secrets, audit, egress: doors.egress, clock });

    const [
      { TurnBus },
      { Gateway },
      { createOperator },
      { workspaceFile },
      { createContextParts },
      { contextOf },
      { SystemPrompts },
      { DaySpending },
      { openUndo },
      { openSenders },
      { createScheduler },
      { createEmbedding },
      { createHearing },
    ] = await Promise.all([
      import('./gateway/turn-bus.ts'),
      import('./gateway/gateway.ts'),
      import('./gateway/operator.ts'),
      import('./gateway/workspace-file.ts'),
      import('./agent/context-parts.ts'),
      import('./agent/context-of.ts'),
      import('./agent/prompt.ts'),
      import('./agent/day-spending.ts'),
      import('./open-undo.ts'),
      import('./open-senders.ts'),
      import('./schedule/scheduler.ts'),
      import('./open-embedding.ts'),
      import('./open-transcription.ts'),
    ]);
    const bus = await TurnBus.open(store, clock, secrets.redact);
    const { taint, keeper, undo } = await openUndo({ store, files, clock, ids, audit, keep: () => config.current().undo });
    const senders = await openSenders({
      ...{ config, store, bus, audit, clock, ids, secrets, onFault, log, files, media, taint, egress: doors.egress, options },
      onGivenUp: push.givenUp,
    });
    const { approvals, delivery, supervisor } = senders;
    stopping.push(() => delivery.stop());
    const spending = new DaySpending(store.usage);
    doors.embedWith(createEmbedding({ config, store, clock, resolve: models.resolve, spending }));
    const agent: AgentParts = {
      ...{ store, clock, spending, taint, log, files, redact: secrets.redact, model: models.resolve },
      ...createContextParts({ store, clock }),
      prompts: new SystemPrompts(),
      hearing: createHearing({ config, resolve: models.resolve, files, words: () => senders.words().unheard, log }),
      tools: toolsByName([...doors.tools, ...(options.tools ?? [])]),
      gate: doors.gate,
      ask: (turn, asked, io) => approvals.ask(turn, asked, io),
      hands: doors.hands,
      versions: keeper,
      audit: (kind, detail) => audit.append(kind, detail),
      memoryDigest: (agentId) => doors.memory.digest(agentId),
      seesMemory: (turn) => sightOf(config.current(), turn).memory === 'allow',
      settings: (agentId) => {
        const { agents, limits, timezone, models: chosen } = config.current();
        const { turnTokens, dayTokens, dayCost } = limits;
        return {
          stepLimit: agents[agentId]?.stepLimit ?? 50,
          turnTokens,
          dayTokens,
          dayCost,
          timezone,
          ...doors.commandNetwork(agentId),
          ...(chosen.compaction === undefined ? {} : { compactionModel: chosen.compaction }),
        };
      },
      sandboxed: () => doors.sandbox !== 'none',
    };
    const gateway = new Gateway({
      store,
      bus,
      agent,
      ids,
      ...senders,
      commands: {
        store,
        version: options.version,
        newSessionId: () => ids('kept'),
        language: () => config.current().language,
        model: models.resolve,
        modelRefs: () => Object.entries(config.current().models.providers).flatMap(([id, { models: all }]) => all.map((model) => `${id}/${model.id}`)),
        sandbox: () => doors.sandboxState().kind,
        today: () => spending.today(clock.now(), config.current().timezone),
        forget: (sessionId) => agent.windows.forget(sessionId),
        context: (sessionId, model) => contextOf(agent, sessionId, model),
        async undoFiles(turnId) {
          try {
            return await (await undo('chat')).undo(turnId, { force: false, dryRun: false });
          } catch (error) {
            if (toCoPawError(error).code === 'not-found') return undefined;
            throw error;
          }
        },
      },
      stopCommands: doors.stopCommands,
      turnMinutes: () => config.current().limits.turnMinutes,
      agentId: (address) => agentOf(config.current(), address),
      parallelTurns: () => config.current().limits.parallelTurns,
      onFault,
    });
    stopping.push(async () => {
      bus.close();
      await gateway.suspend();
    });
    const scheduler = createScheduler({ store, clock, inbox: gateway.inbox('schedule', 'local'), onError: onFault });
    doors.onReminder(() => scheduler.wake());
    stopping.push(() => supervisor.stop());
    stopping.push(() => scheduler.stop());

    await approvals.expireAll();
    if ((await store.sessions.unfinished()).length > 0) await (await import('./gateway/copy-session.ts')).dropUnfinishedCopies(store);
    await gateway.recover();
    await scheduler.start();
    supervisor.start((channel, account) => gateway.inbox(channel, account));
    const { openLearning } = await import('./open-learning.ts');
    const learning = openLearning({
      ...agent,
      ...{ store, config, ids, memory: doors.memory, resolve: models.resolve, onFault },
      audit: (kind, detail) => audit.append(kind, detail),
    });
    stopping.push(() => learning.stop());
    onTurnEnd = (turnId) => learning.turnEnded(turnId);
    learning.look();
    configChanged = () => {
      senders.sync();
      learning.look();
    };
    const operator = createOperator({
      store,
      gateway,
      bus,
      approvals,
      clock,
      ids,
      version: options.version,
      redact: secrets.redact,
      agentId: () => defaultAgent(config.current()).id,
      model: models.resolve,
      window: (model) => agent.modelWindows.of(model),
      media,
      files,
      sandbox: () => doors.sandboxState().kind,
      channels: () => config.current().channels,
      connections: () => supervisor.list(),
      startedAt,
      today: () => spending.today(clock.now(), config.current().timezone),
    });
    const { openObserve } = await import('./open-observe.ts');
    const { messages, ...observe } = openObserve({
      ...{ store, gateway, delivery, audit, redact: secrets.redact, counters, version: options.version, startedAt },
      model: () => models.resolve(defaultAgent(config.current()).id),
      stopping: () => stopped,
    });
    const { openAdmins } = await import('./open-admins.ts');
    const admins = openAdmins(
      {
        ...{ home: options.home, configFile: file, config, store, audit, clock, ids, redact: secrets.redact, files, keeper, taint, gateway, saidIndex },
        ...{ memory: doors.memory, chats: { ...senders, bus } },
        windows: agent.windows,
        model: models.resolve,
        tools: [...agent.tools.keys()],
        sandbox: doors.sandboxState(),
      },
      { models: models.admin, channels: senders.channels, undo, learning: learning.admin, backups: backups.backups, messages, push: push.admin },
    );
    return {
      operator,
      file: (sessionId, path) => workspaceFile({ store, files }, sessionId, path),
      admins,
      ...admins,
      ...observe,
      webhook: senders.webhook,
      config,
      store,
      audit,
      startedAt,
      secrets,
      onFault,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Two tools of one name would make it unclear which one was judged. */
function toolsByName(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const named = new Map(tools.map((tool) => [tool.name, tool]));
  if (named.size < tools.length) throw new CoPawError('invalid', 'Two tools have the same name.', { rule: 'R14' });
  return named;
}
