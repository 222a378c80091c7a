// The turn after which a conversation stood as it did before another one began: where a fork for other words is made.
import type { PlacedEvent } from '../../../src/http/contract.ts';

/** Without a turn: none had ended. */
export interface TurnBefore {
  readonly turnId?: string;
}

interface Loaded {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly hasEarlier: boolean;
  readonly state: { readonly log: readonly PlacedEvent[] };
}

export interface Reading {
  readonly chat: () => Loaded | undefined;
  /** Loads an older page, or waits for the one on its way. */
  readonly earlier: () => Promise<void>;
  readonly mostPages: number;
}

/** Loads what is older until the turn before is found. Undefined where it could not be known: that is not the same as none. */
export async function findTurnBefore({ chat, earlier, mostPages }: Reading, turnId: string): Promise<TurnBefore | undefined> {
  for (let pages = 0; pages < mostPages; pages++) {
    const { phase, hasEarlier, state } = chat() ?? {};
    if (phase !== 'ready' || !state?.log.some((event) => event.turnId === turnId)) return undefined;
    const found = turnBefore(state.log, turnId);
    if (found !== undefined) return { turnId: found };
    if (!hasEarlier) return {};
    await earlier();
    const now = chat();
    if (now?.hasEarlier && now.state.log[0]?.id === state.log[0]?.id) return undefined;
  }
  return undefined;
}

/** The last turn that had ended when `turnId` began; undefined where none is in this log. */
export function turnBefore(log: readonly PlacedEvent[], turnId: string): string | undefined {
  const begin = log.findIndex((event) => event.turnId === turnId);
  return log.slice(0, Math.max(begin, 0)).findLast(({ type }) => type === 'turn-end')?.turnId;
}
