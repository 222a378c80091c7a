// What a conversation can see agrees with what the gate would say, whoever speaks and whatever the rules are.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../security/judge.ts';
import { plan } from '../testing/store-rows.ts';
import { type Address, origins } from './address.ts';
import { configSchema } from './config.ts';
import { sightOf } from './sight.ts';
import type { Effect } from './tool.ts';

const { place } = plan('p');
const configWith = (rules: readonly object[]) => configSchema.parse({ version: 1, rules });
const seen = (origin: (typeof origins)[number], rules: readonly object[] = [], address: Address = place.address) =>
  sightOf(configWith(rules), { ...place, address, origin });
const group = { channel: 'fake', account: 'main', chat: 'g1' } as const;
const guest = { ...group, peer: 'ana' } as const;

describe('by the table', () => {
  test.each([
    ['operator', { memory: 'allow', files: 'allow', commands: 'allow', why: 'operator' }],
    ['direct', { memory: 'allow', files: 'allow', commands: 'allow', why: 'direct' }],
    ['group', { memory: 'deny', files: 'own', commands: 'ask', why: 'group' }],
    ['unattended', { memory: 'allow', files: 'allow', commands: 'deny', why: 'unattended' }],
  ] as const)('%s', (origin, sight) => expect(seen(origin)).toEqual(sight));
});

test('what comes by itself sees no more than whoever reads the answer', () => {
  expect(seen('unattended', [], group)).toEqual({ memory: 'deny', files: 'own', commands: 'deny', why: 'group' });
  expect(seen('unattended', [], guest)).toMatchObject({ memory: 'allow', files: 'allow' });
  const rules = [{ effect: 'memory-read', verdict: 'deny', origin: 'direct' }];
  expect(seen('unattended', rules, guest)).toMatchObject({ memory: 'deny', why: { rule: 'rules.0' } });
  expect(seen('unattended', rules)).toMatchObject({ memory: 'allow' });
});

describe('by rules', () => {
  test('a rule takes memory away and is named; one of another channel or origin does not', () => {
    const rules = [
      { effect: 'memory-read', verdict: 'deny', channel: 'elsewhere' },
      { effect: 'memory-read', verdict: 'ask', origin: 'direct' },
      { effect: 'memory-read', verdict: 'deny', origin: 'direct' },
    ];
    expect(seen('direct', rules)).toMatchObject({ memory: 'deny', files: 'allow', why: { rule: 'rules.2' } });
    expect(seen('operator', rules)).toMatchObject({ memory: 'allow', why: 'operator' });
  });

  test('a rule that CoPaw does not know takes everything, as it does at the gate', () => {
    expect(seen('operator', [{ effect: 'no-such-effect', verdict: 'ask' }])).toMatchObject({
      memory: 'deny',
      files: 'deny',
      commands: 'deny',
      why: { rule: 'rules.0' },
    });
  });
});

test('it says what the gate says', () => {
  const effects: Record<'memory' | 'files' | 'commands', readonly [string, Effect]> = {
    memory: ['memory_search', { kind: 'memory', access: 'read' }],
    files: ['read_file', { kind: 'read', path: 'a.md' }],
    commands: ['run_command', { kind: 'run', command: 'ls', cwd: '.', network: false, sandboxed: true }],
  };
  const rule = fc.record(
    {
      verdict: fc.constantFrom('allow', 'ask', 'deny'),
      effect: fc.constantFrom('memory-read', 'read', 'run', 'write', 'unknown-one'),
      tool: fc.constantFrom('memory_search', 'read_file'),
      origin: fc.constantFrom(...origins),
      channel: fc.constantFrom(place.address.channel, 'elsewhere'),
    },
    { requiredKeys: ['verdict'] },
  );
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), fc.constantFrom(...origins), fc.constantFrom(place.address, group, guest), (rules, origin, address) => {
      const sight = seen(origin, rules, address);
      for (const [what, [name, effect]] of Object.entries(effects)) {
        const tool = { name, sideEffect: 'none' } as const;
        const request = {
          tool,
          args: {},
          effects: [effect],
          place: { ...place, address, sandbox: true },
          origin,
          sender: { id: 'x' },
          tainted: false,
          seenUrl: () => false,
        };
        const said = sight[what as keyof typeof effects];
        expect(said === 'own' ? 'deny' : said, `${what} of ${origin}`).toBe(judge(request, configWith(rules), []).verdict);
      }
    }),
  );
});
