// The gate: every cell of the table, rules that only tighten, and approvals that hold for one plan alone.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Origin } from '../core/address.ts';
import { type Config, configSchema, type PolicyRule } from '../core/config.ts';
import type { Approval, Grant, Plan, PolicyRequest, Verdict } from '../core/policy.ts';
import { Secret } from '../core/secret.ts';
import type { Store } from '../core/store.ts';
import type { Effect, Place } from '../core/tool.ts';
import { type EffectRow, strictest, verdictTable } from '../core/verdict-table.ts';
import { planWarnings } from '../review/plan-warnings.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createGate } from './gate.ts';

const address = { channel: 'console', account: 'local', chat: 'c/1' };
const place: Place = { agentId: 'main', sessionId: 's', turnId: 'turn', callId: 'call', address, timezone: 'UTC', now: 1, sandbox: true };
const run = (more: Partial<Extract<Effect, { kind: 'run' }>> = {}): Effect => ({
  kind: 'run',
  ...(more.command === undefined ? { argv: ['wget', 'push'] } : {}),
  cwd: '.',
  network: true,
  sandboxed: true,
  ...more,
});
const get = (url: string): Effect => ({ kind: 'net', url, method: 'GET' });
const asked = (effects: readonly Effect[], more: Partial<PolicyRequest> = {}): PolicyRequest => ({
  tool: { name: 'some_tool', sideEffect: 'outside' },
  args: { a: 1 },
  effects,
  place,
  origin: 'operator',
  sender: { id: 'operator' },
  tainted: false,
  seenUrl: (url) => url === 'https://seen.example/a',
  ...more,
});

function setUp(config: object = {}) {
  const approvals = new Map<string, Approval>();
  const grants: Grant[] = [];
  const audited: { kind: string; detail: object }[] = [];
  const clock = createFakeClock();
  const state = {
    config: configSchema.parse(config) as Config,
    sandbox: 'full',
    hash: 'aa',
    executables: async (): Promise<readonly { path: string; sha256: string }[]> => [{ path: '/usr/bin/git', sha256: state.hash }],
  };
  const store: Pick<Store, 'approvals' | 'grants'> = {
    approvals: {
      add: async (approval) => void approvals.set(approval.id, approval),
      get: async (id) => approvals.get(id),
      pending: async () => [...approvals.values()],
      settle: async () => true,
    },
    grants: {
      add: async (grant) => void grants.push(grant),
      list: async (agentId) => grants.filter((grant) => grant.agentId === agentId),
      remove: async (id) => grants.splice(0, grants.length, ...grants.filter((grant) => grant.id !== id)).length > 0,
    },
  };
  const gate = createGate({
    lend: async (name) => ({ name, value: new Secret('lent') }),
    config: () => state.config,
    store,
    audit: { append: async (kind, detail) => void audited.push({ kind, detail }), verify: async () => ({ ok: true, records: 0 }) },
    ids: createCountingIds(),
    clock,
    sandbox: () => state.sandbox,
    executables: () => state.executables(),
    warnings: planWarnings,
  });
  /** What the gateway does when a person says yes; `change` is what an attacker does to the stored row. */
  const approve = (verdict: Verdict, decision: Approval['decision'] = 'once', change: Partial<Approval> = {}): Plan => {
    if (verdict.verdict !== 'ask') throw new Error(`expected ask, got ${verdict.verdict}`);
    const { plan, reason, scopes, warnings } = verdict;
    const stored: Plan = JSON.parse(JSON.stringify(plan));
    const askedAt = clock.now();
    approvals.set('appr', { id: 'appr', plan: stored, reason, scopes, warnings, state: 'approved', decision, askedAt, expiresAt: askedAt + 60_000, ...change });
    return plan;
  };
  const allow = async (request: PolicyRequest, decision: Approval['decision']): Promise<Verdict> =>
    gate.confirm(approve(await gate.check(request), decision), 'appr');
  return { gate, state, grants, audited, clock, approve, allow };
}

