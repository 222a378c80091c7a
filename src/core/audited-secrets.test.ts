import { expect, test } from 'vitest';
import { auditedSecrets } from './audited-secrets.ts';
import type { Secrets } from './secret.ts';

test('a change is written down before it is made, and what the vault would refuse is not written down as set', async () => {
  const did: string[] = [];
  const append = async (kind: string): Promise<void> => void did.push(kind);
  const vault = { set: async (name: string) => void did.push(name), remove: async () => did.push('removed') > 0 } as unknown as Secrets;
  const secrets = auditedSecrets(vault, { append } as never, 'cli');
  const use = { origins: ['https://x.example'], header: 'Authorization', format: '{secret}' };
  for (const [name, value, refused] of [
    ['a b', 'value', /named by/u],
    ['key', '', /1 to 8192 characters/u],
    ['key', 'short', /fewer than 6/u],
  ] as const)
    await expect(secrets.set(name, value, use)).rejects.toThrow(refused);
  expect(did).toEqual([]);
  await secrets.set('key', 'long enough', use);
  await secrets.remove('key');
  expect(did).toEqual(['secret-set', 'key', 'secret-remove', 'removed']);
});
