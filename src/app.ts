// The composition root: builds every part, starts and stops them in order. The only file that knows all rooms.
import type { AgentParts } from './agent/parts.ts';
import type { AuditDoor } from './core/audit.ts';
import { auditedSecrets } from './core/audited-secrets.ts';
import type { ChannelFactory } from './core/channel.ts';
import type { ConfigSource, ProviderConfig } from './core/config.ts';
import { defaultAgent } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import type { Files } from './core/files.ts';
import type { ModelProvider } from './core/model.ts';
import type { ModelsAdmin, Operator } from './core/operator.ts';
import type { PeopleAdmin } from './core/people.ts';
import type { PermissionsAdmin } from './core/permissions.ts';
import type { Redact, Secrets } from './core/secret.ts';
import type { SkillsAdmin } from './core/skill.ts';
import type { Store } from './core/store.ts';
import type { Tool } from './core/tool.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { createIds, type Ids } from './lib/ids.ts';
import { once } from './lib/once.ts';
import { preferSmallHeap } from './lib/prefer-small-heap.ts';
import { redactDeep } from './lib/redactor.ts';

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
  /** By kind; the accounts that config.json enables are started. */
  readonly channels?: Readonly<Record<string, ChannelFactory>>;
  /** Replaces every model, for tests. */
  readonly provider?: ModelProvider;
}