/** One effect for each row of the table. */
const samples: Readonly<Record<EffectRow, Effect>> = {
  read: { kind: 'read', path: 'a.txt' },
  write: { kind: 'write', path: 'a.txt' },
  delete: { kind: 'delete', path: 'a.txt' },
  run: run({ network: false }),
  'run-network': run(),
  'run-listed-network': run(),
  'fetch-seen': get('https://seen.example/a'),
  'fetch-known': get('https://en.wikipedia.org/wiki/Paw'),
  'fetch-composed': get('https://other.example/?q=1'),
  secret: { kind: 'secret', ref: 'key', origin: 'https://a.example' },
  opaque: { kind: 'opaque', what: 'x' },
  'send-here': { kind: 'send', to: address },
  'send-elsewhere': { kind: 'send', to: { ...address, chat: 'other' } },
  reminder: { kind: 'schedule', what: 'reminder', dueAt: 1, text: 'x' },
  schedule: { kind: 'schedule', what: 'job', dueAt: 1, text: 'x' },
  agent: { kind: 'agent', id: 'helper' },
  'memory-read': { kind: 'memory', access: 'read' },
  'memory-write': { kind: 'memory', access: 'write' },
};
const rows = Object.keys(verdictTable) as EffectRow[];
const network = { hosts: ['example.org'], privateHosts: [] };
/** Where a call of this row is made: what is listed for an agent makes the row. */
const placed = (row: EffectRow): Pick<PolicyRequest, 'place'> => ({ place: row === 'run-listed-network' ? { ...place, network } : place });
const origins: readonly Origin[] = ['operator', 'direct', 'group', 'unattended'];
/** SECURITY.md, written out once more: a = allow, ? = ask, - = deny; operator, direct, group, unattended. */
const expected: Readonly<Record<EffectRow, string>> = {
  read: 'aa-a',
  write: 'aa--',
  delete: 'aa--',
  run: 'aa?-',
  'run-network': '??--',
  'run-listed-network': '??--',
  'fetch-seen': 'aaaa',
  'fetch-known': 'aaa-',
  'fetch-composed': '??--',
  secret: '??--',
  opaque: '??--',
  'send-here': 'aaaa',
  'send-elsewhere': '??--',
  reminder: 'aa--',
  schedule: '??--',
  agent: 'aa--',
  'memory-read': 'aa-a',
  'memory-write': 'aa--',
};

