// A PRIVMSG as an event. Who is not logged in is nobody; what clients say to clients (CTCP) is not for us.
import { createHash } from 'node:crypto';
import type { InboundMessage } from '../../core/inbound.ts';
import { isChannel, type Line, withoutFormat } from './line.ts';

export interface Reader {
  readonly now: number;
  random(): number;
  /** Of the lines of this connection. */
  readonly count: number;
  /** Our own. */
  readonly nick: string;
  /** A nick is taken for who has it. */
  readonly byNick: boolean;
  folded(name: string): string;
}

export function toInbound({ tags, from, params }: Line, { now, random, count, nick, byNick, folded }: Reader): InboundMessage | undefined {
  const [target = '', said = ''] = params;
  if (said.startsWith('\u0001') || from === '' || from.includes('.') || folded(from) === folded(nick)) return undefined;
  const account = byNick ? folded(from) : (tags.get('account') ?? '');
  if (account === '' || account === '*') return undefined;
  const group = isChannel(target);
  if (!group && folded(target) !== folded(nick)) return undefined;
  const words = withoutFormat(said);
  if (words === '') return undefined;
  const own = words.slice(0, nick.length);
  const mark = group && folded(own) === folded(nick) ? /^[:,]\s*/u.exec(words.slice(nick.length))?.[0] : undefined;
  const at = Date.parse(tags.get('time') ?? '');
  /** Where the server says when, the same for a line of the history that is played again. */
  const made = (): string => {
    if (Number.isNaN(at)) return `line-${now.toString(36)}-${count}-${random().toString(36).slice(2)}`;
    const line = [at, account, folded(target), said].join('\n');
    return `line-${createHash('sha256').update(line).digest('hex').slice(0, 32)}`;
  };
  const isBot = ['bot', 'draft/bot', 'inspircd.org/bot'].some((tag) => tags.has(tag));
  return {
    ...{ kind: 'message', id: tags.get('msgid') || made(), at: Number.isNaN(at) ? now : at },
    chat: group ? { id: folded(target), kind: 'group' } : { id: account, kind: 'direct' },
    sender: { id: account, name: from, ...(isBot ? { bot: true } : {}) },
    ...(mark === undefined ? { text: words } : { text: words.slice(nick.length + mark.length), mentioned: true }),
  };
}