export interface App {
  readonly secrets: Secrets & { readonly redact: Redact };
  readonly operator: Operator;
  /** `by` is for the audit: "cli", "console:device-id". */
  models(by: string): ModelsAdmin;
  skills(by: string): Promise<SkillsAdmin>;
  permissions(by: string): Promise<PermissionsAdmin>;
  people(by: string): Promise<PeopleAdmin>;
  readonly config: ConfigSource;
  readonly store: Store;
  readonly audit: AuditDoor;
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
    { createDailyBackup },
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
    import('./store/daily-backup.ts'),
  ]);
  spare.checkSpareFiles();
  const lock = lockHome(options.home);
  // Starting a sandbox to see whether it holds takes as long as all the rest: side by side.
  const sandbox = import('./security/process.ts').then(({ probeSandbox }) => probeSandbox());
  sandbox.catch(() => undefined); // awaited below
  const stopping: (() => unknown)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    for (const part of stopping.splice(0).reverse()) await part();
  };
  try {
    const secretDirectory = `${options.home}.secret`;
    const keys = createKeyFiles(secretDirectory);
    const file = openConfig(options.home, { onWarning: options.onFault });
    const opened = await openStore(`${options.home}/copaw.db`);
    stopping.push(() => opened.close());
    const secrets = createSecrets({ dir: secretDirectory, keys, environment: options.environment });
    // Whatever is written down of conversations is written without secrets.
    const store: Store = {
      ...opened,
      async commit(batch) {
        const entries = await opened.commit(redactDeep(batch, secrets.redact));
        backups.changed();
        return entries;
      },
    };
    const learnKeys = async (): Promise<void> => {
      for (const { key } of Object.values(file.current().models.providers)) if (key) await secrets.has(key);
    };
    await learnKeys();
    const audit = createAudit({ store: store.audit, keys, clock, redact: secrets.redact, keep: () => file.current().audit });
    const { log, close: closeLog } = openLog({ directory: `${options.home}/logs`, redact: secrets.redact });
    stopping.push(closeLog);
    const onFault = (error: unknown): void => {
      log('error', 'fault', { err: error });
      options.onFault(error);
    };
    const backups = createDailyBackup({
      folder: `${options.home}/backups`,
      clock,
      keep: () => file.current().backups,
      copy: (target) => opened.backup(target),
      onFault,
    });
    stopping.push(() => backups.stop());
    const watcher = file.watch(() => learnKeys().catch(onFault));
    stopping.push(() => watcher.close());
    const config: ConfigSource = { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) };

    const { createFiles } = await import('./security/workspace-files.ts');
    const workspace = (agentId: string): string => `${options.home}/workspaces/${agentId}`;
    const roots = new Map<string, Files>();
    const files = (agentId: string): Files => {
      const known = roots.get(agentId);
      if (known) return known;
      const made = createFiles({ root: workspace(agentId), trash: `${options.home}/trash`, clock, ids });
      roots.set(agentId, made);
      return made;
    };

    const { openDoors } = await import('./open-doors.ts');
    const doors = await openDoors({
      home: options.home,
      environment: options.environment,
      config,
      store,
      audit,
      secrets,
      clock,
      ids,
      files,
      workspace,
      sandbox: await sandbox,
      onFault,
    });
    stopping.push(() => doors.process.stopAll());
    const models = await openModels({ options, config, secrets, audit, egress: doors.egress, clock });

    const [
      { TurnBus },
      { Gateway },
      { createOperator },
      { ContextWindows },
      { SystemPrompts },
      { DaySpending },
      { createTaint },
      { openSenders },
      { createScheduler },
    ] = await Promise.all([
      import('./gateway/turn-bus.ts'),
      import('./gateway/gateway.ts'),
      import('./gateway/operator.ts'),
      import('./agent/context.ts'),
      import('./agent/prompt.ts'),
      import('./agent/day-spending.ts'),
      import('./agent/taint.ts'),
      import('./open-senders.ts'),
      import('./schedule/scheduler.ts'),
    ]);
    const bus = await TurnBus.open(store, clock, secrets.redact);
    const senders = await openSenders({ config, store, audit, clock, ids, channels: options.channels ?? {}, onFault });
    const { approvals, delivery } = senders;
    stopping.push(() => delivery.stop());
    const spending = new DaySpending(store.usage);
    const agent: AgentParts = {
      store,
      clock,
      windows: new ContextWindows(),
      prompts: new SystemPrompts(),
      spending,
      model: models.resolve,
      tools: toolsByName([...doors.tools, ...(options.tools ?? [])]),
      gate: doors.gate,
      ask: (turn, asked, io) => approvals.ask(turn, asked, io),
      hands: doors.hands,
      taint: createTaint({ store, files, clock }),
      audit: (kind, detail) => audit.append(kind, detail),
      redact: secrets.redact,
      log,
      memoryDigest: (agentId) => doors.memory.digest(agentId),
      files,
      settings: (agentId) => {
        const { agents, limits, timezone } = config.current();
        const { turnTokens, dayTokens, dayCost } = limits;
        return { stepLimit: agents[agentId]?.stepLimit ?? 50, turnTokens, dayTokens, dayCost, timezone, ...doors.commandNetwork(agentId) };
      },
      sandboxed: () => doors.sandbox !== 'none',
    };
    const gateway = new Gateway({
      store,
      bus,
      agent,
      ids,
      ...senders,
      agentId: () => defaultAgent(config.current()).id,
      parallelTurns: () => config.current().limits.parallelTurns,
      onFault,
    });
    stopping.push(async () => {
      bus.close();
      await gateway.suspend();
    });
    const scheduler = createScheduler({ store, clock, inbox: gateway.inbox('schedule', 'local'), onError: onFault });
    doors.onReminder(() => scheduler.wake());
    stopping.push(() => senders.stop());
    stopping.push(() => scheduler.stop());

    await approvals.expireAll();
    await gateway.recover();
    await scheduler.start();
    senders.start((channel, account) => gateway.inbox(channel, account));
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
      model: () => models.resolve(defaultAgent(config.current()).id),
      sandbox: () => doors.sandboxState().kind,
      today: () => spending.today(clock.now(), config.current().timezone),
    });
    let lastChange: Promise<unknown> = Promise.resolve();
    const skills = async (by: string): Promise<SkillsAdmin> => {
      const { openSkills } = await import('./open-skills.ts');
      return openSkills({
        home: options.home,
        by,
        clock,
        ids,
        alone: (work) => {
          const done = lastChange.then(() => work(audit));
          lastChange = done.catch(() => undefined);
          return done;
        },
      });
    };
    const permissions = async (by: string): Promise<PermissionsAdmin> => {
      const { openPermissions } = await import('./open-permissions.ts');
      return openPermissions({ config, store, audit, tools: [...agent.tools.keys()], sandbox: doors.sandboxState() }, by);
    };
    const people = async (by: string): Promise<PeopleAdmin> => {
      const { createPeopleAdmin } = await import('./gateway/people.ts');
      return createPeopleAdmin({ store: store.senders, config, clock, by, audit: (kind, detail) => audit.append(kind, detail) });
    };
    return { operator, models: models.admin, skills, permissions, people, config, store, audit, secrets, onFault, stop };
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