describe('the table', () => {
  test.each(rows.flatMap((row) => origins.map((origin, at) => ({ row, origin, cell: expected[row][at] }))))(
    '$row, $origin: $cell',
    async ({ row, origin, cell }) => {
      const { gate, audited } = setUp();
      const { verdict } = await gate.check(asked([samples[row]], { origin, ...placed(row) }));
      expect(verdict).toBe({ a: 'allow', '?': 'ask', '-': 'deny' }[cell ?? '']);
      expect(audited.map(({ kind }) => kind)).toEqual(verdict === 'deny' ? ['tool-denied'] : []);
    },
  );

  test('a group has its own folder and nothing that only looks like it', async () => {
    const { gate } = setUp();
    const judge = async (kind: 'read' | 'write', path: string) => (await gate.check(asked([{ kind, path }], { origin: 'group' }))).verdict;
    expect(await judge('read', 'groups/console.local.c%2f1/notes.md')).toBe('allow');
    expect(await judge('read', './groups//console.local.c%2f1')).toBe('allow');
    expect(await judge('write', 'groups/console.local.c%2f1/notes.md')).toBe('ask');
    for (const path of [
      'groups/console.local.c%2f1/../../a.txt',
      'groups/console.local.c%2f12/a',
      '/groups/console.local.c%2f1/a',
      'groups/console.local.c',
      'groups',
      '.',
      '',
      'groups/console.local.c%2f1/..\\..\\a',
      'x/groups/console.local.c%2f1/a',
    ])
      expect(await judge('read', path), path).toBe('deny');
    expect(await gate.check(asked([samples['memory-read']], { origin: 'group' }))).toMatchObject({ verdict: 'deny', rule: 'R13' });
  });

  test.each(['..', '.', '../..', 'a/..', '', '\0', 'A', 'b.c'])('a group whose id is %j has no folder but its own', async (chat) => {
    const { gate } = setUp();
    const there = { ...place, address: { channel: 'telegram', account: 'b', chat } };
    for (const path of [
      'AGENTS.md',
      'groups/a/notes.md',
      '.',
      'groups',
      'groups/telegram.b.a/notes.md',
      'groups/telegram.b/c/notes.md',
      'groups/telegram.b.c.d/x',
    ])
      expect((await gate.check(asked([{ kind: 'read', path }], { origin: 'group', place: there }))).verdict, path).toBe('deny');
  });

  test('several effects: the strictest counts', async () => {
    const { gate } = setUp();
    expect((await gate.check(asked([samples.read, samples.secret, samples.write]))).verdict).toBe('ask');
    expect((await gate.check(asked([samples.read, samples.write], { origin: 'unattended' }))).verdict).toBe('deny');
  });

  test('no effects: allowed only for tools without side effects and the two that act on what was judged', async () => {
    const { gate } = setUp();
    const judge = async (name: string, sideEffect: 'none' | 'outside') => (await gate.check(asked([], { tool: { name, sideEffect } }))).verdict;
    expect([await judge('current_time', 'none'), await judge('kill_command', 'outside'), await judge('some_tool', 'outside')]).toEqual([
      'allow',
      'allow',
      'deny',
    ]);
  });

  test.each<[string, unknown]>([
    ['an unknown kind', { kind: 'format-disk' }],
    ['nothing', undefined],
    ['a path that is no text', { kind: 'read', path: 7 }],
    ['a command and an argv', { kind: 'run', argv: ['a'], command: 'a', cwd: '.', network: false, sandboxed: true }],
    ['neither', { kind: 'run', cwd: '.', network: false, sandboxed: true }],
    ['a file URL', get('file:///etc/passwd')],
    ['a URL with credentials', get('https://en.wikipedia.org@evil.example/')],
    ['an unknown method', { kind: 'net', url: 'https://seen.example/a', method: 'PUT' }],
    ['an unknown memory access', { kind: 'memory', access: 'drop' }],
    ['something that is not JSON', { kind: 'read', path: 'a', more: () => 1 }],
  ])('an effect the gate does not understand is denied: %s', async (_name, effect) => {
    const { gate } = setUp();
    expect(await gate.check(asked([effect as Effect]))).toMatchObject({ verdict: 'deny', rule: 'R14' });
  });

  test('taint makes secrets and sends ask again whatever was granted; a repeated call asks', async () => {
    const { gate, allow } = setUp();
    const secret = asked([samples.secret]);
    expect((await allow(secret, 'task')).verdict).toBe('allow');
    expect((await gate.check(secret)).verdict).toBe('allow');
    expect(await gate.check({ ...secret, tainted: true })).toMatchObject({ verdict: 'ask', scopes: ['once'] });
    expect(await gate.check(asked([samples.read], { repeated: true }))).toMatchObject({ verdict: 'ask', scopes: ['once'] });
  });

  test('without a sandbox every command asks, whatever the tool claims; where one is required it is refused', async () => {
    const { gate, state } = setUp();
    const outside = { place: { ...place, sandbox: false } };
    expect(await gate.check(asked([samples.run], outside))).toMatchObject({ verdict: 'ask', warnings: [expect.stringContaining('outside a sandbox')] });
    expect((await gate.check(asked([run({ network: false, sandboxed: false })]))).verdict).toBe('ask');
    state.config = configSchema.parse({ sandbox: { mode: 'required' } });
    expect(await gate.check(asked([samples.run], outside))).toMatchObject({ verdict: 'deny', rule: 'R16' });
    expect((await gate.check(asked([samples.run]))).verdict).toBe('allow');
  });

  test('what cannot be seen is warned about, and so is the network', async () => {
    const { gate } = setUp();
    expect(await gate.check(asked([run({ command: 'echo \u202etxt.exe' })]))).toMatchObject({
      warnings: [expect.stringContaining('cannot be seen'), expect.stringContaining('network')],
    });
  });
});

