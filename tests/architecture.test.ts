// The house keeps its rules: who imports whom, who holds which power, how large things grow. Every rule is first shown a planted violation.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  anyComplaints,
  castComplaints,
  cycleComplaints,
  importComplaints,
  powerComplaints,
  revealComplaints,
  sizeComplaints,
  stateComplaints,
} from './architecture/rules.ts';
import { readSource, type Source } from './architecture/source.ts';

const root = join(import.meta.dirname, '..');

function readTree(directory: string): Source[] {
  return readdirSync(join(root, directory), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name) && !entry.name.endsWith('.d.ts') && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => readSource(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8')));
}

const sources = ['src', 'console'].flatMap(readTree).filter(({ path }) => path.startsWith('src/') || path.startsWith('console/src/'));

describe('the project', () => {
  test('has sources to check', () => expect(sources.length).toBeGreaterThan(50));
  test.each([
    ['imports only what its rooms may', importComplaints],
    ['holds each power in one place', powerComplaints],
    ['casts past no door', castComplaints],
    ['has no any', anyComplaints],
    ['keeps no state at module level', stateComplaints],
    ['reveals secrets at the edge alone', revealComplaints],
    ['stays small', sizeComplaints],
    ['has no import cycle', cycleComplaints],
  ])('%s', (_, complaints) => expect(complaints(sources)).toEqual([]));
});

test('docs/rules.md has one heading for each rule code the product can give, and no other', () => {
  const used = new Set<string>();
  for (const { path } of sources.filter((source) => !source.path.endsWith('.test.ts') && !source.path.includes('/testing/')))
    for (const [, code = ''] of readFileSync(join(root, path), 'utf8').matchAll(/['"`](R[1-9]\d?)['"`]/gu)) used.add(code);
  const headings = [...readFileSync(join(root, 'docs/rules.md'), 'utf8').matchAll(/^## (.+)$/gmu)].map(([, heading]) => heading);
  expect(headings).toEqual([...used].sort((one, other) => Number(one.slice(1)) - Number(other.slice(1))));
});

const plant = (path: string, text: string): Source[] => [readSource(path, text)];

describe('imports', () => {
  test.each([
    ['src/core/a.ts', "import '../lib/ids.ts'"],
    ['src/core/a.ts', "import { readFileSync } from 'node:fs'"],
    ['src/lib/a.ts', "import type { Session } from '../core/session.ts'"],
    ['src/tools/a.ts', "import { createMemory } from '../memory/memory.ts'"],
    ['src/tools/a.ts', "import type { Gate } from '../security/gate.ts'"],
    ['src/tools/a.ts', "export { x } from '../models/offline.ts'"],
    ['src/tools/a.ts', "export * from '../models/offline.ts'"],
    ['src/tools/a.ts', "const x = await import('../store/open-store.ts')"],
    ['src/tools/a.ts', "type X = import('../store/open-store.ts').Opened"],
    ['src/agent/a.ts', "import { Gateway } from '../gateway/gateway.ts'"],
    ['src/http/a.ts', "import { loop } from '../agent/loop.ts'"],
    ['src/cli/a.ts', "import { createServer } from '../http/server.ts'"],
    ['src/cli/a.ts', "import { openApp } from '../app.ts'"],
    ['src/gateway/a.ts', "import { openApp } from '../app.ts'"],
    ['src/gateway/a.ts', "import { builtinTools } from '../builtins.ts'"],
    ['src/gateway/a.ts', "import { fakeClock } from '../testing/fake-clock.ts'"],
    ['src/plugin.ts', "export { createIds } from './lib/ids.ts'"],
    ['src/models/a.ts', "import { writeFileAtomic } from '../lib/atomic-file.ts'"],
    ['src/cli/a.ts', "import { createLog } from '../lib/log.ts'"],
    ['src/models/a.ts', "import { x } from './a.test.ts'"],
    ['src/models/a.ts', "import x from '../../package.json' with { type: 'json' }"],
    ['src/http/a.ts', "import { App } from '../../console/src/app.tsx'"],
    ['console/src/a.tsx', "import { route } from '../../src/http/contract.ts'"],
    ['console/src/a.tsx', "import type { Session } from '../../src/core/session.ts'"],
    ['src/unknown-room/a.ts', "import '../core/address.ts'"],
  ])('%s: %s is refused', (path, text) => {
    expect(importComplaints(plant(path, text))).toEqual([expect.stringMatching(new RegExp(`^${path} may not import `, 'u'))]);
  });

  test.each([
    ['src/core/a.ts', "import { z } from 'zod'; import './b.ts'"],
    ['src/tools/a.ts', "import type { Tool } from '../core/tool.ts'; import '../lib/ids.ts'"],
    ['src/cli/a.ts', "import { contract } from '../http/contract.ts'"],
    ['src/security/a.ts', "import { writeFileAtomic } from '../lib/atomic-file.ts'"],
    ['src/app.ts', "const x = await import('./http/server.ts')"],
    ['src/main.ts', "import('./cli-parts.ts')"],
    ['console/src/a.tsx', "import type { Session } from '../../src/http/contract.ts'; import { useState } from 'react'; export const A = () => <p>Don't</p>"],
    ['src/tools/a.test.ts', "import { openStore } from '../store/open-store.ts'"],
  ])('%s: %s is allowed', (path, text) => expect(importComplaints(plant(path, text))).toEqual([]));
});

describe('secrets', () => {
  test.each(['Secret.reveal(x)', 'const { reveal } = Secret', "Secret['reveal'](x)"])('%s is refused outside the doors', (text) => {
    const imported = `import { Secret } from '../core/secret.ts'; ${text}`;
    expect(revealComplaints(plant('src/tools/a.ts', imported))).toEqual(['src/tools/a.ts may not reveal a secret']);
    expect(revealComplaints(plant('src/security/a.ts', imported))).toEqual([]);
  });
});

describe('powers', () => {
  test.each([
    ['src/tools/a.ts', "import { spawn } from 'node:child_process'", 'import node:child_process'],
    ['src/security/gate.ts', "import { spawn } from 'child_process'", 'import child_process'],
    ['src/models/a.ts', "await import('undici')", 'import undici'],
    ['src/security/gate.ts', "import net from 'node:net'", 'import node:net'],
    ['src/lib/a.ts', "import { connect, isIP } from 'node:net'", 'import node:net'],
    ['src/lib/a.ts', "const net = await import('node:net')", 'import node:net'],
    ['src/http/server.ts', "import { createServer } from 'node:http'", 'import node:http'],
    ['src/http/server.ts', "import { serve } from '@hono/node-server'", 'import @hono/node-server'],
    ['src/security/process.ts', "await fetch('https://example.org')", 'use fetch'],
    ['src/tools/a.ts', "await globalThis.fetch('https://example.org')", 'use fetch'],
    ['src/tools/a.ts', "await globalThis['fetch']('https://example.org')", 'use fetch'],
    ['src/tools/a.ts', 'export const get = fetch', 'use fetch'],
    ['src/tools/a.ts', "new WebSocket('wss://example.org')", 'use WebSocket'],
    ['src/tools/a.ts', 'const f = (name: string) => globalThis[name]', 'use globalThis'],
    ['src/tools/a.ts', "import { readFile } from 'node:fs/promises'", 'import node:fs/promises'],
    ['src/app.ts', "import { DatabaseSync } from 'node:sqlite'", 'import node:sqlite'],
    ['src/models/a.ts', 'const key = process.env.KEY', 'use process.env'],
    ['src/models/a.ts', 'const { env } = process', 'use process.?'],
    ['src/models/a.ts', "import { env } from 'node:process'", 'import node:process'],
    ['src/agent/a.ts', "console.log('here')", 'use console'],
    ['src/agent/a.ts', 'const now = Date.now()', 'use Date.now'],
    ['src/agent/a.ts', 'const now = new Date()', 'use Date()'],
    ['src/agent/a.ts', 'setTimeout(() => {}, 5)', 'use setTimeout'],
    ['src/agent/a.ts', 'const t = performance.now()', 'use performance'],
    ['src/agent/a.ts', "import { setTimeout as sleep } from 'node:timers/promises'", 'import node:timers/promises'],
    ['src/agent/a.ts', "eval('1')", 'use eval'],
  ])('%s: %s is refused', (path, text, what) => expect(powerComplaints(plant(path, text))).toEqual([`${path} may not ${what}`]));

  test.each([
    ['src/security/process-run.ts', "import { spawn } from 'node:child_process'"],
    ['src/security/egress-own.ts', 'const get = (url: string) => fetch(url)'],
    ['src/http/listen.ts', "import { serve } from '@hono/node-server'"],
    ['src/http/a.ts', "import type { IncomingMessage } from 'node:http'"],
    ['src/lib/a.ts', "import { BlockList, isIP } from 'node:net'"],
    ['src/models/a.ts', 'export const call = ({ fetch }: { fetch: (url: string) => void }) => fetch("https://example.org")'],
    ['src/models/a.ts', 'type Fetch = typeof fetch; const x = { fetch: 1, process: 2 }; x.fetch'],
    ['src/config/a.ts', 'export const environment = process.env'],
    ['src/security/a.ts', 'if (process.platform === "linux") process.umask(0o077)'],
    ['src/agent/a.ts', 'const day = (at: number) => new Date(at)'],
    ['src/agent/a.ts', '// fetch(url), Date.now()\nconst text = "console.log, process.env"'],
    ['src/lib/clock.ts', 'setTimeout(() => Date.now(), 1)'],
    ['src/testing/a.ts', "import { createServer } from 'node:http'; setTimeout(() => fetch('x'), 1)"],
  ])('%s: %s is allowed', (path, text) => expect(powerComplaints(plant(path, text))).toEqual([]));
});

describe('casts', () => {
  test.each([
    'const c = x as Caller',
    'const c = { ...x } as Admitted & { y: 1 }',
    'const c = x as readonly JudgedPlan[]',
    'const c = <JudgedPlan>x',
    "import type { Caller as C } from '../core/brand.ts'; const c = x as C",
    'const c = x as unknown as string',
    'const c = x as never',
    'const isCaller = (x: object): x is Caller => true',
  ])('%s is refused', (text) => expect(castComplaints(plant('src/http/a.ts', text))).toHaveLength(1));

  test('the doors and tests may, and unknown inside a type is no cast to it', () => {
    expect(castComplaints(plant('src/security/gate.ts', 'const c = x as JudgedPlan'))).toEqual([]);
    expect(castComplaints(plant('src/http/a.test.ts', 'const c = x as Caller'))).toEqual([]);
    expect(castComplaints(plant('src/http/a.ts', 'const c = x as Record<string, unknown>; function f(c: Caller) {}'))).toEqual([]);
  });
});

test('any is found, in types only', () => {
  expect(anyComplaints(plant('src/http/a.ts', 'const any = 1; // any'))).toEqual([]);
  expect(anyComplaints(plant('src/http/a.ts', 'const f = (x: Record<string, any>) => x'))).toEqual(['src/http/a.ts may not use the type any']);
});

test('module-level variables are found', () => {
  expect(stateComplaints(plant('src/http/a.ts', 'export let count = 0; const f = () => { let inner = 1; return inner }'))).toEqual([
    'src/http/a.ts may not keep count at module level',
  ]);
});

test('files, the trusted base and the median that grew too large are found', () => {
  const long = (path: string, lines: number): Source => readSource(path, '//\n'.repeat(lines));
  const small = [long('src/core/a.ts', 10), long('src/core/b.ts', 10), long('src/core/c.ts', 10)];
  expect(sizeComplaints([...small, long('src/http/a.ts', 400), long('src/http/a.test.ts', 4_000)])).toEqual([]);
  expect(sizeComplaints([...small, long('src/http/a.ts', 401)])).toEqual(['src/http/a.ts has 401 lines; the wall is 400']);
  const doors = Array.from({ length: 10 }, (_, index) => long(`src/security/door-${index}.ts`, 200));
  expect(sizeComplaints([...doors, ...small, ...small, ...small, ...small])).toEqual(['src/security has 2000 lines; an auditor reads fewer than 2000']);
  expect(sizeComplaints([long('src/http/a.ts', 120), long('src/http/b.ts', 130), long('src/http/c.ts', 5)])).toEqual([
    'the median file has 120 lines; it stays under 120',
  ]);
});

describe('cycles', () => {
  const cycle = (room: string, kind: string): Source[] => [
    readSource(`src/${room}/a.ts`, "import { b } from './b.ts'"),
    readSource(`src/${room}/b.ts`, "export * from './c.ts'"),
    readSource(`src/${room}/c.ts`, kind),
  ];
  test('a runtime cycle is found anywhere', () => {
    expect(cycleComplaints(cycle('core', "import { a } from './a.ts'"))).toEqual(['import cycle: src/core/a.ts ↔ src/core/b.ts ↔ src/core/c.ts']);
    expect(cycleComplaints(cycle('http', "await import('./a.ts')"))).toHaveLength(1);
  });
  test('a cycle closed by a type is found outside core only', () => {
    expect(cycleComplaints(cycle('core', "import type { A } from './a.ts'"))).toEqual([]);
    expect(cycleComplaints(cycle('http', "import type { A } from './a.ts'"))).toHaveLength(1);
    expect(cycleComplaints(cycle('http', "import { z } from 'zod'"))).toEqual([]);
  });
});
