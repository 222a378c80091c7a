// What of an older config.json comes back by itself: nothing that lets somebody in, weakens a rule, or sends a key elsewhere.
import { expect, test } from 'vitest';
import { configToRestore } from './restore-config.ts';

const paths = (older: object, present: object, madeHere = true) => {
  const { free, held } = configToRestore(JSON.stringify(older), `// mine\n${JSON.stringify(present)}`, madeHere);
  const names = (list: readonly { path: readonly (string | number)[] }[]): string[] => list.map(({ path }) => path.join('.')).sort();
  return { free: names(free), held: Object.fromEntries([...held].filter(([, list]) => list.length > 0).map(([item, list]) => [item, names(list)])) };
};

test('what is the same needs no change', () => {
  const config = { version: 1, timezone: 'UTC', rules: [], agents: { main: { name: 'A', knownHosts: ['x.org'] } } };
  expect(paths(config, config)).toEqual({ free: [], held: {} });
});

test.each<[string, object, object]>([
  ['rules', { rules: [] }, { rules: [{ verdict: 'deny' }] }],
  ['sandbox', { sandbox: { dangerouslyOff: true } }, {}],
  ['server', { server: { host: '0.0.0.0' } }, {}],
  ['audit', { audit: { days: 1 } }, {}],
  ['somethingNew', { somethingNew: { dangerouslyOpen: true } }, {}],
  ['agents.main.rules', { agents: { main: {} } }, { agents: { main: { rules: [{ verdict: 'deny' }] } } }],
  ['agents.main.knownHosts', { agents: { main: { knownHosts: ['evil.org'] } } }, { agents: { main: {} } }],
  ['agents.other.sandbox', { agents: { other: { sandbox: { writable: ['/'] } } } }, {}],
])('attack: %s waits to be named', (path, older, present) => {
  expect(paths(older, present).held).toEqual({ rules: [path] });
});

test('attack: who is listened to waits to be named, and so do models of another home', () => {
  const older = {
    channels: { chat: { main: { allow: ['eve'] } } },
    models: { default: 'evil/m' },
    limits: { dayCost: 999 },
    agents: { main: { model: 'evil/m' } },
  };
  expect(paths(older, {})).toEqual({ free: ['agents.main.model', 'limits', 'models'], held: { allowlists: ['channels'] } });
  expect(paths(older, {}, false)).toEqual({ free: [], held: { allowlists: ['channels'], models: ['agents.main.model', 'limits', 'models'] } });
});

test('names, times and languages come back; agents made since stay', () => {
  const older = { timezone: 'Asia/Tokyo', agents: { main: { name: 'Old', stepLimit: 9 } } };
  expect(paths(older, { timezone: 'UTC', language: 'zh', agents: { main: { name: 'New' }, newer: { name: 'N' } } }, false)).toEqual({
    free: ['agents.main.name', 'agents.main.stepLimit', 'language', 'timezone'],
    held: {},
  });
});

test('what cannot be used is thrown', () => {
  expect(() => configToRestore('{', '{}', true)).toThrow('not readable');
  expect(() => configToRestore('{"timezone": 5}', '{}', true)).toThrow();
});
