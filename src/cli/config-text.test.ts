// config.json as a text on the command line: shown, checked, replaced where it still is the one that was meant, and taken back.
import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { SettingsAdmin, SettingsCheck, SettingsPage } from '../core/settings.ts';
import { check, replace, schema, show, undo } from './config-text.ts';
import type { Context } from './context.ts';

const page: SettingsPage = { path: '/home/config.json', text: '{} // \u001b[2J', hash: 'aa', undoable: false, fixed: 'secret' };

function setUp(found: Partial<SettingsCheck> = {}, stdin = '{ "a": 1 }') {
  const calls: unknown[] = [];
  const admin: SettingsAdmin = {
    schema: async () => ({ type: 'object' }),
    read: async () => page,
    async check(draft) {
      calls.push(['check', draft]);
      return { text: draft.text, faults: [], warnings: [], changed: [], diff: '+ a\n', ...found };
    },
    async save(draft) {
      calls.push(['save', draft]);
      if (draft.hash !== 'aa') throw new CoPawError('conflict', 'Changed meanwhile.');
      return page;
    },
    async undo(hash) {
      calls.push(['undo', hash]);
      return page;
    },
  };
  const printed = { out: '', error: '' };
  const context = {
    parts: { homePath: () => '/home', homeState: () => 'ours', accepted: () => true, settings: async () => admin },
    terminal: {
      readAll: async () => stdin,
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
    },
  } as unknown as Context;
  return { context, calls, printed };
}

test('the text is shown with nothing hidden in it, and its hash for programs', async () => {
  const { context, printed } = setUp();
  expect(await show(context, {})).toBe(0);
  expect(printed.out).not.toContain('\u001b');
  expect(printed.error).toContain('secret');
  const json = setUp();
  await show(json.context, { json: true });
  expect(JSON.parse(json.printed.out)).toEqual(page);
  await schema(json.context, { json: true });
  expect(json.printed.out).toContain('{"type":"object"}');
});

test('a check says what is wrong and what waits, and its exit code tells a script', async () => {
  const fine = setUp({ changed: [{ key: 'server.port', restart: true }] });
  expect(await check(fine.context, {})).toBe(0);
  expect(fine.printed).toMatchObject({ out: '+ a\n', error: 'From the next start on: server.port\n' });
  const wrong = setUp({ faults: [{ line: 2, key: 'server.port', text: 'No.' }], warnings: [{ line: 3, key: 'x', text: 'Unknown.' }], diff: '' });
  expect(await check(wrong.context, {})).toBe(1);
  expect(wrong.printed.error).toBe('line 2: server.port: No.\nwarning: line 3: Unknown.\nNothing changes.\n');
  expect(wrong.calls).toEqual([['check', { text: '{ "a": 1 }', changes: [] }]]);
});

test('a text is put in the place of the one that is there, or of the one with a hash', async () => {
  const { context, calls, printed } = setUp();
  expect(await replace(context, { json: true })).toBe(0);
  expect(calls.at(-1)).toEqual(['save', { text: '{ "a": 1 }', hash: 'aa' }]);
  expect(JSON.parse(printed.out)).toEqual({ path: '/home/config.json', hash: 'aa', undoable: false, fixed: 'secret', changed: [] });
  await expect(replace(context, { hash: 'bb' })).rejects.toMatchObject({ code: 'conflict' });
  const empty = setUp({}, ' \n');
  await expect(replace(empty.context, {})).rejects.toMatchObject({ code: 'usage' });
  expect(empty.calls).toEqual([]);
});

test('the way back names what is there', async () => {
  const { context, calls } = setUp();
  expect(await undo(context, {})).toBe(0);
  expect(calls).toEqual([['undo', 'aa']]);
});
