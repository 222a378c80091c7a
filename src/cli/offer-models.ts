// After the home is made: what could answer, found on this machine. Nothing is used unasked.
import type { NewProvider } from '../core/operator.ts';
import { systemClock } from '../lib/clock.ts';
import type { Context } from './context.ts';
import { stripControls } from './text.ts';

/** Longest the search for local servers may take, in milliseconds. */
const searchMs = 3_000;

export async function offerModels({ parts, terminal }: Context, home: string): Promise<void> {
  const { admin, close } = await parts.models(home);
  const search = new AbortController();
  const timer = systemClock.after(searchMs, () => search.abort());
  try {
    const found: readonly (NewProvider & { readonly found: string })[] = await admin.detect(search.signal);
    if (found.length === 0) {
      terminal.error('No model was found on this machine. Add one with `copaw models add`; until then the built-in offline model answers.\n');
      return;
    }
    const chosen = await terminal.select('Which model should answer?', [
      ...found.map(({ id, model, found: where }) => ({ value: id, label: stripControls(`${id}/${model}`), hint: stripControls(where) })),
      { value: '', label: 'none for now', hint: 'the built-in offline model' },
    ]);
    const provider = found.find(({ id }) => id === chosen);
    if (!provider) return;
    const { found: _where, ...added } = provider;
    await admin.add({ ...added, makeDefault: true });
    terminal.out(`${stripControls(`${added.id}/${added.model}`)} answers from now on.\n`);
  } finally {
    timer.cancel();
    await close();
  }
}
