// The secrets door (R23): values live encrypted beside the home, are lent to a function at the edge, and are known to the one redactor.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import type { Keys, Redactor, SecretRef, Secrets, SecretUse } from '../core/secret.ts';
import { checkSecret, longestSecret, processOrigin, Secret, secretUse } from '../core/secret.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { createRedactor } from '../lib/redactor.ts';
import { openText, sealText } from '../lib/sealed-text.ts';

const vaultFile = z.strictObject({ version: z.literal(1), iv: z.base64(), tag: z.base64(), data: z.base64() });
/** A plain text is a value no tool can use. */
const vaultValues = z.record(z.string(), z.union([z.string().transform((value): Kept => ({ value })), z.strictObject({ value: z.string(), use: secretUse })]));
type Kept = { readonly value: string; readonly use?: SecretUse };

/** The vault's values are known to `redact` from creation on, an environment variable's from its first use. Throws `vault-corrupt`. */
export function createSecrets(parts: { dir: string; keys: Keys; environment: Readonly<Record<string, string | undefined>> }): Secrets & Redactor {
  const path = join(parts.dir, 'vault.json');
  const { learn, ...redactor } = createRedactor();
  let values: ReadonlyMap<string, Kept> = new Map();
  let stamp = '';

  /** Another process (the CLI) may have changed the vault: read again when the file is not the one seen last. */
  const load = (): ReadonlyMap<string, Kept> => {
    const info = statSync(path, { throwIfNoEntry: false });
    const found = info ? `${info.ino}:${info.mtimeMs}:${info.size}` : '';
    if (found !== stamp) {
      values = info ? open(parts.keys, path) : new Map();
      stamp = found;
      for (const { value } of values.values()) learn(value);
    }
    return values;
  };
  const save = (changed: ReadonlyMap<string, Kept>): void => {
    const key = parts.keys.readOrMake('vault.key');
    const plain = [...changed].map(([name, kept]) => [name, kept.use ? kept : kept.value]);
    const file = { version: 1, ...sealText(JSON.stringify(Object.fromEntries(plain)), key) };
    writeFileAtomic(path, `${JSON.stringify(file)}\n`);
    load();
  };
  const find = (ref: SecretRef): string | undefined => {
    const value = 'vault' in ref ? load().get(ref.vault)?.value : parts.environment[ref.env];
    if (value === undefined || value === '') return undefined;
    learn(value.slice(0, longestSecret)); // the vault takes no longer one; a variable of the environment may be
    return value;
  };

  load();
  return {
    ...redactor,
    async use(ref, fn) {
      const value = find(ref);
      if (value !== undefined) return fn(value);
      const what = 'vault' in ref ? `The vault holds no secret named "${ref.vault}".` : `The environment variable ${ref.env} is not set.`;
      throw new CoPawError('secret-missing', what, { next: 'Set it, then try again.' });
    },
    async lend(name, origin) {
      const { value, use } = load().get(name) ?? {};
      if (value === undefined) {
        const known = [...load()].flatMap(([other, kept]) => (kept.use ? [other] : [])).join(', ') || 'none';
        throw new CoPawError('secret-missing', `There is no secret named "${name}". Tools can use: ${known}.`, {
          next: 'Set it with `copaw secrets set`.',
          rule: 'R23',
        });
      }
      if (origin === processOrigin && use?.env !== undefined) return { name: use.env, value: new Secret(value) };
      if (origin === processOrigin || !use?.origins.includes(origin))
        throw new CoPawError('tool-denied', `The secret "${name}" is not for ${origin === processOrigin ? 'commands' : origin}.`, { rule: 'R23' });
      const text = use.format.replace(/\{(secret|base64)\}/, (_, form) => (form === 'secret' ? value : Buffer.from(value).toString('base64')));
      if (/[^\x20-\x7e]/.test(text)) throw new CoPawError('tool-denied', `The secret "${name}" does not fit into a header.`, { rule: 'R23' });
      return { name: use.header, value: new Secret(text) };
    },
    has: async (ref) => find(ref) !== undefined,
    async set(name, value, use) {
      checkSecret(name, value, use);
      learn(value);
      save(new Map(load()).set(name, use ? { value, use: secretUse.parse(use) } : { value }));
    },
    async remove(name) {
      const kept = new Map(load());
      if (!kept.delete(name)) return false;
      save(kept);
      return true;
    },
    list: async () => [...load()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { use }]) => ({ name, ...(use ? { use } : {}) })),
  };
}

function open(keys: Keys, path: string): ReadonlyMap<string, Kept> {
  try {
    const key = keys.read('vault.key');
    if (!key) throw new Error('vault.key is missing.');
    const file = vaultFile.parse(JSON.parse(readFileSync(path, 'utf8')));
    return new Map(Object.entries(vaultValues.parse(JSON.parse(openText(file, key)))));
  } catch {
    // No cause: a parser's message may quote what it could not parse.
    throw new CoPawError('vault-corrupt', `The secrets in ${path} cannot be read: the file or its key vault.key is missing, damaged or not readable.`, {
      next: 'Put vault.json and vault.key back from one backup; or move both away and set the secrets again.',
      rule: 'R29',
    });
  }
}
