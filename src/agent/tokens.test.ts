import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleLog, sampleResult } from '../testing/sample-log.ts';
import { canCut, cutResult } from './history.ts';
import { ResultTiers } from './tiers.ts';
import { Calibration, estimateTokens } from './tokens.ts';

const usage = (input: number) => ({ input, cachedInput: 0, output: 0, reasoning: 0 });

describe('tokens', () => {
  test('Latin letters, Chinese characters and others are counted as tokenizers about do', () => {
    expect(estimateTokens('a'.repeat(360))).toBe(100);
    expect(estimateTokens('水'.repeat(100))).toBe(100);
    expect(estimateTokens('')).toBe(0);
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '水', '🌊') }), (text) => {
        const tokens = estimateTokens(text);
        expect(tokens).toBeGreaterThanOrEqual(text.length / 4);
        expect(tokens).toBeLessThanOrEqual(Math.ceil(Buffer.byteLength(text) / 2));
      }),
    );
  });

  test('a model is calibrated by what its provider counts, within bounds; counts that mean something else teach nothing', () => {
    const calibration = new Calibration();
    expect(calibration.ratio('p/m')).toBe(1);
    calibration.learn('p/m', 1_000, usage(2_000));
    expect(calibration.ratio('p/m')).toBe(2);
    for (const counted of [0, 10, 9_000]) calibration.learn('p/m', 1_000, usage(counted));
    calibration.learn('p/m', 100, usage(10));
    expect(calibration.ratio('p/m')).toBe(2);
    for (let count = 0; count < 40; count++) calibration.learn('p/m', 1_000, usage(400));
    expect(calibration.ratio('p/m')).toBeCloseTo(0.6, 2);
    for (let model = 0; model < 40; model++) calibration.learn(`p/${model}`, 1_000, usage(1_000));
    expect(calibration.ratio('p/m')).toBe(1);
  });
});

describe('tiers', () => {
  const results = (sizes: readonly number[]) => sampleLog(sizes.map((size) => ({ text: 'read', steps: [[size]] })));

  test('as the conversation grows, what is cut stays cut, the newest result is whole, and what is whole is bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6_000), { minLength: 1, maxLength: 30 }), fc.integer({ min: 500, max: 8_000 }), (sizes, room) => {
        const entries = results(sizes);
        const ends = entries.flatMap(({ event }, index) => (event.type === 'tool-end' ? [index] : []));
        const tiers = new ResultTiers();
        let before: ReadonlySet<number> = new Set();
        for (const index of ends) {
          const cut = tiers.cut(entries.slice(0, index + 1), room);
          expect([...before].every((seq) => cut.has(seq))).toBe(true);
          expect(cut.has(entries[index]?.seq ?? 0)).toBe(false);
          const whole = entries.slice(0, index).filter(({ seq, event }) => event.type === 'tool-end' && !cut.has(seq) && canCut(event.text));
          const size = whole.reduce((sum, { event }) => sum + (event.type === 'tool-end' ? estimateTokens(event.text) : 0), 0);
          expect(size).toBeLessThanOrEqual(room * 0.35);
          before = cut;
        }
      }),
      { numRuns: 40 },
    );
  });

  test('it is cut rarely: most new results change nothing of what came before', () => {
    const entries = results(Array.from({ length: 60 }, () => 2_000));
    const tiers = new ResultTiers();
    const cuts = entries.map((_, index) => tiers.cut(entries.slice(0, index + 1), 8_000).size);
    expect(new Set(cuts).size).toBeLessThan(20);
  });

  test('a cut result says how to read it whole; a short one is not cut', () => {
    expect(cutResult('x'.repeat(5_000), 12)).toMatch(/^x{600}\n\[4200 characters cut; all of it: recall \{"id": "#12"\}\]\nx{200}$/u);
    expect(cutResult('short', 12)).toBe('short');
    expect(sampleResult('c', 'x').type).toBe('tool-end');
  });
});
