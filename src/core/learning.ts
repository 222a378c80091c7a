// What an agent learns by itself: facts out of conversations, and at night a proposal for a tidier MEMORY.md. Both cost model calls, so both are off until switched on.

/** A proposed MEMORY.md. Nothing of it counts until the operator applies it; what it replaces is kept with it. */
export interface Dream {
  readonly id: string;
  readonly agentId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly state: 'proposed' | 'applied' | 'discarded' | 'reverted';
  /** MEMORY.md as the proposal was made from it, and as it would be. */
  readonly before: string;
  readonly after: string;
  /** What leaves, and why. */
  readonly dropped: readonly { readonly text: string; readonly why: string }[];
  /** Lines the model left out without a reason: they stand in `after` all the same. */
  readonly putBack: readonly string[];
}

export interface ShownDream extends Dream {
  /** What applying it does to MEMORY.md, as a unified diff. */
  readonly diff: string;
}

export type DreamSummary = Omit<Dream, 'before' | 'after' | 'dropped' | 'putBack'> & {
  readonly added: number;
  readonly removed: number;
};

/** Model calls of one kind in a day, as the last 30 days were. */
export interface LearningCost {
  readonly calls: number;
  readonly tokens: number;
  /** US dollars; undefined where the price of the model is not known. */
  readonly cost?: number;
}

export interface LearningState {
  readonly agentId: string;
  readonly name: string;
  /** Facts are taken out of conversations that rest. */
  readonly facts: boolean;
  /** MEMORY.md is gone through at night, where something new was noted. */
  readonly dreams: boolean;
  /** "provider/model" that does it. */
  readonly model: string;
  /** What each would have cost a day. An estimate from what was said in the last 30 days. */
  readonly estimate: { readonly facts: LearningCost; readonly dreams: LearningCost };
  /** What both did cost in the last 30 days, in all. */
  readonly spent: LearningCost;
  /** Proposals that wait for an answer. */
  readonly proposed: number;
}

export interface LearningAdmin {
  /** One for each agent. */
  state(): Promise<readonly LearningState[]>;
  /** Rejects with `not-found` for an agent that is not set up. */
  set(agentId: string, change: { readonly facts?: boolean; readonly dreams?: boolean }): Promise<LearningState>;
  /** Newest first, at most 30 of each agent are kept. */
  dreams(agentId?: string): Promise<readonly DreamSummary[]>;
  dream(id: string): Promise<ShownDream>;
  /** Asks the model now. Undefined where there is nothing to tidy. Rejects where the model fails, or the day's budget is used up. */
  dreamNow(agentId: string): Promise<ShownDream | undefined>;
  /** Rejects with `conflict` where MEMORY.md is not any more what the proposal was made from, or it was answered before. */
  apply(id: string): Promise<ShownDream>;
  discard(id: string): Promise<ShownDream>;
  /** Gives MEMORY.md back as it was before `apply`. Rejects with `conflict` where it was changed since. */
  revert(id: string): Promise<ShownDream>;
}