describe('failing closed', () => {
  test('hashing that throws is a deny', async () => {
    const { gate, state, audited } = setUp();
    state.executables = () => Promise.reject(new Error('gone'));
    expect(await gate.check(asked([samples.run]))).toMatchObject({ verdict: 'deny', rule: 'R14' });
    expect(audited).toHaveLength(1);
  });

  test('hashing that hangs is a deny', async () => {
    const { gate, state, clock } = setUp();
    state.executables = () => new Promise(() => undefined);
    const judged = gate.check(asked([samples.run]));
    await clock.advance(15_000);
    expect(await judged).toMatchObject({ verdict: 'deny' });
    expect(clock.waiting).toBe(0);
  });

  test('a throwing seenUrl is a deny', async () => {
    const { gate } = setUp();
    const seenUrl = (): boolean => {
      throw new Error('no');
    };
    expect((await gate.check(asked([samples['fetch-seen']], { seenUrl }))).verdict).toBe('deny');
  });

  test('a rule that names an unknown effect stops everything rather than nothing', async () => {
    const { gate } = setUp({ rules: [{ effect: 'run_network', verdict: 'deny' }] });
    expect(await gate.check(asked([samples.read]))).toMatchObject({ verdict: 'deny', reason: expect.stringContaining('run_network') });
  });
});

describe('rules', () => {
  const rule = fc.record(
    {
      origin: fc.constantFrom(...origins),
      tool: fc.constantFrom('some_tool', 'other_tool'),
      effect: fc.constantFrom(...rows),
      channel: fc.constantFrom('console', 'telegram'),
      account: fc.constantFrom('local', 'other'),
      verdict: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const),
    },
    { requiredKeys: ['verdict'] },
  );

  test('adding rules, anywhere, never loosens a verdict', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { maxLength: 3 }),
        fc.array(rule, { maxLength: 3 }),
        fc.array(fc.constantFrom(...rows), { maxLength: 3 }),
        fc.constantFrom(...origins),
        fc.boolean(),
        async (before, added, effectRows, origin, onAgent) => {
          const request = asked(
            effectRows.map((row) => samples[row]),
            { origin },
          );
          const judge = async (rules: readonly PolicyRule[], agentRules: readonly PolicyRule[]) =>
            (await setUp({ rules, agents: { main: { rules: agentRules } } }).gate.check(request)).verdict;
          const old = await judge(before as PolicyRule[], []);
          const tightened = onAgent ? await judge(before as PolicyRule[], added as PolicyRule[]) : await judge([...before, ...added] as PolicyRule[], []);
          expect(strictest(old, tightened)).toBe(tightened);
        },
      ),
    );
  });

  test('a rule that asks is asked every time and takes effect for tools without effects too', async () => {
    const { gate, allow, state } = setUp();
    await allow(asked([samples['run-network']]), 'always');
    expect((await gate.check(asked([samples['run-network']]))).verdict).toBe('allow');
    state.config = configSchema.parse({ rules: [{ tool: 'some_tool', verdict: 'ask' }] });
    expect(await gate.check(asked([samples['run-network']]))).toMatchObject({ verdict: 'ask', scopes: ['once'] });
    expect((await gate.check(asked([], { tool: { name: 'some_tool', sideEffect: 'none' } }))).verdict).toBe('ask');
  });
});

