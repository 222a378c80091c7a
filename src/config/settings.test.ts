// The settings changed whole: comments and unknown keys stay, nobody's change is lost, no secret is shown or written, and there is a way back.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConfigChange } from '../core/config.ts';
import type { SettingsAdmin } from '../core/settings.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { changedKeys } from './changed-keys.ts';
import { type ConfigFile, openConfig } from './config-file.ts';
import { createSettingsAdmin } from './settings.ts';

const first = '// mine\n{\n  "timezone": "Asia/Shanghai", // home\n  "mine": 1,\n  "server": { "port": 9000 }\n}\n';
let folder: TempFolder;
let path: string;
let file: ConfigFile;
let recorded: (readonly string[])[];
let admin: SettingsAdmin;
beforeEach(() => {
  folder = tempFolder();
  path = join(folder.path, 'config.json');
  writeFileSync(path, first);
  file = openConfig(folder.path, { onWarning: () => undefined });
  recorded = [];
  admin = createSettingsAdmin({
    file,
    redact: (text) => text.replaceAll('key-12345', '[redacted]'),
    replace(changes, text, hash) {
      recorded.push(changes.map((change) => change.path.join('.')));
      return file.replace(text, hash);
    },
  });
});
afterEach(() => folder.remove());

const text = (): string => readFileSync(path, 'utf8');
const checked = (changes: readonly ConfigChange[], of = first) => admin.check({ text: of, changes });

test('a form changes single keys: comments and unknown keys stay, the difference is told, and what waits for a restart', async () => {
  const found = await checked([
    { path: ['timezone'], value: 'UTC' },
    { path: ['server', 'port'], value: undefined },
    { path: ['server', 'hosts'], value: ['copaw.lan'] },
  ]);
  expect(text()).toBe(first);
  expect(found.text).toContain('// mine\n');
  expect(found.text).toContain('"timezone": "UTC", // home');
  expect(found).toMatchObject({ faults: [], warnings: [{ line: 4, key: 'mine' }], value: { mine: 1, server: { hosts: ['copaw.lan'] } } });
  expect(found.diff).toContain('-  "timezone": "Asia/Shanghai", // home\n');
  expect(found.diff).toContain('+  "timezone": "UTC", // home\n   "mine": 1,\n');
  expect(found.changed).toEqual([
    { key: 'timezone', restart: false },
    { key: 'server.port', restart: true },
    { key: 'server.hosts', restart: false },
  ]);
});

test('what is wrong with a text is told by line and key', async () => {
  expect(await checked([{ path: ['server', 'port'], value: 'many' }])).toMatchObject({ faults: [{ line: 5, key: 'server.port' }] });
  expect(await checked([{ path: ['timezone'], value: 'Mars/Olympus' }])).toMatchObject({ faults: [{ line: 3, key: 'timezone' }] });
  expect(await checked([{ path: ['models', 'providers', 'My One'], value: { kind: 'openai' } }])).toMatchObject({
    faults: [{ key: 'models.providers.My One', text: expect.stringContaining('small letters') }],
  });
  const broken = await checked([], '{\n  "timezone": \n}');
  expect(broken).toMatchObject({ faults: [{ line: 3, key: '' }], changed: [] });
  expect(broken).not.toHaveProperty('value', expect.anything());
  await expect(checked([{ path: ['timezone'], value: 'UTC' }], '{')).rejects.toMatchObject({ code: 'invalid' });
});

test('a save needs the hash of what is there, and can be taken back and forward', async () => {
  const { hash, undoable } = await admin.read();
  expect(undoable).toBe(false);
  const next = first.replace('Shanghai', 'Tokyo');
  const saved = await admin.save({ text: next, hash });
  expect([text(), saved.text, saved.undoable]).toEqual([next, next, true]);
  expect(file.current().timezone).toBe('Asia/Tokyo');
  await expect(admin.save({ text: first, hash })).rejects.toMatchObject({ code: 'conflict' });
  await expect(admin.save({ text: '{ "timezone": 5 }', hash: saved.hash })).rejects.toMatchObject({ code: 'config-invalid' });
  expect(text()).toBe(next);
  const back = await admin.undo(saved.hash);
  expect(text()).toBe(first);
  expect((await admin.undo(back.hash)).text).toBe(next);
  expect(recorded.slice(0, 1)).toEqual([['timezone']]);
});

test('single changes can be taken back too; what somebody else wrote since is not lost by that', async () => {
  await file.write([{ path: ['language'], value: 'zh' }]);
  await expect(admin.undo('0'.repeat(64))).rejects.toMatchObject({ code: 'conflict' });
  const made = text();
  writeFileSync(path, '{ "timezone": "UTC" }');
  const { hash, undoable } = await admin.read();
  expect(undoable).toBe(false);
  await expect(admin.undo(hash)).rejects.toMatchObject({ code: 'not-found' });
  writeFileSync(path, made);
  expect((await admin.undo((await admin.read()).hash)).text).toBe(first);
});

test('a broken file is shown and can be corrected', async () => {
  writeFileSync(path, '{ "timezone": ');
  const page = await admin.read();
  expect(page.text).toBe('{ "timezone": ');
  await admin.save({ text: '{ "timezone": "UTC" }', hash: page.hash });
  expect(file.current().timezone).toBe('UTC');
  expect((await admin.read()).undoable).toBe(false);
});

test('the value of a secret is not shown, and neither it nor what stands in for it is written', async () => {
  const held = '{ "models": { "providers": { "p": { "kind": "openai", "headers": { "x": "key-12345" } } } } }';
  writeFileSync(path, held);
  const page = await admin.read();
  expect(page).toMatchObject({ fixed: 'secret', text: held.replace('key-12345', '[redacted]') });
  await expect(admin.save({ text: '{ "timezone": "key-12345" }', hash: page.hash })).rejects.toMatchObject({ code: 'invalid', rule: 'R23' });
  await expect(admin.save({ text: page.text, hash: page.hash })).rejects.toMatchObject({ code: 'invalid', rule: 'R23' });
  expect((await checked([], '{}')).diff).not.toContain('key-12345');
  expect(text()).toBe(held);
});

test('each key that waits for the next start says so in the schema, and no other', async () => {
  const waiting: string[] = [];
  const walk = (node: unknown, at: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('restart' in node) waiting.push(at);
    if ('properties' in node) for (const [key, below] of Object.entries(node.properties as object)) walk(below, at === '' ? key : `${at}.${key}`);
  };
  walk(await admin.schema(), '');
  expect(waiting).toEqual(['server.host', 'server.port', 'sandbox.dangerouslyOff', 'sandbox.memoryMb', 'sandbox.processes']);
});

test('whatever two values are, their changes make the one the other', () => {
  const value = fc.letrec<{ value: unknown; keys: unknown }>((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.array(fc.integer(), { maxLength: 2 }), tie('keys')),
    keys: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { noNullPrototype: true }),
  })).keys as fc.Arbitrary<Record<string, unknown>>;
  fc.assert(
    fc.property(value, value, (before, after) => {
      const changes = changedKeys(before, after);
      for (const { path } of changes) expect(at(before, path)).not.toEqual(at(after, path));
      expect(changes.length === 0).toBe(JSON.stringify(sorted(before)) === JSON.stringify(sorted(after)));
    }),
  );
});

function at(value: unknown, path: ConfigChange['path']): unknown {
  return path.reduce<unknown>((held, key) => (typeof held === 'object' && held !== null ? (held as Record<string, unknown>)[key] : undefined), value);
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, held]) => [key, sorted(held)]),
  );
}
