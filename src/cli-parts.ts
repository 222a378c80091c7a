// What the CLI is handed: lazy functions, each building only the parts its command names.
import type { AcceptedHow, CliParts } from './cli/parts.ts';
import { CoPawError } from './core/error.ts';
import type { SecurityAdmin } from './core/security.ts';
import { systemClock } from './lib/clock.ts';

export async function cliParts(): Promise<CliParts> {
  const [{ readBuild }, { readEnvironment }, homes, { isAccepted, writeAcceptance }, { noticeText, noticeSha256 }, { readRunFile }] = await Promise.all([
    import('./config/build.ts'),
    import('./config/environment.ts'),
    import('./config/home.ts'),
    import('./config/acceptance.ts'),
    import('./review/notice.ts'),
    import('./config/run-file.ts'),
  ]);
  const { version, commit } = readBuild(new URL('..', import.meta.url));
  const environment = readEnvironment();
  const acceptance = (how: AcceptedHow) => ({ sha256: noticeSha256, version, time: new Date(systemClock.now()).toISOString(), how });
  const ready = (home: string): void => {
    if (homes.inspectHome(home) !== 'ours') throw new CoPawError('home-missing', `There is no CoPaw home at ${home}.`, { next: 'Run `copaw init`.' });
    if (!isAccepted(home, noticeSha256))
      throw new CoPawError('notice-not-accepted', 'The security notice has not been accepted.', { next: 'Run `copaw init` and read it.' });
  };
  const init: CliParts['init'] = async (home, { language, timezone, how }) => {
    const { personaFor } = await import('./config/persona/index.ts');
    homes.createHome(home, { language, timezone, persona: personaFor(language), acceptance: acceptance(how) });
  };
  const onFault = (log: (line: string) => void) => (error: unknown) => log(`warning: ${error instanceof Error ? error.message : String(error)}`);

  /** The running server's interface, or undefined when none answers. */
  const remote = async (home: string): Promise<ServerRequest | undefined> => {
    const run = readRunFile(home);
    if (!run) return undefined;
    const { ownServerFetch } = await import('./security/egress-own.ts');
    const request = ownServerFetch(run.port, run.token);
    try {
      return (await request('/api/status')).ok ? request : undefined;
    } catch {
      return undefined;
    }
  };
  const server = async (home: string) => {
    ready(home);
    const request = await remote(home);
    if (!request) throw new CoPawError('not-found', 'No CoPaw runs on this home.', { next: 'Start it with `copaw start`.' });
    return request;
  };

  const securityAdmin = async (home: string): Promise<SecurityAdmin> => {
    const request = await remote(home);
    if (request) return (await import('./http/security-client.ts')).createRemoteSecurity(asCli(request));
    return (await import('./open-security.ts')).openSecurityAdmin(home, environment);
  };
  /** Of every vault this process opened. */
  const known: ((text: string) => string)[] = [];
  const appHere = async (home: string) => {
    const { openApp } = await import('./app.ts');
    const app = await openApp({ home, environment, version, onFault: () => undefined });
    known.push(app.secrets.redact);
    return app;
  };

  return {
    environment,
    version: () => ({ version, commit, node: process.version }),
    homePath: (override) => homes.homePath(environment, override),
    homeState: (home) => homes.inspectHome(home),
    notice: { text: noticeText, sha256: noticeSha256 },
    accepted: (home) => isAccepted(home, noticeSha256),
    init,
    accept: (home, how) => writeAcceptance(home, acceptance(how)),

    async config(home) {
      ready(home);
      const { openConfig } = await import('./config/config-file.ts');
      const file = openConfig(home, { onWarning: () => undefined });
      const request = await remote(home);
      return {
        path: file.path,
        current: () => file.current(),
        validate: () => file.validate(),
        async commit(changes) {
          if (request) return (await import('./http/security-client.ts')).commitRemoteConfig(asCli(request))(changes);
          await (await import('./open-security.ts')).commitConfigAlone(home, environment, (all) => file.write(all), changes);
        },
      };
    },

    async settings(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/settings-client.ts')).createRemoteSettings(asCli(request));
      return (await import('./open-settings.ts')).openSettingsAdmin(home, environment);
    },

    async agents(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/agents-client.ts')).createRemoteAgents(asCli(request));
      return (await import('./open-agents.ts')).openAgentsAdmin(home, environment);
    },

    async models(home) {
      ready(home);
      const request = await remote(home);
      if (request) return { admin: (await import('./http/models-client.ts')).createRemoteModels(asCli(request)), close: async () => undefined };
      const { openModelsAdmin } = await import('./open-models.ts');
      return { admin: await openModelsAdmin(home, environment), close: async () => undefined };
    },

    async operator(home) {
      ready(home);
      const request = await remote(home);
      if (request) {
        const { createRemoteOperator } = await import('./http/client.ts');
        return { operator: createRemoteOperator(asCli(request)), close: async () => undefined };
      }
      const app = await appHere(home);
      return { operator: app.operator, close: () => app.stop() };
    },

    async learning(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/learning-client.ts')).createRemoteLearning(asCli(request));
      return (await import('./open-learning.ts')).openLearningAdmin(home, environment, async (agentId) => {
        const app = await appHere(home);
        try {
          return await (await app.learning('cli')).dreamNow(agentId);
        } finally {
          await app.stop();
        }
      });
    },

    async skills(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/skills-client.ts')).createRemoteSkills(asCli(request));
      return (await import('./open-skills.ts')).openSkillsAdmin(home, environment);
    },

    async people(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/people-client.ts')).createRemotePeople(asCli(request));
      return (await import('./open-people.ts')).openPeopleAdmin(home, environment);
    },

    async messages(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/messages-client.ts')).createRemoteMessages(asCli(request));
      return (await import('./open-messages.ts')).openMessagesAdmin(home, environment);
    },

    async logs(home) {
      ready(home);
      return (await import('./config/log-files.ts')).openLogFiles(`${home}/logs`);
    },

    async status(home) {
      ready(home);
      const request = await remote(home);
      const { homeStatus } = await import('./open-status.ts');
      const { createRemoteOperator } = await import('./http/client.ts');
      return homeStatus(home, { environment, version, ask: request ? () => createRemoteOperator(asCli(request)).status() : undefined });
    },

    async channels(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/channels-client.ts')).createRemoteChannels(asCli(request));
      return (await import('./open-channels.ts')).openChannelsAdmin(home, environment);
    },

    async undo(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/undo-client.ts')).createRemoteUndo(asCli(request));
      return (await import('./open-undo.ts')).openUndoAdmin(home, environment);
    },

    async sessions(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/sessions-client.ts')).createRemoteSessions(asCli(request));
      return (await import('./open-sessions.ts')).openSessionsAdmin(home, environment);
    },

    async memory(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/memory-client.ts')).createRemoteMemory(asCli(request));
      return (await import('./open-memory.ts')).openMemoryAdmin(home, environment);
    },

    async reminders(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/reminders-client.ts')).createRemoteReminders(asCli(request));
      return (await import('./open-reminders.ts')).openRemindersAdmin(home, environment);
    },

    async usage(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/usage-client.ts')).createRemoteUsage(asCli(request));
      return (await import('./open-usage.ts')).openUsageAdmin(home, environment);
    },

    licences: async () => (await import('./config/licences.ts')).readLicences(new URL('..', import.meta.url)),

    async backups(home) {
      ready(home);
      return (await import('./open-backup.ts')).openBackups(home, environment, version);
    },

    async permissions(home) {
      ready(home);
      const request = await remote(home);
      if (request) return (await import('./http/permissions-client.ts')).createRemotePermissions(asCli(request));
      return (await import('./open-permissions.ts')).openPermissionsAdmin(home, environment);
    },

    async serve({ home, port, acceptSecurity, log }) {
      const state = homes.inspectHome(home);
      const make = async (how: 'flag' | 'console', language?: 'en' | 'zh'): Promise<void> => {
        const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;
        if (homes.inspectHome(home) === 'ours') writeAcceptance(home, acceptance(how));
        else await init(home, { language: language ?? ((environment.LANG ?? '').startsWith('zh') ? 'zh' : 'en'), timezone, how });
      };
      const accepted = state === 'ours' && isAccepted(home, noticeSha256);
      if (!accepted && acceptSecurity) await make('flag');
      // The sandbox is tried while everything else is loaded.
      const sandbox = accepted || acceptSecurity ? { sandbox: (await import('./security/process.ts')).probeSandbox() } : {};
      sandbox.sandbox?.catch(() => undefined); // awaited by the app
      const [{ serveHome, serveSetup }, { giveBackAfterStart }] = await Promise.all([import('./serve.ts'), import('./lib/small-heap.ts')]);
      giveBackAfterStart(systemClock);
      const options = { home, environment, version, commit, log, onFault: onFault(log), ...sandbox, ...(port === undefined ? {} : { port }) };
      if (accepted || acceptSecurity) return { ...(await serveHome(options)), setup: false };
      const setup = await serveSetup({
        version,
        commit,
        notice: { text: noticeText, sha256: noticeSha256 },
        log,
        ...(port === undefined ? {} : { port }),
        accepted: async (door, language) => {
          await make('console', language);
          const server = await serveHome(options, door);
          log('The notice was accepted. CoPaw is ready; for another browser run: copaw open');
          return server;
        },
      });
      return { ...setup, setup: true };
    },

    async security(home) {
      ready(home);
      return securityAdmin(home);
    },

    async review(home, options) {
      try {
        ready(home);
      } catch (error) {
        if (!(error instanceof CoPawError) || error.code !== 'home-unsafe') throw error;
        // Others can get at it, so nothing opens it: a review says so, and can close it.
        const { runReview } = await import('./open-review.ts');
        const parts = { home, environment, clock: systemClock, running: false, problem: error };
        const found = await runReview(parts, { ...options, keep: false });
        if (found.fixed.length === 0) return found;
        return { ...(await (await securityAdmin(home)).review(options)), fixed: found.fixed };
      }
      return (await securityAdmin(home)).review(options);
    },

    async securityReport(home, from) {
      const [{ reportFacts }, { writeReport }, { readText }] = await Promise.all([
        import('./open-review.ts'),
        import('./review/report.ts'),
        import('./config/home-facts.ts'),
      ]);
      const text = from === undefined ? '' : readText(from);
      if (text === undefined) throw new CoPawError('not-found', `${from} cannot be read.`, { next: 'Name a Markdown file.' });
      return writeReport(await reportFacts(home, { environment, version, commit, running: (await remote(home)) !== undefined }), text);
    },

    writeLines: async (path, lines) => (await import('./store/export-file.ts')).writeLines(path, lines),
    async *readLines(path) {
      yield* (await import('./store/read-lines.ts')).readLines(path);
    },
    async *readBytes(path) {
      yield* (await import('./store/read-lines.ts')).readBytes(path);
    },
    redact: (text) => known.reduce((left, redact) => redact(left), text),

    async loginLink(home) {
      const request = await server(home);
      const [{ createAsk }, { loginCode }] = await Promise.all([import('./http/remote-ask.ts'), import('./http/contract.ts')]);
      const { code, expiresAt } = await createAsk(request)(loginCode, '/api/login-code', 'POST');
      return { url: `http://127.0.0.1:${readRunFile(home)?.port}/#code=${code}`, expiresAt };
    },

    browse: async (url) => (await import('./security/process-browser.ts')).openBrowser(url, environment),

    async doctor(home) {
      const { examine } = await import('./open-doctor.ts');
      return examine(home, {
        environment,
        state: () => homes.inspectHome(home),
        accepted: () => isAccepted(home, noticeSha256),
        remote: () => remote(home),
        review: async () => (await securityAdmin(home)).review({ fix: false, keep: false }),
      });
    },
  };
}

type ServerRequest = (path: string, init?: RequestInit) => Promise<Response>;

/** Tells the server that the command line asks, and no other program. */
function asCli(request: ServerRequest): ServerRequest {
  return (path, options = {}) => {
    const headers = new Headers(options.headers);
    headers.set('x-copaw-surface', 'cli');
    return request(path, { ...options, headers });
  };
}
