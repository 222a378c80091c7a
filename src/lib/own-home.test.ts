import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { ownHome } from './own-home.ts';

test('the home of the account', () => expect(ownHome()).toBe(userInfo().homedir));

test.runIf(process.getuid?.() === 0)('a user id without an account has the home that HOME names', () => {
  const program = `process.setgid(54321); process.setuid(54321); const { ownHome } = await import(${JSON.stringify(import.meta.resolve('./own-home.ts'))}); console.log(ownHome());`;
  // Loaded before the id is given up: the checkout may be closed to it.
  const early = `import ${JSON.stringify(import.meta.resolve('./own-home.ts'))};${program}`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', early], { encoding: 'utf8', env: { HOME: '/data/home' } }).trim()).toBe('/data/home');
});
