// Before a model step: what is said in the sound files of the turn's messages, written down once and kept in the log as words of whoever sent them.
import type { Attachment } from '../core/inbound.ts';
import { noUsage } from '../core/model.ts';
import type { Turn } from '../core/session.ts';
import type { Entry, UserMessage } from '../core/turn-event.ts';
import { overspent } from './budget.ts';
import type { AgentParts, Heard, TurnIo } from './parts.ts';

export const isSound = ({ mediaType, voice }: Attachment): boolean => mediaType.startsWith('audio/') && voice !== 'written';

type HearParts = Pick<AgentParts, 'hearing' | 'windows' | 'store' | 'spending' | 'settings' | 'clock'>;

/**
 * Nothing of it is ever a command: it does not pass the route. Each result is one commit, so that a turn that goes on after a crash asks for none twice; what was
 * heard in an earlier turn of the conversation is taken from there. Ends at a stop, and where the day's budget is used up, which the next model step then says.
 */
export async function hear(parts: HearParts, turn: Turn, io: TurnIo): Promise<void> {
  const listen = parts.hearing();
  if (!listen) return;
  const { entries } = await parts.windows.load(parts.store, turn.sessionId);
  const [own, before] = [heardIn(entries, turn.id, true), heardIn(entries, turn.id, false)];
  for (const message of messagesOf(entries.filter(({ turnId }) => turnId === turn.id))) {
    for (const file of message.attachments.filter(isSound)) {
      if (own.has(file.path)) continue;
      const known = before.get(file.path);
      if (known && !known.heard?.failed) {
        await commit(parts, turn, io, message, file, { text: known.text, failed: false });
        continue;
      }
      if (io.signal.aborted || (await overspent(parts, turn.agentId, noUsage))) return;
      const heard = await listen(turn, file, io.signal);
      if (!heard) return;
      await commit(parts, turn, io, message, file, heard);
    }
  }
}

const messagesOf = (entries: readonly Entry[]): readonly UserMessage[] =>
  entries.flatMap(({ event }) => (event.type === 'message' && event.message.role === 'user' ? [event.message] : []));

/** By path. What came in a file of conversations was heard by nobody here. */
const heardIn = (entries: readonly Entry[], turnId: string, own: boolean): ReadonlyMap<string, UserMessage> =>
  new Map(
    messagesOf(entries.filter((entry) => (entry.turnId === turnId) === own)).flatMap((message) =>
      message.heard && !message.imported ? [[message.heard.path, message] as const] : [],
    ),
  );

async function commit(parts: HearParts, turn: Turn, io: TurnIo, said: UserMessage, file: Attachment, { text, failed, call }: Heard): Promise<void> {
  // A recording that was not made there and then may be of anybody.
  const foreign = !failed && (said.forwarded === true || file.voice !== 'said');
  const message: UserMessage = {
    ...{ role: 'user', id: `${said.id}#${file.path}`, text, attachments: [], sender: said.sender, origin: said.origin },
    ...(foreign ? { forwarded: true } : {}),
    heard: { path: file.path, ...(failed ? { failed } : {}) },
  };
  const session = foreign ? await parts.store.sessions.get(turn.sessionId) : undefined;
  const row = call && { turnId: turn.id, sessionId: turn.sessionId, agentId: turn.agentId, ...call, at: parts.clock.now() };
  if (call) parts.spending.add(call.usage, call.cost);
  await io.commit('voice-heard', [{ type: 'message', message }], {
    ...(row ? { usage: [row] } : {}),
    ...(session && !session.tainted ? { session: { ...session, tainted: true } } : {}),
  });
}
