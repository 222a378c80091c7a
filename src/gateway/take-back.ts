// A turn is taken back before its message is asked again: its files first, where they are to hold what they held, then the turn itself. A crash in between is made good.
import { toCoPawError } from '../core/error.ts';
import type { InboxRow } from '../core/session.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { type LastTurn, lastTurn, takenBack } from './last-turn.ts';

export interface TakeBackParts extends Pick<GatewayParts, 'store' | 'bus'> {
  readonly undoFiles: GatewayParts['commands']['undoFiles'];
}

/** Marks it as taken back. `asked`: rows that are stored in the same transaction. */
export async function takeTurnBack({ bus }: TakeBackParts, sessionId: string, last: LastTurn, asked: readonly InboxRow[] = []): Promise<void> {
  await bus.commit(sessionId, last.turn.id, takenBack(last), { transition: 'answer-asked-again', inbox: asked });
}

/**
 * What `Envelope.takesBack` says, as far as it is not done. Where the files cannot be taken back the turn stands, the message is not asked again,
 * the conversation says so, and it rejects.
 */
export async function finishUndo(parts: TakeBackParts, sessionId: string, { key, envelope: { takesBack } }: InboxRow): Promise<void> {
  const last = takesBack === undefined ? undefined : await lastTurn(parts.store, sessionId);
  if (takesBack === undefined || last?.turn.id !== takesBack) return;
  try {
    await parts.undoFiles(takesBack);
  } catch (error) {
    const { code, message, next } = toCoPawError(error);
    const text = `The answer was not given again, since what the turn did to files could not be taken back: ${message}`;
    await parts.bus.commit(sessionId, takesBack, [{ type: 'notice', level: 'error', code, text, ...(next === undefined ? {} : { next }) }], {
      transition: 'message-refused',
      inboxStates: [{ key, state: 'refused', rule: 'undo', dropText: true }],
    });
    throw error;
  }
  await takeTurnBack(parts, sessionId, last);
}
