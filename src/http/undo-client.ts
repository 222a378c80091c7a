// Undo on a running CoPaw over HTTP: the server stays the only one that writes the home and its audit log.
import type { UndoAdmin } from '../core/undo.ts';
import { createAsk, type RemoteRequest, searchOf } from './remote-ask.ts';
import { changedTurns, undoReport } from './undo-schema.ts';

export function createRemoteUndo(request: RemoteRequest): UndoAdmin {
  const ask = createAsk(request);
  return {
    recent: async ({ sessionId, limit }) => (await ask(changedTurns, `/api/undo?${searchOf({ limit, session: sessionId })}`)).turns,
    undo: (turnId, options) => ask(undoReport, '/api/undo', 'POST', { turnId, ...options }),
  };
}
