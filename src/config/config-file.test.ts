// config.json is never replaced, never half written, and what is in force is always the last valid version.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CoPawError } from '../core/error.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { openConfig } from './config-file.ts';

let folder: TempFolder;
let path: string;
let lastGood: string;
beforeEach(() => {
  folder = tempFolder();
  path = join(folder.path, 'config.json');
  lastGood = join(folder.path, 'backups', 'config-last-good.json');
  writeFileSync(path, '// mine\n{\n  "timezone": "Asia/Shanghai", // home\n  "models": {}\n}\n');
});
afterEach(() => folder.remove());

const open = (warnings: unknown[] = []) => openConfig(folder.path, { onWarning: (warning) => warnings.push(warning) });
const thrown = (work: () => unknown): CoPawError => {
  try {
    work();
  } catch (error) {
    if (error instanceof CoPawError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('reading', () => {
  test('fills in safe defaults', () => {
    expect(open().current()).toMatchObject({ timezone: 'Asia/Shanghai', server: { host: '127.0.0.1', port: 8088 }, sandbox: { mode: 'auto' } });
  });

  test('a text that is no JSON is refused with file, line and the way back, and stays as it is', () => {
    open();
    const broken = '{\n  "timezone": "UTC",\n  "models": {\n';
    writeFileSync(path, broken);
    const error = thrown(open);
    expect(error).toMatchObject({ code: 'config-corrupt', rule: 'R29', next: expect.stringContaining(`cp ${lastGood} ${path}`) });
    expect(error.message).toContain(`${path}:4:`);
    expect(readFileSync(path, 'utf8')).toBe(broken);
    expect(readFileSync(lastGood, 'utf8')).toContain('Asia/Shanghai');
  });

  test('cut off anywhere it is refused, or says the same, and stays as it is', () => {
    const whole = readFileSync(path, 'utf8');
    const config = open().current();
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole.slice(0, length));
      let found: unknown;
      try {
        found = open().current();
      } catch (error) {
        expect(error).toMatchObject({ code: 'config-corrupt', next: expect.stringContaining(`cp ${lastGood} ${path}`) });
        found = config;
      }
      expect(found).toEqual(config);
      expect(readFileSync(path, 'utf8')).toBe(whole.slice(0, length));
      expect(readFileSync(lastGood, 'utf8').trimEnd()).toBe(whole.trimEnd());
    }
  });

  test('a missing file is not read as "no configuration yet"', () => {
    rmSync(path);
    expect(thrown(open)).toMatchObject({ code: 'config-corrupt', message: expect.stringContaining('missing') });
  });

  test('a wrong value is refused with its line and key', () => {
    writeFileSync(path, '{\n  "server": {\n    "port": "many"\n  },\n  "language": "fr"\n}\n');
    const error = thrown(open);
    expect(error.code).toBe('config-invalid');
    expect(error.message).toContain(`${path}:3: server.port:`);
    expect(error.message).toContain(`${path}:5: language:`);
  });

  test('unknown keys are named once, kept, and not taken for a value', async () => {
    writeFileSync(path, '{ "sandbox": { "mod": "required" }, "agents": { "main": { "rules": [{ "verdict": "ask", "tol": "x" }] } } }');
    const warnings: unknown[] = [];
    const config = open(warnings);
    await config.write([{ path: ['language'], value: 'zh' }]);
    expect(warnings.map(String)).toEqual([expect.stringContaining('"sandbox.mod"'), expect.stringContaining('"agents.main.rules.0.tol"')]);
    expect(config.text()).toContain('"mod": "required"');
    expect(config.current().sandbox.mode).toBe('auto');
    expect(config.validate()).toHaveLength(2);
  });

  test('a route to an agent that is not there is named', () => {
    writeFileSync(path, '{\n  "routes": [\n    { "agent": "main" },\n    { "agent": "family" }\n  ]\n}');
    const warnings: unknown[] = [];
    open(warnings);
    expect(warnings.map(String)).toEqual([expect.stringMatching(/:4: There is no agent "family"/u)]);
  });

  test('a byte order mark is no fault', () => {
    writeFileSync(path, '\uFEFF{ "timezone": "Europe/Paris" }');
    expect(open().current().timezone).toBe('Europe/Paris');
  });
});

describe('writing', () => {
  test('keeps comments, closes the file to others, and keeps the version as last good', async () => {
    const config = open();
    const after = await config.write([
      { path: ['models', 'default'], value: 'local/small' },
      { path: ['timezone'], value: undefined },
    ]);
    expect(after).toMatchObject({ timezone: 'UTC', models: { default: 'local/small' } });
    expect(config.current()).toBe(after);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain('// home');
    expect(readFileSync(lastGood, 'utf8')).toBe(text);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a time zone that nobody knows is refused, since no turn could begin with it', async () => {
    const change = { path: ['timezone'], value: 'Mars/Olympus' };
    await expect(open().write([change])).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringContaining('Europe/Berlin') });
  });

  test('all changes or none', async () => {
    const config = open();
    const before = config.text();
    const changes = [
      { path: ['timezone'], value: 'UTC' },
      { path: ['server', 'port'], value: 70_000 },
    ];
    await expect(config.write(changes)).rejects.toMatchObject({ code: 'config-invalid', next: expect.stringContaining('Nothing was written') });
    expect(config.text()).toBe(before);
    expect(config.current().timezone).toBe('Asia/Shanghai');
  });

  test('builds on what a person changed in the file meanwhile', async () => {
    const config = open();
    writeFileSync(path, '{ "timezone": "Europe/Rome" }');
    expect(await config.write([{ path: ['language'], value: 'zh' }])).toMatchObject({ timezone: 'Europe/Rome', language: 'zh' });
  });

  test('never writes over a file that a person left broken', async () => {
    const config = open();
    writeFileSync(path, '{ "timezone": ');
    await expect(config.write([{ path: ['language'], value: 'zh' }])).rejects.toMatchObject({ code: 'config-corrupt' });
    expect(config.text()).toBe('{ "timezone": ');
    expect(config.current().timezone).toBe('Asia/Shanghai');
  });
});

test('watching takes over a valid version, and reports an invalid one without using it', async () => {
  const clock = createFakeClock();
  const warnings: unknown[] = [];
  const config = openConfig(folder.path, { onWarning: (warning) => warnings.push(warning), clock });
  const onChange = vi.fn();
  const watcher = config.watch(onChange);
  try {
    writeFileSync(path, '{ "timezone": "Europe/Rome" }');
    await vi.waitFor(() => expect(clock.waiting).toBe(1));
    await clock.advance(1_000);
    expect(config.current().timezone).toBe('Europe/Rome');
    expect(onChange).toHaveBeenCalledOnce();

    writeFileSync(path, '{ "timezone": 5 }');
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(warnings).toHaveLength(1);
    });
    expect(warnings[0]).toMatchObject({ code: 'config-invalid' });
    expect(config.current().timezone).toBe('Europe/Rome');
    expect(onChange).toHaveBeenCalledOnce();
  } finally {
    watcher.close();
  }
});
