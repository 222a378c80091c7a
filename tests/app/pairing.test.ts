// `copaw pairing` as a person runs it: the real command line, with and without a running server.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pairing } from '../../src/core/people.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createAudit } from '../../src/security/audit.ts';
import { createKeyFiles } from '../../src/store/key-file.ts';
import { type CommandHome, openCommandHome } from './command-line.ts';

const minute = 60_000;
let here: CommandHome;
beforeEach(async () => {
  here = openCommandHome({ channels: { fake: { main: { enabled: true, allow: ['ana'] } } } });
  const now = Date.now();
  const waiting = (sender: string, code: string, more: Partial<Pairing> = {}): Pairing => ({
    ...{ channel: 'fake', account: 'main', sender, code, state: 'pending', createdAt: now, expiresAt: now + 60 * minute, answeredAt: now },
    ...more,
  });
  await here.inStore(async ({ senders }) => {
    await senders.putPairing(waiting('ben\u001b[2J\nolga', 'AAAABBBB'));
    await senders.putPairing(waiting('olga', 'CCCCDDDD'));
    await senders.putPairing(waiting('eve', 'EEEEFFFF'));
    await senders.putPairing(waiting('late', 'GGGGHHHH', { expiresAt: now - 1 }));
  });
});
afterEach(() => here.close());

const json = async (...words: string[]) => {
  const { code, stdout } = await here.run('pairing', ...words, '--json');
  return { code, answer: JSON.parse(stdout) };
};

async function wholeLife(by: string): Promise<void> {
  const listed = await json('list');
  expect(listed.answer.pairings.map(({ code }: Pairing) => code)).toEqual(['AAAABBBB', 'CCCCDDDD', 'EEEEFFFF']);
  expect(listed.answer.accounts).toMatchObject([{ channel: 'fake', account: 'main', allow: ['ana'] }]);
  expect(await json('approve', 'gggg-hhhh')).toMatchObject({ code: 1, answer: { error: { code: 'not-found', rule: 'R9' } } });
  expect(await json('approve', 'aaaa-bbbb')).toMatchObject({ code: 0, answer: { operator: false } });
  expect(await json('approve', 'CCCCDDDD', '--operator')).toMatchObject({ code: 0, answer: { pairing: { sender: 'olga' }, operator: true } });
  expect(await json('deny', 'EEEE FFFF')).toMatchObject({ code: 0 });
  expect(await json('deny', 'EEEEFFFF')).toMatchObject({ code: 1 });
  expect((await json('list')).answer.pairings).toEqual([]);
  const config = JSON.parse(readFileSync(join(here.home, 'config.json'), 'utf8'));
  expect(config.channels.fake.main).toEqual({ enabled: true, allow: ['ana', 'ben\u001b[2J\nolga'], operators: ['olga'] });
  const kinds = (records: readonly { readonly kind: string; readonly detail: object }[]) =>
    records
      .filter(({ kind }) => /^(?:pairing|config)-/.test(kind))
      .map(({ kind, detail }) => `${kind} ${'by' in detail ? detail.by : 'actor' in detail ? detail.actor : ''}`);
  expect(await here.inStore(async (store) => kinds(await store.audit.after(0, 100)))).toEqual([
    ...['pairing-approve', 'config-change', 'pairing-approve', 'config-change', 'pairing-deny'].map((kind) => `${kind} ${by}`),
  ]);
  await here.inStore(async (store) => {
    const audit = createAudit({
      store: store.audit,
      keys: createKeyFiles(`${here.home}.secret`),
      clock: systemClock,
      redact: (text) => text,
      keep: () => ({ days: 365, megabytes: 64 }),
    });
    expect(await audit.verify()).toMatchObject({ ok: true });
  });
}

test('without a server', async () => {
  await wholeLife('cli');
}, 90_000);

test('beside a running server, which alone writes', async () => {
  const server = await here.start();
  await wholeLife('cli:run');
  await server.end('SIGTERM');
}, 90_000);

test('attack: an id that would draw on the terminal is shown escaped on one line', async () => {
  const { stdout } = await here.run('pairing', 'list');
  expect(stdout.split('\n')).toHaveLength(4);
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toContain('AAAA-BBBB  ben');
});