describe('rules for a channel, an account, an agent', () => {
  const everyone = { enabled: true, dangerouslyAllowEveryone: true };
  const channels = { telegram: { local: everyone, work: everyone }, discord: { local: everyone } };
  const verdictOn = async (rules: object[], channel: string, more: Partial<PolicyRequest> = {}) =>
    (
      await setUp({ rules, channels }).gate.check(
        asked([samples.run], { origin: 'direct', place: { ...place, address: { ...address, channel, peer: 'operator' } }, ...more }),
      )
    ).verdict;

  test('a rule for a channel holds there and nowhere else', async () => {
    const rules = [{ channel: 'telegram', effect: 'run', verdict: 'deny' }];
    expect([await verdictOn(rules, 'telegram'), await verdictOn(rules, 'discord')]).toEqual(['deny', 'allow']);
    const both = [{ channel: 'telegram', account: 'work', effect: 'run', verdict: 'ask' }];
    const atWork = { place: { ...place, address: { channel: 'telegram', account: 'work', chat: 'c', peer: 'operator' } } };
    expect([await verdictOn(both, 'telegram'), await verdictOn(both, 'telegram', atWork)]).toEqual(['allow', 'ask']);
  });

  test('attack: a misspelled condition does not switch a rule off', async () => {
    expect(await verdictOn([{ chanel: 'telegram', effect: 'run', verdict: 'deny' }], 'discord')).toBe('deny');
  });

  test.each([
    ['origin', { origin: 'friends', verdict: 'deny' }],
    ['verdict', { effect: 'run', verdict: 'perhaps' }],
    ['channel', { channel: '', verdict: 'deny' }],
  ])('an unknown %s is no configuration', (_name, rule) => {
    expect(configSchema.safeParse({ rules: [rule] }).success).toBe(false);
  });

  test('a rule against network holds for listed hosts too', async () => {
    const { gate } = setUp({ rules: [{ effect: 'run-network', verdict: 'deny' }] });
    expect(await gate.check(asked([samples['run-listed-network']], placed('run-listed-network')))).toMatchObject({ verdict: 'deny', rule: 'R14' });
  });
});

describe('what a grant never lifts', () => {
  test('attack: an always-grant against a rule, a deny, taint and the loop guard', async () => {
    const { gate, allow, state } = setUp();
    await allow(asked([run()]), 'always');
    expect((await gate.check(asked([run()]))).verdict).toBe('allow');
    expect(await gate.check(asked([run()], { repeated: true }))).toMatchObject({ verdict: 'ask', scopes: ['once'] });
    expect(await gate.check(asked([run(), samples.secret], { tainted: true }))).toMatchObject({ verdict: 'ask', scopes: ['once'] });
    expect((await gate.check(asked([run()], { origin: 'group' }))).verdict).toBe('deny');
    state.config = configSchema.parse({ rules: [{ effect: 'run-network', verdict: 'deny' }] });
    expect((await gate.check(asked([run()]))).verdict).toBe('deny');
  });

  test('attack: a yes for listed hosts used for the whole network, or for a longer list', async () => {
    const { gate, allow } = setUp();
    const listed = asked([run()], { place: { ...place, network } });
    await allow(listed, 'always');
    expect((await gate.check(listed)).verdict).toBe('allow');
    expect((await gate.check(asked([run()]))).verdict).toBe('ask');
    const longer = { hosts: ['example.org', 'evil.example'], privateHosts: [] };
    expect((await gate.check(asked([run()], { place: { ...place, network: longer } }))).verdict).toBe('ask');
  });

  test('listed hosts may be reached unasked where the operator says so, and never by a tainted session or a group', async () => {
    const { gate } = setUp({ sandbox: { network: { hosts: ['example.org'], unasked: true } } });
    const listed = asked([run()], { place: { ...place, network } });
    expect((await gate.check(listed)).verdict).toBe('allow');
    expect((await gate.check({ ...listed, tainted: true })).verdict).toBe('ask');
    expect((await gate.check({ ...listed, origin: 'group' })).verdict).toBe('deny');
    expect((await gate.check(asked([run()]))).verdict).toBe('ask');
  });
});

