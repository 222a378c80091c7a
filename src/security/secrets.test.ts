// The vault and its redactor, with planted canaries.
import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { longestSecret, processOrigin, Secret, secretUse } from '../core/secret.ts';
import { createRedactor } from '../lib/redactor.ts';
import { createKeyFiles } from '../store/key-file.ts';
import { createSecrets } from './secrets.ts';

const canary = 'sk-canary/+"7f\\ä 1?=2';
let dir: string;
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'vault-')), 'home.secret');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }));

const open = (environment: Record<string, string> = {}) => createSecrets({ dir, keys: createKeyFiles(dir), environment });

describe('secrets', () => {
  test('keeps a value across processes, encrypted, readable by the owner alone', async () => {
    await open().set('model-main', canary);
    const second = open();
    expect(await second.use({ vault: 'model-main' }, (value) => value.length)).toBe(canary.length);
    expect(await second.list()).toEqual([{ name: 'model-main' }]);
    const bytes = readFileSync(join(dir, 'vault.json'), 'utf8');
    expect(bytes).not.toContain('canary');
    expect(bytes).not.toContain('model-main');
    for (const name of ['vault.json', 'vault.key']) expect(statSync(join(dir, name)).mode & 0o777).toBe(0o600);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('sees what another process set and removed', async () => {
    const server = open();
    const cli = open();
    await cli.set('token', 'first-value');
    expect(await server.has({ vault: 'token' })).toBe(true);
    await cli.set('token', 'other-value');
    expect(await server.use({ vault: 'token' }, (value) => value)).toBe('other-value');
    expect(await cli.remove('token')).toBe(true);
    expect(await cli.remove('token')).toBe(false);
    expect(await server.has({ vault: 'token' })).toBe(false);
    expect(server.redact('other-value, long gone')).toBe('[redacted], long gone');
  });

  test('a variable that is far too long is known by its beginning, and breaks nothing', async () => {
    const long = 'aB3/ "x'.repeat(10_000);
    const secrets = open({ LONG: long, OTHER: 'another-value' });
    for (const env of ['LONG', 'OTHER']) await secrets.use({ env }, () => undefined);
    expect(secrets.redact(`before ${long.slice(0, longestSecret)} after`)).toBe('before [redacted] after');
    expect(secrets.redact('another-value')).toBe('[redacted]');
  });

  test('reads an environment variable when asked and names what is missing', async () => {
    const secrets = open({ KEY: 'from-environment' });
    expect(await secrets.use({ env: 'KEY' }, (value) => value)).toBe('from-environment');
    expect(secrets.redact('a from-environment b')).toBe('a [redacted] b');
    await expect(secrets.use({ env: 'NONE' }, String)).rejects.toMatchObject({ code: 'secret-missing' });
    await expect(secrets.use({ vault: 'none' }, String)).rejects.toMatchObject({ code: 'secret-missing' });
  });

  test.each(['', '.hidden', '__proto__', 'a/b', 'a b'])('refuses the name %j', async (name) => {
    await expect(open().set(name, 'some-value')).rejects.toMatchObject({ code: 'invalid' });
  });

  test.each([
    ['bytes that are not JSON', () => writeFileSync(join(dir, 'vault.json'), '{"version":1,')],
    ['an empty file', () => writeFileSync(join(dir, 'vault.json'), '')],
    ['a missing key', () => rmSync(join(dir, 'vault.key'))],
    ['another key', () => writeFileSync(join(dir, 'vault.key'), `${'ab'.repeat(32)}\n`)],
    ['one changed byte', () => writeFileSync(join(dir, 'vault.json'), flip(readFileSync(join(dir, 'vault.json'), 'utf8')))],
    ['a truncated tag', () => writeFileSync(join(dir, 'vault.json'), readFileSync(join(dir, 'vault.json'), 'utf8').replace(/"tag":"[^"]+"/, '"tag":"AAAA"'))],
  ])('a corrupt vault is refused, never read as empty: %s', async (_name, damage) => {
    const running = open();
    await running.set('token', canary);
    damage();
    utimesSync(join(dir, 'vault.json'), 1, 1);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'vault-corrupt', next: expect.stringContaining('backup') }));
    await expect(running.set('other', 'some-value')).rejects.toMatchObject({ code: 'vault-corrupt' });
  });
});

describe('redactor', () => {
  test('a vault value is known from the start, before its first use', async () => {
    await open().set('token', canary);
    expect(open().redact(`x ${canary} y`)).toBe('x [redacted] y');
  });

  test('leaves everything alone when nothing or only short values are known', () => {
    const { redact, learn } = createRedactor();
    learn('abc');
    learn('   a   ');
    expect(redact('abc a undefined')).toBe('abc a undefined');
  });

  test('a value planted in any text or usual form does not come out', () => {
    const value = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }).filter((text) => text.trim().length >= 8);
    const around = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(value, around, around, (secret, before, after) => {
        const { redact, learn } = createRedactor();
        learn(secret);
        const core = Buffer.from(secret).toString('base64url').slice(0, -1);
        for (const form of [secret, JSON.stringify(secret), JSON.stringify({ deep: JSON.stringify(secret) }), encodeURIComponent(secret.toWellFormed())]) {
          expect(redact(before + form + after)).toContain('[redacted]');
        }
        expect(redact(`${before}${secret}${after}`)).not.toContain(secret);
        expect(redact(`Bearer ${Buffer.from(secret).toString('base64')}`)).not.toContain(core);
        for (const user of ['', 'u', 'us', 'usr']) {
          for (const encoding of ['base64', 'base64url'] as const) {
            expect(redact(Buffer.from(`${user}${secret}${after}`).toString(encoding))).toContain('[redacted]');
          }
        }
      }),
    );
  });

  test('of two values of which one holds the other, neither leaves a rest', () => {
    const { redact, learn } = createRedactor();
    learn('secret');
    learn('secret-and-more');
    expect(redact('secret-and-more secret')).toBe('[redacted] [redacted]');
  });
});

