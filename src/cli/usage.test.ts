// `copaw usage`, `copaw activity` and `copaw version --licences` with answers that are made up: what people read, and what is refused.
import { expect, test } from 'vitest';
import type { ActivityQuery } from '../core/activity.ts';
import type { UsageReport, UsageSum } from '../core/usage.ts';
import { createFakeSecurity } from '../testing/fake-security.ts';
import { activity } from './activity.ts';
import type { CliParts } from './parts.ts';
import type { Terminal } from './terminal.ts';
import { usage } from './usage.ts';
import { version } from './version.ts';

const sum = (calls: number, input: number, more: Partial<UsageSum> = {}): UsageSum => ({
  ...{ calls, input, cachedInput: 0, output: 7, cost: 0, unpriced: 0 },
  ...more,
});
const report: UsageReport = {
  ...{ step: 'day', timezone: 'Asia/Shanghai', from: 1, to: 2 },
  times: [{ at: Date.parse('2026-07-03T16:00:00Z'), ...sum(3, 1_000, { cachedInput: 250, cost: 0.5, unpriced: 1 }) }],
  agents: [{ name: 'main\u001b[2J', ...sum(1, 5, { cost: 0.25 }) }],
  models: [{ name: 'p/m', ...sum(2, 0, { unpriced: 2 }) }],
  channels: [{ name: '', ...sum(1, 1) }],
  total: sum(3, 1_000, { cachedInput: 250, cost: 0.5, unpriced: 1 }),
};

function setUp(parts: Partial<CliParts>) {
  const said = { out: '', error: '' };
  const add = (where: keyof typeof said) => (text: string) => {
    said[where] += text;
  };
  const terminal = { out: add('out'), error: add('error') } as unknown as Terminal;
  const base = { homePath: () => '/h', homeState: () => 'ours', accepted: () => true, version: () => ({ version: '1', commit: 'c', node: 'v24' }) };
  return { said, context: { parts: { ...base, ...parts } as unknown as CliParts, terminal } };
}

test('usage: a table for people; a price that is not known is said and never counted as nothing', async () => {
  const asked: unknown[] = [];
  const show = async (by: string, days?: string, found = report) => {
    const answer = async (given?: number): Promise<UsageReport> => {
      asked.push(given);
      return found;
    };
    const { said, context } = setUp({ usage: async () => ({ report: answer }) });
    await usage(context, { by, ...(days === undefined ? {} : { days }) });
    return said;
  };
  expect((await show('day', '7')).out).toBe(
    [
      'day         calls  input      cached  output                         cost',
      '2026-07-04      3   1000  250 (25 %)       7  $0.50 and 1 of unknown cost',
      'total           3   1000  250 (25 %)       7  $0.50 and 1 of unknown cost',
      '',
    ].join('\n'),
  );
  expect((await show('model')).out).toMatch(/^p\/m +2 +0 +0 +7 +unknown$/mu);
  expect((await show('agent')).out).toMatch(/^main\\u\{1b\}\[2J +1 +5 +0 \(0 %\) +7 +\$0\.25$/mu);
  expect((await show('channel', '1')).out).toMatch(/^\(no conversation\) +1/mu);
  expect(asked).toEqual([7, undefined, undefined, 1]);
  const spoken = { ...report, total: { ...report.total, seconds: 90 }, times: [{ at: 1, ...sum(1, 5, { seconds: 90, cost: 0.25 }) }] };
  expect((await show('day', '7', spoken)).out).toMatch(/ output +sound +cost\n[\s\S]+ 7 +1\.5 min +\$0\.25\n/u);
  const nothing = { ...report, times: [], total: sum(0, 0) };
  expect(await show('day', '7', nothing)).toEqual({ out: '', error: 'No model was called in that time.\n' });
  const hours = { ...report, step: 'hour', times: report.times } as const;
  expect((await show('day', '1', hours)).out).toMatch(/^2026-07-04 00:00 /mu);
  for (const [by, days] of [
    ['none', '1'],
    ['toString', '1'],
    ['day', '0'],
    ['day', 'x'],
    ['day', '-1'],
    ['day', '10000'],
  ] as const)
    await expect(show(by, days)).rejects.toMatchObject({ code: 'usage' });
});

test('activity: one line a record with where it belongs; what is not asked well is refused', async () => {
  const asked: ActivityQuery[] = [];
  const { said, context } = setUp({
    security: async () => ({
      ...createFakeSecurity(),
      async activity(query) {
        asked.push(query);
        const detail = { turnId: 't', sessionId: 's', tool: 'x\u202e', note: '' };
        return { records: [{ seq: 9, at: 0, kind: 'tool-denied', detail, subject: 'tools', outcome: 'refused', agentId: 'main', sessionId: 's' }], older: 9 };
      },
    }),
  });
  await activity(context, { lines: '1', about: 'tools', outcome: 'refused', agent: 'main', before: '10' });
  await activity(context, { lines: '500' });
  expect(said.out.split('\n')[0]).toBe('9  1970-01-01T00:00:00Z  refused   tool-denied  agent=main  session=s  turnId=t  tool=x\\u{202e}  note=""');
  expect(said.error).toContain('Older ones: --before 9\n');
  expect(asked).toEqual([{ limit: 1, before: 10, subject: 'tools', outcome: 'refused', agent: 'main' }, { limit: 500 }]);
  for (const wrong of [{ lines: '0' }, { lines: '501' }, { lines: '1', about: 'x' }, { lines: '1', outcome: 'x' }, { lines: '1', before: 'x' }])
    await expect(activity(context, wrong)).rejects.toMatchObject({ code: 'usage' });
});

test('version: the licences of what is inside, or that nothing was built', async () => {
  const packages = [{ name: 'zod', version: '4.0.0', licence: 'MIT', text: 'Do what you want.' }];
  const built = setUp({ licences: async () => packages });
  await version(built.context, { licences: true });
  await version(built.context, { licences: true, json: true });
  expect(built.said.out).toBe(`zod 4.0.0 (MIT)\n\nDo what you want.\n\n${JSON.stringify({ version: '1', commit: 'c', node: 'v24', packages })}\n`);
  const bare = setUp({ licences: async () => [] });
  await version(bare.context, { licences: true });
  expect(bare.said.error).toContain('not built');
});
