// How many tokens each model takes: as config declares it, as the provider said in a refusal or its list, else little enough for most. Never guessed upward.
import type { KnownWindow, ReadyModel } from '../core/model.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { remember } from '../lib/remember.ts';

/** Where nothing is known. */
export const defaultWindow = 32_768;
/** Less than that no provider means. */
const leastWindow = 1_024;
/** A provider's list is waited for so long, milliseconds. */
const askMs = 5_000;
const mostAsked = 256;

export class ModelWindows {
  readonly #store: Store['modelWindows'];
  readonly #clock: Clock;
  #known: Promise<Map<string, { readonly tokens: number; readonly source: 'refusal' | 'list'; readonly declared: number }>> | undefined;
  /** Models whose provider's list was asked in this process. */
  readonly #asked = new Map<string, true>();

  constructor(parts: { readonly store: Store['modelWindows']; readonly clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** What was learned holds while config declares the same as then; a refusal is the provider's own word and goes before what is declared. */
  async of({ ref, info }: Pick<ReadyModel, 'ref' | 'info'>): Promise<KnownWindow> {
    const declared = info.contextTokens;
    const known = (await this.#load()).get(ref);
    const learned = known?.declared === (declared ?? 0) ? known : undefined;
    if (declared !== undefined && (learned === undefined || learned.tokens >= declared)) return { tokens: declared, source: 'declared' };
    return learned ? { tokens: learned.tokens, source: learned.source } : { tokens: defaultWindow, source: 'default' };
  }

  /** A request of about so many tokens was refused for its length; `said` is the limit where the provider named it. What is kept only shrinks. */
  async refused(model: Pick<ReadyModel, 'ref' | 'info'>, sent: number, said: number | undefined): Promise<void> {
    const before = await this.of(model);
    const tokens = said !== undefined && (said < before.tokens || before.source === 'default') ? said : Math.min(before.tokens, Math.floor(sent * 0.8));
    await this.#put(model, Math.max(leastWindow, tokens), 'refusal');
  }

  /** Asks the provider's list for a model of which nothing is known, once a process. A provider that cannot say changes nothing. */
  async ask(model: ReadyModel, signal: AbortSignal): Promise<void> {
    if (this.#asked.has(model.ref) || (await this.of(model)).source !== 'default') return;
    remember(this.#asked, model.ref, true, mostAsked);
    const late = new AbortController();
    const timer = this.#clock.after(askMs, () => late.abort());
    try {
      const listed = (await model.provider.models(AbortSignal.any([signal, late.signal]))).find(({ id }) => id === model.info.id);
      if (listed?.contextTokens !== undefined) await this.#put(model, Math.max(leastWindow, listed.contextTokens), 'list');
    } catch {
      // It has no list, or none that can be read: the window stays unknown.
    } finally {
      timer.cancel();
    }
  }

  async #put({ ref, info }: Pick<ReadyModel, 'ref' | 'info'>, tokens: number, source: 'refusal' | 'list'): Promise<void> {
    const row = { ref, tokens: Math.floor(tokens), source, declared: info.contextTokens ?? 0 };
    (await this.#load()).set(ref, row);
    await this.#store.put({ ...row, at: this.#clock.now() });
  }

  #load(): Promise<Map<string, { readonly tokens: number; readonly source: 'refusal' | 'list'; readonly declared: number }>> {
    this.#known ??= this.#store.list().then((rows) => new Map(rows.map((row) => [row.ref, row])));
    this.#known.catch(() => (this.#known = undefined));
    return this.#known;
  }
}