describe('confirm', () => {
  const request = asked([run()]);

  test('an approved, unchanged plan is allowed, once', async () => {
    const { gate, approve } = setUp();
    const verdict = await gate.check(request);
    const plan = approve(verdict);
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'allow', plan });
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'deny', rule: 'R15' });
    expect((await gate.check(request)).verdict).toBe('ask');
  });

  test('of two confirms at once one is allowed', async () => {
    const { gate, approve } = setUp();
    const plan = approve(await gate.check(request));
    const verdicts = await Promise.all([gate.confirm(plan, 'appr'), gate.confirm(plan, 'appr')]);
    expect(verdicts.map(({ verdict }) => verdict).sort()).toEqual(['allow', 'deny']);
  });

  test.each<[string, Partial<Approval>]>([
    ['pending', { state: 'pending' }],
    ['denied', { state: 'denied', decision: 'deny' }],
    ['expired', { state: 'expired' }],
    ['approved but decided as deny', { decision: 'deny' }],
    ['past its time', { expiresAt: 0 }],
    ['of a scope that was not on offer', { decision: 'always', scopes: ['once', 'task', 'always'] }],
  ])('a stored approval that is %s is a deny', async (_name, change) => {
    const { gate, approve } = setUp();
    const plan = approve(await gate.check(asked([run({ command: 'wget push' })])), 'once', change);
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'deny', rule: 'R15' });
  });

  test('a missing approval is a deny', async () => {
    const { gate, approve } = setUp();
    const plan = approve(await gate.check(request));
    expect(await gate.confirm(plan, 'other')).toMatchObject({ verdict: 'deny', rule: 'R15' });
  });

  test('a plan changed after the yes is a deny, with its old digest and with a right one', async () => {
    const { gate, approve } = setUp();
    const plan = approve(await gate.check(request));
    const { sealPlan } = await import('./plan.ts');
    for (const changed of [{ ...plan, args: { a: 2 } }, sealPlan({ ...plan, args: { a: 2 } }), { ...plan, digest: '0'.repeat(64) }])
      expect(await gate.confirm(changed, 'appr')).toMatchObject({ verdict: 'deny', rule: 'R15' });
    expect(() => Object.assign(plan.args as object, { a: 2 })).toThrow(TypeError);
  });

  test('an approval whose stored plan was changed, or that is for another call, is a deny', async () => {
    const { gate, approve } = setUp();
    const first = await gate.check(request);
    const second = await gate.check(request);
    const plan = approve(first);
    approve(second);
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'deny' });
    approve(first, 'once', { plan: { ...plan, cwd: '/' } as Plan });
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'deny' });
  });

  test.each<[string, (state: ReturnType<typeof setUp>['state']) => void]>([
    [
      'the program was swapped',
      (state) => {
        state.hash = 'bb';
      },
    ],
    [
      'the sandbox is another',
      (state) => {
        state.sandbox = 'none';
      },
    ],
    [
      'a rule was added',
      (state) => {
        state.config = configSchema.parse({ rules: [{ verdict: 'deny' }] });
      },
    ],
  ])('while the person was thinking, %s: deny', async (_name, happen) => {
    const { gate, approve, state } = setUp();
    const plan = approve(await gate.check(request));
    happen(state);
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'deny', rule: 'R15' });
  });
});

describe('attack: the sender of a running turn is taken off the list', () => {
  const channels = (allow: readonly string[]) => ({ channels: { fake: { main: { enabled: true, allow } } } });
  const request = asked([samples['fetch-composed']], {
    origin: 'direct',
    sender: { id: 'ana' },
    place: { ...place, address: { channel: 'fake', account: 'main', chat: 'c', peer: 'ana' } },
  });

  test('nothing more is done, and a yes that was asked for before does not count', async () => {
    const { gate, state, approve } = setUp(channels(['ana']));
    const plan = approve(await gate.check(request));
    state.config = configSchema.parse(channels([])) as Config;
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'deny', rule: 'R9' });
    expect(await gate.check(request)).toMatchObject({ verdict: 'deny', rule: 'R9' });
    state.config = configSchema.parse(channels(['ana'])) as Config;
    expect(await gate.confirm(plan, 'appr')).toMatchObject({ verdict: 'allow' });
  });
});

