// A model that makes the tool calls a test lists, step by step, through the whole app; then it says "Done.". A summary it never writes.
import { type ModelEvent, type ModelRequest, noUsage } from '../../src/core/model.ts';
import { createFakeModel, type FakeModel } from '../../src/testing/fake-model.ts';

export type Call = readonly [name: string, input: unknown];

export interface ScriptedModel {
  readonly provider: FakeModel;
  readonly requests: readonly ModelRequest[];
  /** What the next turn does: the calls of each model step. */
  play(...steps: readonly (readonly Call[])[]): void;
}

export function createScriptedModel(): ScriptedModel {
  let steps: (readonly Call[])[] = [];
  let calls = 0;
  const finish = (reason: 'stop' | 'tool-calls'): ModelEvent => ({ type: 'finish', reason, usage: noUsage });
  const provider = createFakeModel((request) => {
    if (request.tools.length === 0) return [{ type: 'text-delta', text: 'Nothing.' }, finish('stop')];
    const step = steps.shift();
    if (!step) return [{ type: 'text-delta', text: 'Done.' }, finish('stop')];
    return [...step.map(([name, input]): ModelEvent => ({ type: 'tool-call', call: { id: `call-${++calls}`, name, input } })), finish('tool-calls')];
  });
  return {
    provider,
    requests: provider.requests,
    play(...next) {
      steps = [...next];
    },
  };
}