interface ModelParts {
  readonly options: Pick<AppOptions, 'environment' | 'provider'>;
  readonly config: ConfigSource;
  readonly secrets: Secrets & { readonly redact: Redact };
  /** Absent where `secrets` writes down its changes itself. */
  readonly audit?: AuditDoor;
  readonly egress: import('./core/egress.ts').Egress;
  readonly clock: Clock;
}

/** The models of a home where no server runs: for `copaw models` and `copaw init`. Changes are audited. */
export async function openModelsAdmin({ home, environment }: Pick<AppOptions, 'home' | 'environment'>): Promise<ModelsAdmin> {
  const [{ openConfig }, { createKeyFiles }, { createSecrets }, { createCommitConfig }, { createEgress }] = await Promise.all([
    import('./config/config-file.ts'),
    import('./store/key-file.ts'),
    import('./security/secrets.ts'),
    import('./security/commit-config.ts'),
    import('./security/egress.ts'),
  ]);
  const file = openConfig(home, { onWarning: () => undefined });
  const { withHome: alone } = await import('./open-home.ts');
  const commit: ConfigSource['commit'] = (actor, changes) =>
    alone(home, environment, ({ audit }) => createCommitConfig({ write: (all) => file.write(all), audit })(actor, changes));
  const config: ConfigSource = { current: () => file.current(), commit };
  const kept = createSecrets({ dir: `${home}.secret`, keys: createKeyFiles(`${home}.secret`), environment });
  const secrets = {
    ...kept,
    set: (name: string, value: string) => alone(home, environment, (open) => auditedSecrets(kept, open.audit, 'cli').set(name, value)),
    remove: (name: string) => alone(home, environment, (open) => auditedSecrets(kept, open.audit, 'cli').remove(name)),
  };
  return (await openModels({ options: { environment }, config, secrets, egress: createEgress({ clock: systemClock }), clock: systemClock })).admin('cli');
}

/** Providers as configured, each reaching exactly its own origin, and the offline model where none is. */
async function openModels({ options, config, secrets, audit, egress, clock }: ModelParts) {
  const [{ createModelResolver }, { createOfflineModel }, { createModelsAdmin }] = await Promise.all([
    import('./models/resolve.ts'),
    import('./models/offline.ts'),
    import('./models/admin.ts'),
  ]);
  const provider = (id: string, providerConfig: ProviderConfig): ModelProvider => {
    const { firstTokenSeconds, retries } = config.current().models;
    // The wire code is loaded when a model is first called, not when CoPaw starts.
    const ready = once(async (): Promise<ModelProvider> => {
      preferSmallHeap();
      const { createProvider, originOf } = await import('./models/provider.ts');
      const fetch = egress.fetchFor({ kind: 'origins', origins: [originOf(providerConfig)] });
      return createProvider({ id, config: providerConfig, fetch, secrets, clock, firstTokenMs: firstTokenSeconds * 1000, retries, redact: secrets.redact });
    });
    return {
      async *stream(request, signal) {
        yield* (await ready()).stream(request, signal);
      },
      models: async (signal) => (await ready()).models(signal),
    };
  };
  const offline = options.provider ?? createOfflineModel({ clock, timezone: () => config.current().timezone });
  return {
    resolve: createModelResolver({ config: () => config.current(), provider, offline }),
    admin: (by: string) =>
      createModelsAdmin({
        config,
        secrets: audit ? auditedSecrets(secrets, audit, by) : secrets,
        provider,
        environment: options.environment,
        actor: by,
        probe: async (url, signal) => {
          try {
            const page = await egress.fetch(url, { kind: 'origins', origins: [new URL(url).origin] }, { signal, timeoutMs: 1_000, maxBytes: 200_000 });
            return page.status === 200 ? new TextDecoder().decode(page.body) : undefined;
          } catch (error) {
            if (error instanceof CoPawError) return undefined;
            throw error;
          }
        },
      }),
  };
}