describe('grants', () => {
  test('always covers exactly this argv, folder, network and sandbox', async () => {
    const { gate, allow, grants } = setUp();
    expect((await allow(asked([run()]), 'always')).verdict).toBe('allow');
    expect(grants).toMatchObject([{ scope: 'always', template: 'argv ["wget","push"] cwd "." network true' }]);
    const judge = async (effect: Effect, more: Partial<PolicyRequest> = {}) => (await gate.check(asked([effect], more))).verdict;
    expect(await judge(run(), { args: { b: 2 }, place: { ...place, turnId: 'later' }, origin: 'direct' })).toBe('allow');
    for (const other of [run({ argv: ['wget', 'push', '-f'] }), run({ cwd: 'b' }), run({ sandboxed: false }), run({ command: 'wget push' })])
      expect(await judge(other)).toBe('ask');
    expect(await judge(run(), { place: { ...place, sandbox: false } })).toBe('ask');
    expect(await judge(run(), { place: { ...place, agentId: 'other' } })).toBe('ask');
    expect(await judge(run(), { origin: 'group' })).toBe('deny');
  });

  test('attack: a yes for a command that is given a file of the workspace ends when the file changes', async () => {
    const { gate, allow, grants, state } = setUp();
    state.executables = async () => [
      { path: '/usr/bin/wget', sha256: 'program' },
      { path: '/home/workspaces/main/list', sha256: state.hash },
    ];
    expect((await allow(asked([run()]), 'always')).verdict).toBe('allow');
    expect(grants[0]?.template).toMatch(/ files [0-9a-f]{64}$/);
    expect((await gate.check(asked([run()]))).verdict).toBe('allow');
    state.hash = 'rewritten';
    expect((await gate.check(asked([run()]))).verdict).toBe('ask');
  });

  test('a host grant covers the host and nothing near it', async () => {
    const { gate, allow } = setUp();
    await allow(asked([get('https://Docs.example/a')]), 'always');
    const judge = async (url: string) => (await gate.check(asked([get(url)]))).verdict;
    expect(await judge('https://docs.example/other?x=1')).toBe('allow');
    for (const url of [
      'https://a.docs.example/',
      'https://docs.example.evil.example/',
      'https://evil.example/docs.example',
      'https://notwikipedia.org/',
      'https://wikipedia.org.evil.example/',
    ])
      expect(await judge(url), url).toBe('ask');
    expect((await gate.check(asked([{ kind: 'net', url: 'https://docs.example/', method: 'POST' }]))).verdict).toBe('ask');
  });

  test('task ends with the turn and covers the same call only', async () => {
    const { gate, allow } = setUp();
    const shell = asked([run({ command: 'wget push' })]);
    expect((await gate.check(shell)) as object).toMatchObject({ scopes: ['once', 'task'] });
    await allow(shell, 'task');
    expect((await gate.check(shell)).verdict).toBe('allow');
    expect((await gate.check({ ...shell, args: { a: 2 } })).verdict).toBe('ask');
    expect((await gate.check({ ...shell, place: { ...place, turnId: 'next' } })).verdict).toBe('ask');
  });

  test('a group never gets a standing yes', async () => {
    const { gate, allow, grants } = setUp();
    await allow(asked([run()]), 'always');
    const inGroup = asked([run({ network: false })], { origin: 'group' });
    expect(await gate.check(inGroup)).toMatchObject({ verdict: 'ask', scopes: ['once', 'task'] });
    grants.push({ id: 'g', agentId: 'main', scope: 'always', template: 'argv ["wget","push"] cwd "." network false', createdAt: 0 });
    expect((await gate.check(inGroup)).verdict).toBe('ask');
  });

  test.each([
    ['sh', '-c', 'x'],
    ['python3.12', 'a.py'],
    ['node', 'a.js'],
    ['env', 'wget', 'push'],
    ['xargs', 'rm'],
    ['find', '.', '-exec', 'rm', '{}', ';'],
    ['find', '.', '-delete'],
    ['fd', '-x', 'rm'],
    ['npx', 'thing'],
    ['pip3', 'install', 'x'],
    ['sudo', 'wget', 'push'],
    ['timeout', '5', 'wget', 'push'],
    ['make', 'deploy'],
    ['./push', 'x'],
    ['/usr/bin/git', 'push'],
    ['BASH.EXE', '-c', 'x'],
    [''],
  ])('no always for a program that runs programs: %s %s %s', async (...argv) => {
    const { gate } = setUp();
    expect(await gate.check(asked([run({ argv })]))).toMatchObject({ verdict: 'ask', scopes: ['once', 'task'] });
  });

  test('find without an action may be granted always', async () => {
    const { gate } = setUp();
    expect(await gate.check(asked([run({ argv: ['find', '.', '-name', 'a'] })]))).toMatchObject({ scopes: ['once', 'task', 'always'] });
  });
});
