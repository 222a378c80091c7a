// What a question says of itself has words in Chinese: every sentence of the table, and every warning.
import { expect, test } from 'vitest';
import { said } from '../../console/src/text/zh/said/said.ts';
import type { Plan } from '../../src/core/policy.ts';
import { processOrigin } from '../../src/core/secret.ts';
import { verdictTable } from '../../src/core/verdict-table.ts';
import { planWarnings } from '../../src/review/plan-warnings.ts';

const english = /[a-z]{2,} [a-z]{2,}/u;

test('reasons', () => {
  const sentences = [
    ...Object.values(verdictTable).map(([sentence]) => sentence),
    'makes the same call again and again',
    'is to be asked about, by a rule in config.json',
  ];
  for (const sentence of sentences) expect(said(`run_command ${sentence}.`) ?? 'not said').not.toMatch(english);
  expect(said('run_command uses a secret; starts a sub-agent.')).toBe('run_command 要使用密钥。要启动子智能体。');
  expect(said('run_command uses a secret; sings.')).toBeUndefined();
});

test('warnings', () => {
  const run = { kind: 'run', command: 'x\u202e', cwd: '.', network: true, sandboxed: false } as const;
  const secret = { kind: 'secret', ref: 'k', origin: processOrigin } as const;
  const plan = (place: object, ...effects: object[]) => ({ args: {}, effects, place }) as unknown as Plan;
  const warnings = [
    ...planWarnings(plan({ sandbox: true }, run, secret)),
    ...planWarnings(plan({ sandbox: true, network: { hosts: ['example.org'], privateHosts: [] } }, { ...run, sandboxed: true })),
  ];
  expect(new Set(warnings).size).toBe(5);
  for (const warning of warnings) expect(said(warning) ?? 'not said').not.toMatch(english);
  expect(said('It sings.')).toBeUndefined();
});
