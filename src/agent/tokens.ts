// How many tokens something is about, without a tokenizer: estimated from its size, and calibrated per model by what the provider counted.
import type { ModelMessage, ToolDefinition, Usage } from '../core/model.ts';
import { remember } from '../lib/remember.ts';

/** Letters of Latin script to a token; other scripts count more. Chosen to be rather too many tokens than too few. */
const lettersPerToken = 3.6;
/** What wire formats add around a message. */
const perMessage = 4;
/** An image, whatever its size: about what providers count for a large one. */
const perImage = 1_600;
/** Models whose ratio is kept. */
const mostModels = 32;

/** Tokens of a text: a character that takes three bytes (Chinese, Japanese, Korean) counts as one, one of two bytes as about half. */
export function estimateTokens(text: string): number {
  const wide = (Buffer.byteLength(text) - text.length) / 2;
  return Math.ceil((text.length - wide) / lettersPerToken + wide);
}

/** Tokens of a message as it is sent. */
export function messageTokens(message: ModelMessage): number {
  if (message.role === 'assistant') {
    const calls = message.toolCalls.reduce((sum, { name, input, broken }) => sum + 8 + estimateTokens(name + (broken ?? JSON.stringify(input) ?? '')), 0);
    return perMessage + estimateTokens(message.text) + calls + (message.echo === undefined ? 0 : estimateTokens(JSON.stringify(message.echo)));
  }
  return perMessage + estimateTokens(message.text) + (message.images ?? []).length * perImage;
}

/** For each model, how many tokens the provider counts for one that was estimated. Kept in memory: a few answers teach it again. */
export class Calibration {
  readonly #ratios = new Map<string, number>();
  readonly #toolSizes = new WeakMap<readonly ToolDefinition[], number>();

  /** Estimated tokens of the part of a request that is the same each time. */
  fixed(system: string, tools: readonly ToolDefinition[]): number {
    let size = this.#toolSizes.get(tools);
    if (size === undefined) {
      size = estimateTokens(JSON.stringify(tools));
      this.#toolSizes.set(tools, size);
    }
    return estimateTokens(system) + size;
  }

  /** Between 0.6 and 3; 1 for a model that has not answered yet. */
  ratio(model: string): number {
    return this.#ratios.get(model) ?? 1;
  }

  /** A request that was estimated at so many tokens was answered. A provider that counts nothing, or something else, teaches nothing. */
  learn(model: string, estimated: number, { input }: Usage): void {
    const counted = input / estimated;
    if (estimated < 200 || !(counted > 0.3 && counted < 5)) return;
    const seen = Math.min(3, Math.max(0.6, counted));
    const known = this.#ratios.get(model);
    this.#ratios.delete(model);
    remember(this.#ratios, model, known === undefined ? seen : known * 0.7 + seen * 0.3, mostModels);
  }
}
