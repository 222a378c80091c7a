// Counts the attacks by listing the suites without running them: ids stay unique, every rule has its share, and there are as many as was promised.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attackId } from './attack.ts';

const root = join(import.meta.dirname, '../..');

test('named attacks: unique ids, at least six of each rule from R6 to R24, at least 250 in all of which spellings count as 120 at most', {
  timeout: 120_000,
}, () => {
  const listed = execFileSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'list', '--no-static-parse', '--json', '--project', 'security'],
    {
      ...{ cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'ignore'] },
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    },
  );
  const ids = (JSON.parse(listed) as { name: string }[]).flatMap(({ name }) => attackId.exec(name)?.[1] ?? []);
  expect(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    'ids used twice',
  ).toEqual([]);

  const attacks = new Set(ids.map((id) => id.replace(/\.s\d+$/u, '')));
  const rules = Array.from({ length: 19 }, (_, index) => `R${index + 6}`);
  const byRule = Object.fromEntries(rules.map((rule) => [rule, [...attacks].filter((id) => id.startsWith(`${rule}-`)).length]));
  const spelled = ids.filter((id) => id.includes('.s')).length;
  console.log(`${ids.length} attacks by id, ${attacks.size} distinct, ${spelled} spellings; distinct by rule: ${JSON.stringify(byRule)}`);
  for (const rule of rules) expect(byRule[rule], rule).toBeGreaterThanOrEqual(6);
  expect(attacks.size + Math.min(spelled, 120)).toBeGreaterThanOrEqual(250);
});
