// A model that makes the tool calls a test lists, step by step, through the whole app; then it says "Done.", or what a test wants. A summary it never writes.
import { type ModelEvent, type ModelRequest, noUsage } from '../../src/core/model.ts';
import { createFakeModel, type FakeModel } from '../../src/testing/fake-model.ts';

export type Call = readonly [name: string, input: unknown];

export interface ScriptedModel {
  readonly provider: FakeModel;
  readonly requests: readonly ModelRequest[];
  /** What the next turn does: the calls of each model step. */
  play(...steps: readonly (readonly Call[])[]): void;
  /** What it says once, in place of "Done.". */
  says(text: string): void;
}

export function createScriptedModel(): ScriptedModel {
  let steps: (readonly Call[])[] = [];
  let words: string | undefined;
  let calls = 0;
  const finish = (reason: 'stop' | 'tool-calls'): ModelEvent => ({ type: 'finish', reason, usage: noUsage });
  const provider = createFakeModel((request) => {
    if (request.tools.length === 0) return [{ type: 'text-delta', text: 'Nothing.' }, finish('stop')];
    const step = steps.shift();
    if (!step) {
      const text = words ?? 'Done.';
      words = undefined;
      return [{ type: 'text-delta', text }, finish('stop')];
    }
    return [...step.map(([name, input]): ModelEvent => ({ type: 'tool-call', call: { id: `call-${++calls}`, name, input } })), finish('tool-calls')];
  });
  return {
    provider,
    requests: provider.requests,
    play(...next) {
      steps = [...next];
    },
    says(text) {
      words = text;
    },
  };
}
