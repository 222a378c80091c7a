// What the CLI prints and how it ends, with parts that are made up: stdout carries results only, exit codes keep their meaning.
import { describe, expect, test } from 'vitest';
import { configSchema } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { ModelsAdmin, NewProvider, Operator } from '../core/operator.ts';
import type { Approval } from '../core/policy.ts';
import type { PlacedEvent, TurnEvent, TurnOutcome } from '../core/turn-event.ts';
import type { CliParts } from './parts.ts';
import { run } from './run.ts';
import type { Terminal } from './terminal.ts';

interface FakeTerminal extends Terminal {
  readonly printed: { out: string; error: string };
  /** As if Ctrl-C was pressed. */
  stop(): void;
}

/** `answers` undefined: no terminal. An answer "^D" is the end of input. */
function fakeTerminal({ answers, stdin = '', outIsTerminal = false }: { answers?: string[]; stdin?: string; outIsTerminal?: boolean } = {}): FakeTerminal {
  const printed = { out: '', error: '' };
  const listeners = new Set<() => void>();
  const next = async (): Promise<string | undefined> => {
    const answer = answers?.shift();
    return answer === '^D' ? undefined : answer;
  };
  return {
    printed,
    interactive: answers !== undefined,
    outIsTerminal,
    out: (text) => {
      printed.out += text;
    },
    error: (text) => {
      printed.error += text;
    },
    readAll: async () => stdin,
    ask: next,
    async select(_message, options) {
      const answer = await next();
      return options.find(({ value }) => value === answer)?.value;
    },
    text: next,
    password: next,
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      for (const listener of listeners) listener();
    },
  };
}

const never = (what: string) => (): never => {
  throw new Error(`${what} must not be called`);
};

const place = (event: TurnEvent, index: number): PlacedEvent => ({ ...event, id: String(index + 1), sessionId: 's1', turnId: 't1', at: 0 });
const usage = { input: 0, cachedInput: 0, output: 0, reasoning: 0 };
const ended = (outcome: TurnOutcome): TurnEvent => ({ type: 'turn-end', outcome, answerId: 'a1', usage });
const said = (text: string, step = 0): TurnEvent => ({ type: 'message', message: { role: 'assistant', id: 'a1', step, text, toolCalls: [] } });

interface FakeOperator extends Operator {
  readonly calls: unknown[];
}

function fakeOperator(script: (operator: FakeOperator, signal: AbortSignal) => AsyncIterable<TurnEvent> | Iterable<TurnEvent>): FakeOperator {
  const operator: FakeOperator = {
    calls: [],
    async submit(input) {
      operator.calls.push(input);
      return { sessionId: input.sessionId, messageId: 'm1', turnId: 't1', duplicate: false };
    },
    async *events(filter, signal) {
      expect(filter).toEqual({ turnId: 't1', after: '0' });
      let index = 0;
      for await (const event of script(operator, signal)) yield place(event, index++);
    },
    async stop(sessionId) {
      operator.calls.push({ stop: sessionId });
      return true;
    },
    async answer(id, decision, by) {
      operator.calls.push({ id, decision, by });
      return approval;
    },
    uploads: {
      limits: never('limits'),
      list: never('list'),
      remove: never('remove'),
      async add({ name, bytes }) {
        let size = 0;
        for await (const chunk of bytes) size += chunk.length;
        operator.calls.push({ upload: name, size });
        return { id: `file_${name}`, name, mediaType: 'text/plain', size, expiresAt: 1 };
      },
    },
    sessions: never('sessions'),
    history: never('history'),
    approvals: never('approvals'),
    status: never('status'),
  };
  return operator;
}

const approval: Approval = {
  id: 'appr_1',
  reason: 'It uses the network.',
  scopes: ['once', 'always'],
  warnings: ['It deletes files.'],
  state: 'pending',
  askedAt: 0,
  expiresAt: 1,
  plan: {
    id: 'p1',
    digest: 'd',
    tool: 'run_command',
    sideEffect: 'outside',
    args: { command: 'curl \u202eevil\u001b[2J' },
    effects: [{ kind: 'run', command: 'curl \u202eevil\u001b[2J', cwd: '.', network: true, sandboxed: true }],
    place: {
      agentId: 'main',
      sessionId: 's1',
      turnId: 't1',
      callId: 'c1',
      address: { channel: 'cli', account: 'local', chat: 's1' },
      timezone: 'UTC',
      now: 0,
      sandbox: true,
    },
    origin: 'operator',
    senderId: 'operator',
    executables: [],
    sandbox: 'full',
    policyVersion: '1',
    nonce: 'n',
  },
};

