// Policy as its operator meets it: rules for a channel and an agent, preview, grants that stick and can be taken back, through the whole app.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Origin } from '../../src/core/address.ts';
import type { PermissionsAdmin } from '../../src/core/permissions.ts';
import type { EffectRow } from '../../src/core/verdict-table.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';
import { only } from './events.ts';
import { openWorld, type World } from './harness.ts';
import { createScriptedModel, type ScriptedModel } from './scripted-model.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';

describe('in this process', () => {
  let model: ScriptedModel;
  let world: World;
  let admin: PermissionsAdmin;
  beforeEach(async () => {
    model = createScriptedModel();
    world = await openWorld({ provider: model.provider });
    admin = await world.app.permissions('cli');
  });
  afterEach(async () => {
    expect(world.faults).toEqual([]);
    await world.close();
  });

  const verdict = async (effect: EffectRow, query: { origin: Origin; channel?: string; tool?: string; tainted?: boolean }) =>
    (await admin.preview(query)).rows.find((row) => row.effect === effect && row.own !== true);
  const write = async (answer: 'once' | 'task' | 'always' | 'deny' = 'deny') => {
    model.play([['write_file', { path: 'a.txt', content: 'a' }]]);
    return world.ask('write', answer);
  };
  const fetchPage = async (answer: 'once' | 'task' | 'always' | 'deny') => {
    model.play([['run_command', { argv: ['date'], network: true }]]);
    return only(await world.ask('run', answer), 'approval-request').length;
  };

  test('a preview says what the gate then does, for a channel alone', async () => {
    await admin.setRules('main', [{ effect: 'write', channel: 'cli', verdict: 'deny' }]);
    expect(await verdict('write', { origin: 'operator', channel: 'cli' })).toMatchObject({
      verdict: 'deny',
      because: [
        { by: 'table', detail: 'write: allow' },
        { by: 'rule', detail: 'agents.main.rules.0: deny' },
      ],
    });
    expect(await verdict('write', { origin: 'operator', channel: 'console' })).toMatchObject({ verdict: 'allow' });
    expect(only(await write('once'), 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R14' }]);
    await admin.setRules('main', [{ effect: 'write', channel: 'console', verdict: 'deny' }]);
    expect(only(await write(), 'tool-end')).toMatchObject([{ outcome: 'ok' }]);
  });

  test('a preview names taint, the tool and the setting that decide', async () => {
    expect((await verdict('secret', { origin: 'operator', tainted: true }))?.because).toContainEqual({ by: 'taint', detail: expect.any(String) });
    await admin.setRules(undefined, [{ tool: 'read_file', verdict: 'ask' }]);
    expect(await verdict('read', { origin: 'direct', tool: 'read_file' })).toMatchObject({ verdict: 'ask' });
    expect(await verdict('read', { origin: 'direct', tool: 'list_files' })).toMatchObject({ verdict: 'allow' });
    const { rows } = await admin.preview({ origin: 'group' });
    expect(rows.filter(({ effect }) => effect === 'read').map(({ own = false, verdict: cell }) => [own, cell])).toEqual([
      [true, 'allow'],
      [false, 'deny'],
    ]);
  });

  test('rules that name nothing there is are refused, and nothing is written', async () => {
    const before = world.app.config.current().rules;
    await expect(admin.setRules(undefined, [{ effect: 'fly', verdict: 'deny' }])).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('fly'),
    });
    await expect(admin.setRules(undefined, [{ tool: 'no_tool', verdict: 'deny' }])).rejects.toMatchObject({ code: 'invalid' });
    await expect(admin.setRules('nobody', [])).rejects.toMatchObject({ code: 'not-found' });
    expect(world.app.config.current().rules).toEqual(before);
  });

  test.skipIf(!sandboxed)('"always" for an exact argv survives a restart, shows in the preview, and ends when it is revoked', async () => {
    expect(await fetchPage('always')).toBe(1);
    expect(await fetchPage('deny')).toBe(0);
    await world.restart();
    admin = await world.app.permissions('cli');
    expect(await fetchPage('deny')).toBe(0);
    const [grant] = await admin.grants();
    expect(grant).toMatchObject({ scope: 'always', template: expect.stringContaining('["date"]') });
    const shown = (await admin.preview({ origin: 'operator' })).rows.find((row) => row.grant === grant?.template);
    expect(shown).toMatchObject({
      verdict: 'allow',
      because: [
        { by: 'table', detail: 'run-network: ask' },
        { by: 'grant', detail: grant?.template },
      ],
    });
    await admin.revoke(grant?.id ?? '');
    expect(await fetchPage('deny')).toBe(1);
    await expect(admin.revoke(grant?.id ?? '')).rejects.toMatchObject({ code: 'not-found' });
    const kinds = (await world.app.store.audit.after(0, 100)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['grant-add', 'grant-revoke']));
    expect((await world.app.audit.verify()).ok).toBe(true);
  });

  test.skipIf(!sandboxed)('a task grant holds for its turn and no longer', async () => {
    const call = ['run_command', { command: 'true', network: true }] as const;
    model.play([call], [call]);
    expect(only(await world.ask('twice', 'task'), 'approval-request')).toHaveLength(1);
    model.play([call]);
    expect(only(await world.ask('again', 'deny'), 'approval-request')).toHaveLength(1);
  });

  test.skipIf(!sandboxed)('attack: a grant against a rule that came later', async () => {
    expect(await fetchPage('always')).toBe(1);
    await admin.setRules(undefined, [{ effect: 'run-network', verdict: 'deny' }]);
    model.play([['run_command', { argv: ['date'], network: true }]]);
    expect(only(await world.ask('run', 'always'), 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R14' }]);
    await admin.setRules(undefined, [{ effect: 'run-network', verdict: 'ask' }]);
    expect(await fetchPage('deny')).toBe(1);
  });

  test('attack: a hand-edited rule with an unknown effect stops everything and says where', async () => {
    await world.app.config.commit('cli', [{ path: ['rules'], value: [{ effect: 'wriet', verdict: 'deny' }] }]);
    expect(only(await write('once'), 'tool-end')).toMatchObject([{ outcome: 'denied', code: 'R14', text: expect.stringContaining('rules.0') }]);
    await expect(world.app.config.commit('cli', [{ path: ['rules'], value: [{ origin: 'friends', verdict: 'deny' }] }])).rejects.toMatchObject({
      code: 'config-invalid',
    });
  });
});

describe('on the command line', () => {
  let here: CommandHome;
  beforeEach(() => {
    here = openCommandHome({ rules: [{ effect: 'delete', origin: 'direct', verdict: 'ask' }] });
  });
  afterEach(() => here.close());
  const json = async (...words: string[]) => {
    const { code, stdout } = await here.run(...words, '--json');
    return { code, answer: JSON.parse(stdout) };
  };

  const wholeLife = async (): Promise<void> => {
    const { answer } = await json('policy', 'show');
    const row = answer.rows.find(({ effect }: { effect: string }) => effect === 'delete');
    expect([row.cells.operator.verdict, row.cells.direct.verdict]).toEqual(['allow', 'ask']);
    expect(answer.rules).toEqual([{ at: 'rules.0', rule: { effect: 'delete', origin: 'direct', verdict: 'ask' } }]);
    const preview = await json('policy', 'preview', '--origin', 'direct', '--tool', 'delete_file');
    expect(preview.answer.rows.find(({ effect }: { effect: string }) => effect === 'delete')).toMatchObject({ verdict: 'ask' });
    expect(await json('policy', 'preview', '--origin', 'friends')).toMatchObject({ code: 2, answer: { error: { code: 'usage' } } });
    expect(await json('policy', 'show', '--agent', 'nobody')).toMatchObject({ code: 1, answer: { error: { code: 'not-found' } } });
    expect(await json('policy', 'grants', 'list')).toEqual({ code: 0, answer: { grants: [] } });
    expect(await json('policy', 'grants', 'revoke', 'g1')).toMatchObject({ code: 1, answer: { error: { code: 'not-found' } } });
    expect(await json('taint', 'list')).toEqual({ code: 0, answer: { sessions: [], files: [] } });
    expect(await json('taint', 'clear', 'notes.txt')).toMatchObject({ code: 1, answer: { error: { code: 'not-found' } } });
    expect((await here.run('policy', 'show')).stdout).toMatch(/^delete +allow +ask\* /mu);
  };

  test('policy and taint, without a server', wholeLife, 90_000);
  test('the same beside a running server', async () => {
    const server = await here.start();
    await wholeLife();
    await server.end('SIGTERM');
  }, 90_000);
});
