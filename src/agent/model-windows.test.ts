import { expect, test } from 'vitest';
import { CoPawError } from '../core/error.ts';
import type { ReadyModel } from '../core/model.ts';
import type { ModelWindow } from '../core/store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createFakeModel } from '../testing/fake-model.ts';
import { ModelWindows } from './model-windows.ts';

const signal = new AbortController().signal;
const clock = createFakeClock();

function open() {
  const rows = new Map<string, ModelWindow>();
  const store = { list: async () => [...rows.values()], put: async (row: ModelWindow) => void rows.set(row.ref, row) };
  return { rows, windows: new ModelWindows({ store, clock }), again: () => new ModelWindows({ store, clock }) };
}

function model(contextTokens?: number, listed: () => Promise<readonly { id: string; contextTokens?: number }[]> = async () => []): ReadyModel {
  return {
    ref: 'p/m',
    provider: { ...createFakeModel(() => []), models: listed },
    info: { id: 'm', ...(contextTokens === undefined ? {} : { contextTokens }) },
  };
}

test('declared, else listed, else a default; a refusal goes before what is declared and only lowers it', async () => {
  const { windows } = open();
  expect(await windows.of(model(8_000))).toEqual({ tokens: 8_000, source: 'declared' });
  expect(await windows.of(model())).toEqual({ tokens: 32_768, source: 'default' });
  await windows.refused(model(8_000), 7_000, 4_000);
  expect(await windows.of(model(8_000))).toMatchObject({ tokens: 4_000, source: 'refusal' });
  // It refuses what it said it takes: then it is less, not more.
  await windows.refused(model(8_000), 3_000, 128_000);
  expect(await windows.of(model(8_000))).toMatchObject({ tokens: 2_400 });
  expect(await windows.of(model(9_000))).toEqual({ tokens: 9_000, source: 'declared' });
});

test('a refusal without a number means less than was sent; what was learned outlives the process', async () => {
  const { windows, again } = open();
  await windows.refused(model(), 10_000, undefined);
  expect(await again().of(model())).toMatchObject({ tokens: 8_000, source: 'refusal' });
  await windows.refused(model(), 600, undefined);
  expect((await windows.of(model())).tokens).toBe(1_024);
});

test('the list is asked once, only where nothing is known, and a provider without one changes nothing', async () => {
  const { windows, rows } = open();
  let asked = 0;
  const listing = async () => [
    { id: 'other', contextTokens: 1 },
    { id: 'm', contextTokens: ++asked * 64_000 },
  ];
  await windows.ask(model(8_000, listing), signal);
  expect(asked).toBe(0);
  await windows.ask(model(undefined, listing), signal);
  await windows.ask(model(undefined, listing), signal);
  expect([asked, await windows.of(model())]).toEqual([1, expect.objectContaining({ tokens: 64_000, source: 'list' })]);
  rows.clear();
  const none = open().windows;
  await none.ask(
    model(undefined, async () => Promise.reject(new CoPawError('model-missing', 'no list'))),
    signal,
  );
  expect((await none.of(model())).source).toBe('default');
});