function fakeParts(changes: Partial<CliParts> = {}): CliParts {
  return {
    environment: { LANG: 'zh_CN.UTF-8' },
    browse: async () => false,
    version: () => ({ version: '1.2.3', commit: 'abc', node: 'v24' }),
    homePath: (override) => override ?? '/home/ana/copaw',
    homeState: () => 'ours',
    notice: { text: 'THE NOTICE', sha256: 'ab' },
    accepted: () => true,
    init: never('init'),
    accept: never('accept'),
    config: never('config'),
    settings: never('settings'),
    agents: never('agents'),
    models: never('models'),
    skills: never('skills'),
    permissions: never('permissions'),
    people: never('people'),
    messages: never('messages'),
    usage: never('usage'),
    licences: async () => [],
    logs: never('logs'),
    status: never('status'),
    channels: never('channels'),
    learning: never('learning'),
    reminders: never('reminders'),
    undo: never('undo'),
    memory: never('memory'),
    backups: never('backups'),
    operator: never('operator'),
    serve: never('serve'),
    security: never('security'),
    review: never('review'),
    securityReport: never('securityReport'),
    sessions: never('sessions'),
    readLines: never('readLines'),
    readBytes: async function* (path) {
      yield Buffer.from(`bytes of ${path}`);
    },
    writeLines: never('writeLines'),
    redact: (text) => text,
    loginLink: never('loginLink'),
    doctor: never('doctor'),
    ...changes,
  };
}

const withOperator = (operator: Operator): CliParts => fakeParts({ operator: async () => ({ operator, close: async () => undefined }) });
const noModels = {
  list: never('list'),
  detect: async () => [],
  add: never('add'),
  remove: never('remove'),
  setDefault: never('setDefault'),
  test: never('test'),
};

describe('the command line', () => {
  test.each([
    [[], 2],
    [['nonsense'], 2],
    [['ask'], 2],
    [['ask', '--nonsense', 'x'], 2],
    [['start', '--port', 'x1'], 2],
    [['--help'], 0],
    [['models', 'add', '--help'], 0],
    [['--version', '--json'], 0],
  ])('%j ends with %i', async (argv, code) => {
    expect(await run(argv, async () => fakeParts(), fakeTerminal())).toBe(code);
  });

  test('an error is two lines for people and one object for programs', async () => {
    const broken = async (): Promise<CliParts> => {
      throw new CoPawError('config-corrupt', 'It is broken.\u001b[2J', { next: 'Mend it.', rule: 'R29' });
    };
    const terminal = fakeTerminal();
    expect(await run(['doctor'], broken, terminal)).toBe(3);
    expect(terminal.printed).toEqual({ out: '', error: 'error: It is broken.[2J\nnext: Mend it.\n' });
    const program = fakeTerminal();
    expect(await run(['doctor', '--json'], broken, program)).toBe(3);
    expect(program.printed.error).toBe('');
    expect(JSON.parse(program.printed.out)).toEqual({ error: { code: 'config-corrupt', message: 'It is broken.\u001b[2J', next: 'Mend it.', rule: 'R29' } });
  });

  test('nothing runs before the home exists and its notice is accepted', async () => {
    const asks = (parts: Partial<CliParts>) => run(['ask', 'hello'], async () => fakeParts(parts), fakeTerminal());
    expect(await asks({ homeState: () => 'missing' })).toBe(3);
    expect(await asks({ accepted: () => false })).toBe(3);
  });
});

