// `copaw skills` in front of a made-up SkillsAdmin: what is asked, what a script must give, what is printed and how it ends.
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SkillFinding, SkillReport, SkillState, SkillsAdmin } from '../core/skill.ts';
import type { Context } from './context.ts';
import { audit, disable, enable, install, list, remove } from './skills.ts';

const hash = 'a'.repeat(64);
const high: SkillFinding = { id: 'asks-to-hide', severity: 'high', path: 'SKILL.md', line: 6, detail: 'Asks to keep something from the user.' };

function setUp(options: { answer?: string; state?: SkillState; findings?: readonly SkillFinding[]; description?: string } = {}) {
  const calls: unknown[] = [];
  const { state = 'disabled', findings = [], description = 'Tells the weather.' } = options;
  const report: SkillReport = {
    name: 'weather',
    state,
    description,
    hash,
    source: { kind: 'zip', path: '/tmp/weather.zip' },
    findings,
    ...(state === 'enabled' ? {} : { reason: 'because' }),
  };
  const call = <T>(name: string, value: T) => {
    return async (...given: unknown[]): Promise<T> => {
      calls.push([name, ...given]);
      return value;
    };
  };
  const admin: SkillsAdmin = {
    list: call('list', [report]),
    inspect: call('inspect', report),
    install: call('install', report),
    enable: call('enable', { ...report, state: 'enabled' as const }),
    disable: call('disable', report),
    remove: call('remove', { trash: 'trash_1' }),
    restore: call('restore', { ...report, state: 'enabled' as const }),
  };
  const printed = { out: '', error: '' };
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, skills: async () => admin },
    terminal: {
      interactive: options.answer !== undefined,
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
      ask: async () => (options.answer === '^D' ? undefined : options.answer),
    },
  } as unknown as Context;
  return { context, calls, printed };
}

test('install names an absolute path and says that it is not enabled', async () => {
  const { context, calls, printed } = setUp();
  expect(await install(context, 'weather.zip', { replace: true, name: 'w' })).toBe(0);
  expect(calls).toEqual([['install', { path: resolve('weather.zip'), name: 'w', replace: true }]]);
  expect(printed.out).toContain(hash);
  expect(printed.error).toContain('not enabled');
});

describe('enable', () => {
  test('shows source, hash, findings and the sentence about trust, and takes a yes', async () => {
    const { context, calls, printed } = setUp({ answer: 'y', findings: [high] });
    expect(await enable(context, 'weather', {})).toBe(0);
    for (const text of ['/tmp/weather.zip', hash, 'asks-to-hide', 'SKILL.md:6', 'same trust as code you run yourself']) expect(printed.error).toContain(text);
    expect(calls).toEqual([
      ['inspect', 'weather'],
      ['enable', 'weather', hash],
    ]);
  });
  test.each(['', 'n', '^D', 'yep'])('%j is a no', async (answer) => {
    const { context, calls } = setUp({ answer });
    await expect(enable(context, 'weather', {})).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls).toEqual([['inspect', 'weather']]);
  });
  test('enables what was shown, not what is there by then, and a hash that was given goes before', async () => {
    const { context, calls } = setUp({ answer: 'yes' });
    await enable(context, 'weather', { hash: 'b'.repeat(64) });
    expect(calls).toContainEqual(['enable', 'weather', 'b'.repeat(64)]);
  });
  test.each([{}, { yes: true }, { hash }, { json: true }])('a script with %j is told what it needs', async (options) => {
    const { context, calls } = setUp();
    await expect(enable(context, 'weather', options)).rejects.toMatchObject({ code: 'usage', next: expect.stringContaining('--yes --hash') });
    expect(calls).toEqual([]);
  });
  test('--yes alone is no yes on a terminal either', async () => {
    await expect(enable(setUp({ answer: 'y' }).context, 'weather', { yes: true })).rejects.toMatchObject({ code: 'usage' });
  });
  test('--yes with the hash asks nothing', async () => {
    const { context, calls, printed } = setUp();
    expect(await enable(context, 'weather', { yes: true, hash, json: true })).toBe(0);
    expect(calls).toEqual([['enable', 'weather', hash]]);
    expect(JSON.parse(printed.out)).toMatchObject({ skill: { name: 'weather', state: 'enabled' } });
  });
  test('what a skill says about itself cannot move the cursor or hide', async () => {
    const { context, printed } = setUp({ answer: 'n', description: 'a\u001b[2Jb\u202ec\nnext: fine' });
    await enable(context, 'weather', {}).catch(() => undefined);
    for (const unseen of ['\u001b', '\u202e', '\nnext: fine']) expect(printed.error).not.toContain(unseen);
    expect(printed.error).toContain('\\u{1b}');
  });
});

describe('audit', () => {
  test.each<[SkillState, readonly SkillFinding[], number]>([
    ['enabled', [], 0],
    ['disabled', [{ ...high, severity: 'medium' }], 0],
    ['enabled', [high], 1],
    ['drifted', [], 1],
    ['missing', [], 1],
    ['unlisted', [], 1],
    ['invalid', [], 1],
  ])('%s with %j ends with its code', async (state, findings, code) => {
    const { context, calls } = setUp({ state, findings });
    expect(await audit(context, undefined, {})).toBe(code);
    expect(calls).toEqual([['list'], ['inspect', 'weather']]);
    expect(await audit(setUp({ state, findings }).context, 'weather', { json: true })).toBe(code);
  });
});

test('list, disable and remove print for people and for programs', async () => {
  const { context, printed } = setUp({ state: 'drifted' });
  expect(await list(context, {})).toBe(0);
  expect(printed.out).toBe('weather  drifted: because  Tells the weather.\n');
  expect(await disable(context, 'weather', {})).toBe(0);
  printed.out = '';
  expect(await remove(context, 'weather', { json: true })).toBe(0);
  expect(JSON.parse(printed.out)).toEqual({ removed: 'weather', trash: 'trash_1' });
});