function flip(text: string): string {
  return text.replace(/"data":"(.)/, (_whole, letter: string) => `"data":"${letter === 'A' ? 'B' : 'A'}`);
}

describe('lent without being seen', () => {
  const use = { origins: ['https://api.example.org'], header: 'X-Key', format: 'Key {secret}', env: 'API_KEY' };

  test('for a bound origin as the header, for a command as the variable, across processes', async () => {
    await open().set('api', 'value-of-the-secret', use);
    const other = open();
    expect(await other.list()).toEqual([{ name: 'api', use }]);
    const header = await other.lend('api', 'https://api.example.org');
    expect([header.name, Secret.reveal(header.value)]).toEqual(['X-Key', 'Key value-of-the-secret']);
    const variable = await other.lend('api', processOrigin);
    expect([variable.name, Secret.reveal(variable.value)]).toEqual(['API_KEY', 'value-of-the-secret']);
  });

  test.each([
    'http://api.example.org',
    'https://api.example.org:8443',
    'https://api.example.org.attacker.example',
    'https://attacker.example',
    'https://API.example.org',
    'https://api.example.org/',
    '',
    'null',
  ])('attack: asked for the origin %j, which it is not bound to', async (origin) => {
    const secrets = open();
    await secrets.set('api', 'value-of-the-secret', { ...use });
    await expect(secrets.lend('api', origin)).rejects.toMatchObject({ code: 'tool-denied', rule: 'R23' });
  });

  test('attack: a model key, or one without a variable, is asked for', async () => {
    const secrets = open();
    await secrets.set('model-main', canary);
    await secrets.set('header-only', 'value-of-the-secret', secretUse.parse({ origins: ['https://a.example'] }));
    for (const origin of ['https://api.example.org', processOrigin]) await expect(secrets.lend('model-main', origin)).rejects.toMatchObject({ rule: 'R23' });
    await expect(secrets.lend('header-only', processOrigin)).rejects.toMatchObject({ rule: 'R23' });
    await expect(secrets.lend('nobody', processOrigin)).rejects.toMatchObject({ code: 'secret-missing', rule: 'R23' });
  });

  test('attack: a value that would end the header and begin another', async () => {
    const secrets = open();
    await secrets.set('api', 'value\r\nX-Other: 1', use);
    await expect(secrets.lend('api', 'https://api.example.org')).rejects.toMatchObject({ rule: 'R23' });
  });

  test('basic authentication, and a value with what a replacement would read as a pattern', async () => {
    const secrets = open();
    await secrets.set('basic', "user:pa$$word$&$'", secretUse.parse({ origins: ['https://a.example'], format: 'Basic {base64}' }));
    expect(Secret.reveal((await secrets.lend('basic', 'https://a.example')).value)).toBe(`Basic ${Buffer.from("user:pa$$word$&$'").toString('base64')}`);
    await secrets.set('plain', "user:pa$$word$&$'", secretUse.parse({ origins: ['https://a.example'], format: '{secret}' }));
    expect(Secret.reveal((await secrets.lend('plain', 'https://a.example')).value)).toBe("user:pa$$word$&$'");
  });

  test.each([
    [{ origins: ['http://a.example'] }],
    [{ origins: ['https://a.example/path'] }],
    [{ origins: ['https://user@a.example'] }],
    [{ origins: ['https://*.example'] }],
    [{ header: 'Host' }],
    [{ header: 'X Key' }],
    [{ format: 'nothing' }],
    [{ format: '{secret}\n{secret}' }],
    [{ env: 'PATH' }],
    [{ env: 'LD_PRELOAD' }],
    [{ env: 'NODE_OPTIONS' }],
    [{ env: 'lower' }],
  ])('a use that would do harm or nothing is refused: %j', (wrong) => {
    expect(secretUse.safeParse({ origins: ['https://a.example'], ...wrong }).success).toBe(false);
  });

  test('too short to be kept out of texts: refused for tools', async () => {
    await expect(open().set('pin', '1234', use)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('the wrapper shows nothing, however it is printed', () => {
    const secret = new Secret(canary);
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      inspect({ a: [secret] }),
      Object.keys(secret).join(),
    ];
    expect(shown.join(' ')).not.toContain('canary');
    expect(structuredClone({ ...secret })).toEqual({});
  });
});