describe('init', () => {
  const init = async (argv: string[], terminal: FakeTerminal, parts: Partial<CliParts> = {}) => {
    const made: unknown[] = [];
    const code = await run(
      ['init', ...argv],
      async () =>
        fakeParts({
          homeState: () => 'missing',
          accepted: () => false,
          init: async (home, options) => {
            expect(terminal.printed.out + terminal.printed.error).toContain('THE NOTICE');
            made.push([home, options]);
          },
          models: async () => ({ admin: noModels, close: async () => undefined }),
          ...parts,
        }),
      terminal,
    );
    return { code, made };
  };

  test.each([
    ['no terminal', [], undefined],
    ['--defaults is no acceptance', ['--defaults'], undefined],
    ['an empty answer means no', [], ['']],
    ['no', [], ['no']],
    ['something else', [], ['yes please']],
    ['end of input', [], ['^D']],
    ['end of input later on', [], ['yes', 'en', '^D']],
  ])('%s: nothing is written, and it ends with an error', async (_name, argv, answers) => {
    const terminal = fakeTerminal(answers === undefined ? {} : { answers });
    const { code, made } = await init(argv, terminal);
    expect(code).not.toBe(0);
    expect(made).toEqual([]);
    expect(terminal.printed.out).toContain('THE NOTICE');
  });

  test('yes on a terminal asks for language and zone', async () => {
    const { code, made } = await init([], fakeTerminal({ answers: ['Yes', 'en', 'Europe/Berlin'] }));
    expect(code).toBe(0);
    expect(made).toEqual([['/home/ana/copaw', { language: 'en', timezone: 'Europe/Berlin', how: 'terminal' }]]);
  });

  test('--accept-security --json prints one object, the notice goes to stderr', async () => {
    const terminal = fakeTerminal();
    const { code, made } = await init(['--accept-security', '--json', '--home', '/srv/a'], terminal);
    expect(code).toBe(0);
    expect(made).toEqual([['/srv/a', expect.objectContaining({ language: 'zh', how: 'flag' })]]);
    expect(JSON.parse(terminal.printed.out)).toEqual({ home: '/srv/a', made: 'home', notice: 'ab' });
  });

  test('offers what was found, and uses only what was chosen', async () => {
    const added: NewProvider[] = [];
    const admin: ModelsAdmin = {
      ...noModels,
      detect: async () => [{ id: 'ollama', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', model: 'small', found: 'Ollama on this machine' }],
      add: async (provider) => {
        added.push(provider);
        return { id: provider.id, kind: provider.kind, models: [], key: 'none', isDefault: true };
      },
    };
    const models: CliParts['models'] = async () => ({ admin, close: async () => undefined });
    await init([], fakeTerminal({ answers: ['y', 'en', 'UTC', ''] }), { models });
    expect(added).toEqual([]);
    await init([], fakeTerminal({ answers: ['y', 'en', 'UTC', 'ollama'] }), { models });
    expect(added).toEqual([{ id: 'ollama', kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', model: 'small', makeDefault: true }]);
  });
});

describe('start', () => {
  const start = async (argv: string[], setup: boolean, parts: Partial<CliParts> = {}) => {
    const terminal = fakeTerminal();
    const events: unknown[] = [];
    const code = await run(
      ['start', ...argv],
      async () =>
        fakeParts({
          serve: async (options) => {
            events.push(options.port, options.acceptSecurity);
            options.log('a warning');
            setImmediate(() => terminal.stop());
            return { url: 'http://127.0.0.1:8088/#code=X', setup, stop: async () => void events.push('stopped') };
          },
          ...parts,
        }),
      terminal,
    );
    return { code, terminal, events };
  };

  test('prints one line on stdout and stops on a signal', async () => {
    const { code, terminal, events } = await start(['--port', '0'], false);
    expect(code).toBe(0);
    expect(terminal.printed.out).toBe('CoPaw is ready: http://127.0.0.1:8088/#code=X\n');
    expect(terminal.printed.error).toContain('a warning');
    expect(events).toEqual([0, false, 'stopped']);
  });

  test('on a new home without a terminal it serves the setup and touches nothing', async () => {
    const { code, terminal } = await start([], true, { homeState: () => 'missing', accepted: () => false });
    expect(code).toBe(0);
    expect(terminal.printed.error).toContain('not accepted yet');
  });

  test('--accept-security shows the notice on stderr and makes the home', async () => {
    const made: unknown[] = [];
    const { terminal } = await start(['--accept-security'], false, {
      homeState: () => 'missing',
      accepted: () => false,
      init: async (home) => void made.push(home),
    });
    expect(made).toEqual(['/home/ana/copaw']);
    expect(terminal.printed.error).toContain('THE NOTICE');
    expect(terminal.printed.out).toBe('CoPaw is ready: http://127.0.0.1:8088/#code=X\n');
  });
});

describe('ask', () => {
  test.each<[TurnOutcome, number]>([
    ['answered', 0],
    ['failed', 1],
    ['interrupted', 1],
    ['refused', 5],
    ['cancelled', 130],
  ])('%s ends with %i', async (outcome, code) => {
    const operator = fakeOperator(() => [said('Hello.'), ended(outcome)]);
    const terminal = fakeTerminal();
    expect(await run(['ask', 'how', 'are', 'you', '--session', 's1'], async () => withOperator(operator), terminal)).toBe(code);
    expect(operator.calls).toEqual([{ channel: 'cli', sessionId: 's1', text: 'how are you' }]);
    expect(terminal.printed.out).toBe('Hello.\n');
  });

  test('"-" reads the question from stdin', async () => {
    const operator = fakeOperator(() => [ended('answered')]);
    await run(['ask', '-'], async () => withOperator(operator), fakeTerminal({ stdin: 'from a file' }));
    expect(operator.calls).toEqual([expect.objectContaining({ text: 'from a file', sessionId: expect.stringMatching(/^cli_[0-9a-z]{26}$/u) })]);
    expect(await run(['ask', '-'], async () => fakeParts(), fakeTerminal({ stdin: '\n' }))).toBe(2);
  });

  test('a void draft never reaches a file, and the terminal sees what is final once', async () => {
    const script = (): TurnEvent[] => [
      { type: 'text-delta', step: 0, text: 'Wro' },
      { type: 'draft-reset', step: 0 },
      { type: 'text-delta', step: 0, text: 'Rig' },
      { type: 'text-delta', step: 0, text: 'ht' },
      said('Right.'),
      said('And done.', 1),
      ended('answered'),
    ];
    const file = fakeTerminal();
    await run(['ask', 'x'], async () => withOperator(fakeOperator(script)), file);
    expect(file.printed.out).toBe('Right.\nAnd done.\n');
    const screen = fakeTerminal({ outIsTerminal: true });
    await run(['ask', 'x'], async () => withOperator(fakeOperator(script)), screen);
    expect(screen.printed.out).toBe('Wro\nRight.\nAnd done.\n');
  });

  test('control characters of the model do not reach a terminal', async () => {
    const terminal = fakeTerminal({ outIsTerminal: true });
    await run(['ask', 'x'], async () => withOperator(fakeOperator(() => [said('\u001b]0;owned\u0007a\r\nb\u009b2Jc'), ended('answered')])), terminal);
    expect(terminal.printed.out).toBe(']0;owneda\nb2Jc\n');
  });

  test('--json prints one event a line', async () => {
    const terminal = fakeTerminal();
    await run(['ask', '--json', 'x'], async () => withOperator(fakeOperator(() => [said('\u001bHi'), ended('answered')])), terminal);
    expect(
      terminal.printed.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(['message', 'turn-end']);
    expect(terminal.printed.out).not.toContain('\u001b');
  });

  test('Ctrl-C stops the turn and waits for its end', async () => {
    const terminal = fakeTerminal();
    const operator = fakeOperator(async function* () {
      terminal.stop();
      await Promise.resolve();
      yield ended('cancelled');
    });
    expect(await run(['ask', 'x', '--session', 's1'], async () => withOperator(operator), terminal)).toBe(130);
    expect(operator.calls).toContainEqual({ stop: 's1' });
  });

  describe('an approval', () => {
    /** Asks, and goes on when the answer came in. */
    const asking = () =>
      fakeOperator(async function* (operator) {
        yield { type: 'approval-request', callId: 'c1', approval };
        while (operator.calls.length < 2) await new Promise((resolve) => setImmediate(resolve));
        yield ended('answered');
      });

    test.each([
      ['y', 'once'],
      ['a', 'always'],
      ['', 'deny'],
      ['^D', 'deny'],
    ])('%j on a terminal is %s', async (answer, decision) => {
      const operator = asking();
      const terminal = fakeTerminal({ answers: ['t', 'nonsense', answer] });
      await run(['ask', 'x'], async () => withOperator(operator), terminal);
      expect(operator.calls[1]).toEqual({ id: 'appr_1', decision, by: 'cli' });
      expect(terminal.printed.error).toContain('WITH network');
      expect(terminal.printed.error).toContain('warning: It deletes files.');
    });

    test('hidden characters are shown, not obeyed', async () => {
      const terminal = fakeTerminal({ answers: ['n'] });
      await run(['ask', 'x'], async () => withOperator(asking()), terminal);
      expect(terminal.printed.error).toContain('curl \\u{202e}evil\\u{1b}[2J');
      expect(terminal.printed.error).not.toContain('\u202e');
      expect(terminal.printed.error).not.toContain('\u001b');
    });

    test.each([[['ask', 'x'], {}] as const, [['ask', 'x', '--json'], { answers: ['y'] }] as const])(
      '%j where nobody can be asked is a no that says why',
      async (argv, terminal) => {
        const operator = asking();
        const fake = fakeTerminal('answers' in terminal ? { answers: [...terminal.answers] } : {});
        await run(argv, async () => withOperator(operator), fake);
        expect(operator.calls[1]).toEqual({ id: 'appr_1', decision: 'deny', by: 'cli' });
        expect(fake.printed.error).toContain('Denied: nobody can be asked here');
      },
    );
  });
});

describe('models add', () => {
  const add = async (argv: string[], terminal = fakeTerminal()) => {
    const added: NewProvider[] = [];
    const admin: ModelsAdmin = {
      ...noModels,
      add: async (provider) => {
        added.push(provider);
        return { id: provider.id, kind: provider.kind, models: [provider.model], key: 'vault', isDefault: true };
      },
    };
    const code = await run(
      ['models', 'add', 'mine', ...argv],
      async () => fakeParts({ models: async () => ({ admin, close: async () => undefined }) }),
      terminal,
    );
    return { code, added, terminal };
  };
  const openai = ['--kind', 'openai', '--model', 'big'];

  test.each<[string[], Partial<NewProvider>]>([
    [[...openai, '--key-env', 'MY_KEY'], { key: { env: 'MY_KEY' } }],
    [[...openai, '--key-stdin', '--default'], { keyValue: 'sk-1', makeDefault: true }],
    [[...openai, '--no-key'], {}],
    [
      ['--kind', 'openai-compatible', '--model', 'small', '--base-url', 'http://127.0.0.1:1/v1'],
      { kind: 'openai-compatible', model: 'small', baseUrl: 'http://127.0.0.1:1/v1' },
    ],
  ])('%j', async (argv, expected) => {
    const { code, added } = await add(argv, fakeTerminal({ stdin: 'sk-1\n' }));
    expect(code).toBe(0);
    expect(added).toEqual([{ id: 'mine', kind: 'openai', model: 'big', ...expected }]);
  });

  test.each([[openai], [[...openai, '--key-env', 'A', '--no-key']], [['--kind', 'other', '--model', 'x']], [[...openai, '--key-stdin']]])(
    '%j is a usage error',
    async (argv) => {
      const { code, added } = await add(argv);
      expect(code).toBe(2);
      expect(added).toEqual([]);
    },
  );
});

describe('config', () => {
  const config = async (...argv: string[]) => {
    const commits: unknown[] = [];
    const current = configSchema.parse({ agents: { main: { knownHosts: ['a.example', 'b.example'] } } });
    const access = {
      path: '/home/ana/copaw/config.json',
      current: () => current,
      validate: () => ['an odd key'],
      commit: async (changes: unknown) => {
        commits.push(changes);
        return current;
      },
    };
    const terminal = fakeTerminal();
    const code = await run(['config', ...argv], async () => fakeParts({ config: async () => access }), terminal);
    return { code, commits, ...terminal.printed };
  };

  test('get prints what is in force', async () => {
    expect(await config('get', 'server.port')).toMatchObject({ code: 0, out: '8088\n' });
    expect(await config('get', 'timezone')).toMatchObject({ out: 'UTC\n' });
    expect(await config('get', 'timezone', '--json')).toMatchObject({ out: '"UTC"\n' });
    expect(await config('get', 'agents.main.knownHosts.1')).toMatchObject({ out: 'b.example\n' });
    expect(await config('get', 'constructor')).toMatchObject({ code: 1 });
  });

  test('set reads JSON where it is JSON; a number counts in lists only', async () => {
    expect((await config('set', 'server.port', '0')).commits).toEqual([[{ path: ['server', 'port'], value: 0 }]]);
    expect((await config('set', 'timezone', 'Europe/Rome')).commits).toEqual([[{ path: ['timezone'], value: 'Europe/Rome' }]]);
    expect((await config('set', 'agents.main.knownHosts.0', 'c')).commits).toEqual([[{ path: ['agents', 'main', 'knownHosts', 0], value: 'c' }]]);
    expect((await config('set', '["a","b.c"]', '1')).commits).toEqual([[{ path: ['a', 'b.c'], value: 1 }]]);
    expect((await config('unset', 'models.providers.7')).commits).toEqual([[{ path: ['models', 'providers', '7'], value: undefined }]]);
    expect(await config('set', 'a..b', '1')).toMatchObject({ code: 2, commits: [] });
  });

  test('validate says what is odd and where the file is', async () => {
    expect(await config('validate')).toMatchObject({ code: 0, error: 'warning: an odd key\n', out: '/home/ana/copaw/config.json is valid.\n' });
  });
});

test('doctor fails when a finding does', async () => {
  const doctor = (state: 'ok' | 'warning' | 'failed') =>
    run(['doctor'], async () => fakeParts({ doctor: async () => [{ id: 'home', state, detail: 'x' }] }), fakeTerminal());
  expect([await doctor('ok'), await doctor('warning'), await doctor('failed')]).toEqual([0, 0, 1]);
});
