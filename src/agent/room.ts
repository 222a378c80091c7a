// How much history a request may hold: what the model takes, less the answer, the rules and the tools. In tokens as they are estimated here.
import type { KnownWindow, ReadyModel, ToolDefinition } from '../core/model.ts';
import type { ModelWindows } from './model-windows.ts';
import type { Calibration } from './tokens.ts';

/** Share of the room at which history is compacted: the answer's tools still have head-room. */
const fullShare = 0.85;
/** A request with less room than that answers nothing well. */
const leastRoom = 400;

export interface Room {
  /** Tokens the model takes in all, and how that is known. */
  readonly window: number;
  readonly source: KnownWindow['source'];
  /** Estimated tokens of rules and tools. */
  readonly fixed: number;
  /** Estimated tokens of history that a request may hold at all; below zero where rules and tools alone are too much. */
  readonly hard: number;
  /** Beyond that it is compacted. */
  readonly soft: number;
  /** As `soft`, without what was learned from the model's counts: what is cut by it stays cut. */
  readonly steady: number;
  readonly tooSmall: boolean;
}

/** The room beside this system prompt and these tools. */
export async function roomOf(
  parts: { readonly modelWindows: ModelWindows; readonly calibration: Calibration },
  model: ReadyModel,
  system: string,
  tools: readonly ToolDefinition[],
): Promise<Room> {
  const { tokens: window, source } = await parts.modelWindows.of(model);
  const reserve = Math.min(16_384, Math.max(512, Math.floor(window / 8)));
  const fixed = parts.calibration.fixed(system, tools);
  const hard = Math.floor((window - reserve) / parts.calibration.ratio(model.ref)) - fixed;
  return {
    window,
    source,
    fixed,
    hard,
    soft: Math.floor(hard * fullShare),
    steady: Math.floor((window - reserve - fixed) * fullShare),
    tooSmall: hard < leastRoom,
  };
}
