// Earlier conversations for the agent: the operator's own with this agent, and only for the operator (R13).
import type { Address } from '../core/address.ts';
import { type ChannelsConfig, enabledAccount, ownChannels } from '../core/channel-config.ts';
import { CoPawError } from '../core/error.ts';
import type { Plan } from '../core/policy.ts';
import type { SaidRow } from '../core/said.ts';
import { lists } from '../core/sender-rules.ts';
import type { Session } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { ToolHands } from '../core/tool.ts';
import { excerpt } from '../lib/excerpt.ts';
import { readSaid } from './read-said.ts';

export interface PastParts {
  readonly store: Pick<Store, 'sessions' | 'entries'>;
  search(question: { readonly text: string; readonly agentId: string; readonly limit: number; readonly wanted: (row: SaidRow) => Promise<boolean> }): Promise<{
    readonly rows: readonly SaidRow[];
    readonly terms: readonly string[];
  }>;
  channels(): ChannelsConfig;
}

const excerptLength = 300;

/** What one call may see. A group never comes here: reading memory is denied there; neither may a guest in a chat of its own. */
export function createPastSessions(parts: PastParts): (plan: Pick<Plan, 'origin' | 'place'>) => ToolHands['sessions'] {
  const isOwn = ({ address }: Session): boolean => isOperators(address, parts.channels());
  return ({ origin, place: { agentId, turnId, address } }) => {
    // What comes by itself may look only where the operator alone reads the answer.
    if (origin !== 'operator' && !(origin === 'unattended' && isOperators(address, parts.channels())))
      throw new CoPawError('tool-denied', "Conversations of the operator's are read for the operator alone.", { rule: 'R13' });
    const known = new Map<string, Promise<ReadonlySet<string>>>();
    /** What was taken back is there for people alone. */
    const undone = (sessionId: string): Promise<ReadonlySet<string>> => {
      const found = known.get(sessionId) ?? parts.store.entries.undone(sessionId);
      known.set(sessionId, found);
      return found;
    };
    /** Its first words are no name either. */
    const nameOf = async ({ id, title }: Session): Promise<string> => {
      for (const target of await undone(id)) {
        const beginning = await parts.store.entries.after({ turnId: target, after: 0, limit: 2 });
        if (beginning.some(({ event }) => event.type === 'message' && event.message.text.trim().startsWith(title))) return '';
      }
      return title;
    };
    return {
      async search(query, limit) {
        // What is being said now is no earlier conversation.
        const wanted = async ({ entry, session }: SaidRow): Promise<boolean> =>
          isOwn(session) && entry.turnId !== turnId && !(await undone(session.id)).has(entry.turnId);
        const { rows, terms } = await parts.search({ text: query, agentId, limit, wanted });
        return Promise.all(
          rows.map(async ({ entry: { seq, at, event }, session }) => {
            const { role, text } = event.type === 'message' ? event.message : { role: 'user' as const, text: '' };
            const { id, tainted } = session;
            return { place: `${id}:${seq}`, at, title: await nameOf(session), role, excerpt: excerpt(text, terms, excerptLength), tainted };
          }),
        );
      },
      async read(place, limit) {
        const [, id = '', seq = ''] = /^(.+):(\d{1,15})$/u.exec(place.trim()) ?? [];
        const session = await parts.store.sessions.get(id);
        if (!session || session.agentId !== agentId || !isOwn(session))
          throw new CoPawError('not-found', `There is no place ${place}.`, { next: 'Search first; it names places.' });
        const messages = await readSaid(parts.store, id, { limit, around: Number(seq) }, await undone(id));
        return {
          title: await nameOf(session),
          tainted: session.tainted,
          messages: messages.map(({ seq: own, at, role, text }) => ({ place: `${id}:${own}`, at, role, text })),
        };
      },
    };
  };
}

/** Talked in by the operator alone: on a surface of CoPaw itself, or in a direct chat with one of the operator's ids. */
function isOperators({ channel, account, peer }: Address, channels: ChannelsConfig): boolean {
  if (ownChannels.has(channel)) return true;
  return peer !== undefined && lists(enabledAccount(channels, channel, account)?.operators, peer);
}
