// Secrets through the hands: only what the judged plan lists, for that origin, and never to a place where it is seen.
import { expect, test } from 'vitest';
import type { JudgedPlan } from '../core/brand.ts';
import type { FetchOptions } from '../core/egress.ts';
import type { ProcessPlan } from '../core/process.ts';
import { processOrigin, Secret } from '../core/secret.ts';
import type { Effect } from '../core/tool.ts';
import { plan } from '../testing/store-rows.ts';
import { createHands } from './hands.ts';

const missing = (): never => {
  throw new Error('not in this test');
};

function setUp(effects: readonly Effect[]) {
  const fetched: FetchOptions[] = [];
  const ran: { plan: ProcessPlan; live: boolean }[] = [];
  const lent: string[] = [];
  const hands = createHands({
    folders: () => ({ readOnly: [], writable: [] }),
    lend: async (name, origin) => {
      lent.push(`${name} ${origin}`);
      return { name: 'X_KEY', value: new Secret('canary') };
    },
    files: () => ({ read: missing, readText: missing, write: missing, list: missing, stamps: missing, stat: missing, trash: missing }),
    workspace: () => '/w',
    process: {
      run: async (asked, _signal, onOutput) => {
        ran.push({ plan: asked, live: onOutput !== undefined });
        return { id: 'c', running: false, output: '', truncated: false };
      },
      start: missing,
      poll: missing,
      kill: missing,
      stopAll: missing,
    },
    egress: {
      fetch: async (url, _purpose, options = {}) => {
        fetched.push(options);
        return { status: 200, url, mediaType: 'text/plain', body: new Uint8Array() };
      },
    },
    hash: () => undefined,
    memory: { digest: missing, search: missing, read: missing, write: missing, forget: missing },
    sessions: missing,
    startedBy: new Map(),
    remind: missing,
    log: () => ({ search: missing, read: missing }),
  });
  const judged = { ...plan('p'), effects, executables: [] } as unknown as JudgedPlan;
  return { ...hands(judged, { signal: new AbortController().signal, progress: () => undefined }), fetched, ran, lent };
}

const net = (url: string): Effect => ({ kind: 'net', url, method: 'GET' });
const secret = (ref: string, origin: string): Effect => ({ kind: 'secret', ref, origin });
const run: Effect = { kind: 'run', command: 'true', cwd: '', network: false, sandboxed: true };
const command = { command: 'true', cwd: '', timeoutMs: 1, background: false };

test('a listed secret goes to the door as it is, wrapped', async () => {
  const hands = setUp([net('https://a.example/x'), secret('api', 'https://a.example'), run, secret('api', processOrigin)]);
  await hands.fetch('https://a.example/x', 'api');
  await hands.shell.run({ ...command, secrets: ['api'] }, () => undefined);
  expect(hands.lent).toEqual(['api https://a.example', 'api process']);
  expect(JSON.stringify([hands.fetched, hands.ran])).not.toContain('canary');
  expect(Secret.reveal(hands.fetched[0]?.secret?.value ?? new Secret(''))).toBe('canary');
  expect(Object.keys(hands.ran[0]?.plan.secrets ?? {})).toEqual(['X_KEY']);
  // No live output: a value could come in two pieces.
  expect(hands.ran[0]?.live).toBe(false);
  await hands.shell.run(command, () => undefined);
  expect(hands.ran[1]).toMatchObject({ live: true });
  expect(hands.ran[1]?.plan.secrets).toBeUndefined();
});

test.each<[string, readonly Effect[]]>([
  ['a secret the plan does not list', [net('https://a.example/x'), run]],
  ['another secret', [net('https://a.example/x'), secret('other', 'https://a.example'), run, secret('other', processOrigin)]],
  ['the secret for another origin', [net('https://a.example/x'), secret('api', 'https://b.example'), run, secret('api', 'https://a.example.attacker')]],
])('attack: a tool reaches for %s', async (_what, effects) => {
  const hands = setUp(effects);
  await expect(hands.fetch('https://a.example/x', 'api')).rejects.toMatchObject({ code: 'tool-denied', rule: 'R14' });
  await expect(hands.shell.run({ ...command, secrets: ['api'] })).rejects.toMatchObject({ code: 'tool-denied', rule: 'R14' });
  expect([hands.lent, hands.fetched, hands.ran]).toEqual([[], [], []]);
});

test('attack: the secret of a listed origin is sent along with an address that is not listed', async () => {
  const hands = setUp([net('https://a.example/x'), secret('api', 'https://a.example')]);
  await expect(hands.fetch('https://a.example/y', 'api')).rejects.toMatchObject({ rule: 'R14' });
  expect(hands.fetched).toEqual([]);
});
