// `copaw sessions compact`: what `/compact` does in the conversation, asked for from outside of it.
import { CoPawError } from '../core/error.ts';
import type { Operator } from '../core/operator.ts';
import type { PlacedEvent } from '../core/turn-event.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodeOf } from './exit-codes.ts';
import { print } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine, stripControls } from './text.ts';
import { stopOnSignal } from './turn-view.ts';

export interface CompactOptions extends CommonOptions {
  /** What the summary shall keep in mind. */
  readonly focus?: string;
}

export async function compact(context: Context, sessionId: string, options: CompactOptions): Promise<number> {
  const { parts, terminal } = context;
  const focus = options.focus?.replace(/\s+/gu, ' ').trim() ?? '';
  if (focus === 'undo') throw new CoPawError('usage', '"undo" is no focus.', { next: 'To take a compaction back, say /compact undo in the conversation.' });
  const { operator, close } = await parts.operator(readyHome(parts, options.home));
  try {
    await operator.history(sessionId, { limit: 1 }); // a message would begin a conversation that is not there
    const { turnId } = await operator.submit({ channel: 'cli', sessionId, text: `/compact ${focus}`.trim() });
    const events = await turnOf(context, operator, sessionId, turnId);
    const outcome = events.find((event) => event.type === 'turn-end')?.outcome ?? 'interrupted';
    const compaction = events.findLast((event) => event.type === 'compaction');
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
    const { compactionId: id, counts, how, focus: kept, anchors = [] } = compaction ?? {};
    const made = compaction === undefined ? null : { id, how, ...(kept === undefined ? {} : { focus: kept }), ...counts, passages: anchors.length };
    print(context, options, { sessionId, turnId, outcome, compaction: made, notices }, () => {
      for (const text of notices) terminal.error(`${stripControls(text)}\n`);
      if (counts === undefined) return;
      terminal.out(`Compacted ${counts.messagesBefore} → ${counts.messagesAfter} messages; ${anchors.length} passages kept word for word.\n`);
      terminal.error(`To take it back: /compact undo in ${showLine(sessionId)}\n`);
    });
    return exitCodeOf(outcome);
  } finally {
    await close();
  }
}

/** All events of a turn; Ctrl-C stops it. */
async function turnOf({ terminal }: Context, operator: Operator, sessionId: string, turnId: string): Promise<readonly PlacedEvent[]> {
  const events: PlacedEvent[] = [];
  const leaving = new AbortController();
  const stopping = stopOnSignal(operator, terminal, sessionId, leaving);
  try {
    for await (const event of operator.events({ turnId, after: '0' }, leaving.signal)) events.push(event);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
  } finally {
    stopping.release();
  }
  return events;
}
