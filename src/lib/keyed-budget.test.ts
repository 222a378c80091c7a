import { expect, test } from 'vitest';
import { createKeyedBudget } from './keyed-budget.ts';
import { newPairingCode, readPairingCode, showPairingCode } from './pairing-code.ts';
import { createChoiceSigner } from './signed-choice.ts';

test('each key has its own bound; the first one over it is told apart; a new span begins with the next call after the old one', () => {
  const clock = { at: 0, now: () => clock.at };
  const budget = createKeyedBudget(clock, { withinMs: 1_000, mostKeys: 10 });
  expect(['a', 'a', 'a', 'a', 'b'].map((key) => budget(key, 2))).toEqual(['within', 'within', 'first-over', 'over', 'within']);
  clock.at = 999;
  expect(budget('a', 2)).toBe('over');
  clock.at = 1_000;
  expect(budget('a', 2)).toBe('within');
  clock.at = 10; // the clock was set back
  expect(budget('a', 2)).toBe('within');
});

test('attack: many keys push out what was quiet longest, not who is being counted', () => {
  const budget = createKeyedBudget({ now: () => 0 }, { withinMs: 1_000, mostKeys: 5 });
  const loud: string[] = [];
  for (let key = 0; key < 100; key++) {
    budget(`other ${key}`, 1);
    loud.push(budget('loud', 3));
  }
  expect(loud.filter((answer) => answer === 'within')).toHaveLength(3);
});

test('pairing codes have no letters that look alike, and are read as people write them', () => {
  const codes = new Set(Array.from({ length: 500 }, () => newPairingCode()));
  expect(codes.size).toBe(500);
  for (const code of codes) expect(code).toMatch(/^[A-HJKMNP-Z]{8}$/);
  for (const written of ['abcd-efgh', ' ABCD EFGH ', 'aBcDeFgH', showPairingCode('ABCDEFGH')]) expect(readPairingCode(written)).toBe('ABCDEFGH');
});

test('attack: a button of another person, chat, decision or process does not count', () => {
  const signer = createChoiceSigner();
  const mac = signer.sign(['fake', 'main', 'c', 'olga', 'appr_1', 'once']);
  expect(signer.verify(['fake', 'main', 'c', 'olga', 'appr_1', 'once'], mac)).toBe(true);
  for (const parts of [
    ['fake', 'main', 'c', 'ana', 'appr_1', 'once'],
    ['fake', 'main', 'c', 'olga', 'appr_1', 'always'],
    ['fakemain', 'c', 'olga', 'appr_1', 'once'],
    [],
  ])
    expect(signer.verify(parts, mac)).toBe(false);
  for (const forged of ['', mac.slice(1), `${mac}A`]) expect(signer.verify(['fake', 'main', 'c', 'olga', 'appr_1', 'once'], forged)).toBe(false);
  expect(createChoiceSigner().verify(['fake', 'main', 'c', 'olga', 'appr_1', 'once'], mac)).toBe(false);
});
