// A model that says what a test tells it to, through the same contract as a real provider.
import type { ModelEvent, ModelProvider, ModelRequest } from '../core/model.ts';

/** Call 0 is the first request. What it throws is a mistake of the test and is thrown on. */
export type ModelScript = (request: ModelRequest, call: number) => readonly ModelEvent[] | Promise<readonly ModelEvent[]>;

export interface FakeModel extends ModelProvider {
  /** Every request so far, oldest first. */
  readonly requests: readonly ModelRequest[];
}

const cancelled: ModelEvent = { type: 'error', failure: { code: 'cancelled', message: 'The work was cancelled.', retryable: true } };

/** Its events arrive one by one; an abort ends the stream with an error event, also while the script is waiting. */
export function createFakeModel(script: ModelScript): FakeModel {
  const requests: ModelRequest[] = [];
  return {
    requests,
    async *stream(request, signal) {
      const call = requests.push(request) - 1;
      const aborted = new Promise<undefined>((resolve) => {
        if (signal.aborted) resolve(undefined);
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
      });
      const events = await Promise.race([aborted, Promise.resolve(script(request, call))]);
      for (const event of events ?? []) {
        await new Promise((resolve) => setImmediate(resolve));
        if (signal.aborted) break;
        yield event;
      }
      if (signal.aborted) yield cancelled;
    },
    models: async () => [{ id: 'fake' }],
  };
}
