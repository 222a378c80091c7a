// The Operator interface over HTTP: how the CLI talks to a running CoPaw. Streams resume after the last event seen.
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import type { EventFilter, Operator } from '../core/operator.ts';
import type { PlacedEvent } from '../core/turn-event.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { parseSse } from '../lib/sse-parse.ts';
import { accepted, approval, approvals, history, placedEvent, sessions, status, stopped } from './contract.ts';
import { compareIds } from './event-stream.ts';
import { createAsk, type RemoteRequest, searchOf, toError } from './remote-ask.ts';
import { createRemoteUploads } from './uploads-client.ts';

/** Tries in a row that may fail before a stream gives up. */
const mostFailures = 6;
const longestWaitMs = 4_000;

export function createRemoteOperator(request: RemoteRequest, clock: Pick<Clock, 'sleep'> = systemClock): Operator {
  const ask = createAsk(request);
  const session = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;
  return {
    uploads: createRemoteUploads(request),
    submit: ({ sessionId, channel: _, ...message }) => ask(accepted, `${session(sessionId)}/messages`, 'POST', message),
    events: (filter, signal) => follow(request, clock, filter, signal),
    sessions: async (page) => (await ask(sessions, `/api/sessions?${searchOf(page)}`)).sessions,
    history: (id, page) => ask(history, `${session(id)}/messages?${searchOf(page)}`),
    stop: async (id) => (await ask(stopped, `${session(id)}/stop`, 'POST')).stopped,
    approvals: async () => (await ask(approvals, '/api/approvals')).approvals,
    answer: (id, decision) => ask(approval, `/api/approvals/${encodeURIComponent(id)}`, 'POST', { decision }),
    status: () => ask(status, '/api/status'),
  };
}

/** Follows the stream over dropped connections. Each event comes once; ends like the stream in process does. */
async function* follow(request: RemoteRequest, clock: Pick<Clock, 'sleep'>, filter: EventFilter, signal: AbortSignal): AsyncGenerator<PlacedEvent> {
  let last = filter.after;
  let failures = 0;
  const path = `/api/events?${searchOf({ session: filter.sessionId, turn: filter.turnId })}`;
  while (!signal.aborted) {
    try {
      const response = await request(last === undefined ? path : `${path}&after=${last}`, { headers: { accept: 'text/event-stream' }, signal });
      if (!response.ok || !response.body) throw await toError(response);
      for await (const { data } of parseSse(response.body)) {
        const event = placedEvent.parse(z.string().transform(readJson).parse(data));
        failures = 0;
        if (last !== undefined && last !== filter.after && compareIds(event.id, last) <= 0) continue;
        last = event.id;
        yield event;
        if (filter.turnId !== undefined && event.type === 'turn-end') return;
      }
    } catch (error) {
      if (signal.aborted) return;
      if ((error instanceof CoPawError && !error.retryable) || error instanceof z.ZodError) throw error;
      if (failures >= mostFailures)
        throw new CoPawError('egress-failed', 'The connection to CoPaw was lost.', { cause: error, next: 'See whether it runs with `copaw doctor`.' });
    }
    failures++;
    if (failures > mostFailures) throw new CoPawError('egress-failed', 'CoPaw ends the stream again and again.', { next: 'See its log.' });
    await clock.sleep(Math.min(longestWaitMs, 100 * 2 ** failures), signal).catch(() => undefined); // rejects only when aborted
  }
}

function readJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('The server sent an event that is not JSON.');
    return z.NEVER;
  }
}
