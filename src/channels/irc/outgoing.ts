// One part at a time: its lines, and behind them a PING. What the server says before it answers that is about these lines.
import type { Address } from '../../core/address.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { isChannel, isNick, type Line } from './line.ts';
import { createPace } from './pace.ts';
import type { People } from './people.ts';
import { isRefusal, sendRefused } from './refusals.ts';
import { linesOf } from './split.ts';

/** Of a line: 512 bytes with its end, and the server puts ":nick!user@host " before it for those who read. */
const lineBytes = 512;
const mostUser = 12;
const mostHost = 64;
/** Nicks the server watches for us. */
const mostWatched = 100;
/** Servers count these for more. */
const dear: ReadonlySet<string> = new Set(['WHO', 'WHOIS', 'MONITOR']);
/** What is heard of one part. */
const mostHeard = 100;

export interface Outgoing {
  /** Whether it is about lines on their way. */
  answered(line: Line): boolean;
  say(to: Address, text: string, id: string): Promise<void>;
}

/** Who has a nick now: undefined once it was given up. */
type Reader = ReturnType<People['follow']>;
type Command = readonly [command: string, ...params: string[]];

interface OutgoingParts {
  readonly clock: ChannelHands['clock'];
  readonly lineMs: number;
  /** Nicks are who they belong to. */
  readonly byNick: boolean;
  readonly people: People;
  /** Aborted with what the end means for what was written. */
  readonly over: AbortSignal;
  write(command: string, ...params: readonly string[]): void;
  /** Our own. */
  nick(): string;
  folded(name: string): string;
  /** What the server says of itself (005). */
  supports(token: string): string | undefined;
}

export function createOutgoing({ clock, lineMs, byNick, people, over, write, nick, folded, supports }: OutgoingParts): Outgoing {
  const pace = createPace(clock, lineMs);
  /** Nicks the server tells us of when they are given up (MONITOR). */
  const watched = new Set<string>();
  let waiting: { readonly token: string; readonly heard: Line[]; done(): void } | undefined;

  /**
   * Resolves with what was written, and said to it; rejects when the connection ends before the server has taken it. Each line is asked for when its
   * turn comes; one that is undefined then is left out.
   */
  const ask = async (lines: readonly (() => Command | undefined)[], token: string): Promise<{ written: readonly Command[]; heard: readonly Line[] }> => {
    const written: Command[] = [];
    const answer = Promise.withResolvers<void>();
    answer.promise.catch(() => undefined);
    const lost = (): void => answer.reject(written.length === 0 ? new CoPawError('egress-failed', 'The connection broke.') : over.reason);
    over.addEventListener('abort', lost, { once: true });
    const heard: Line[] = [];
    waiting = { token, heard, done: answer.resolve };
    try {
      for (const line of [...lines, (): Command => ['PING', token]]) {
        const planned = line();
        if (!planned) continue;
        await Promise.race([pace.turn(over, dear.has(planned[0]) ? 2 : 1), answer.promise]);
        const command = line();
        if (over.aborted) lost();
        else if (command) write(...command);
        if (over.aborted) break;
        if (command) written.push(command);
      }
      await answer.promise;
      return { written, heard };
    } finally {
      over.removeEventListener('abort', lost);
      waiting = undefined;
    }
  };

  /** Has the server say when this nick is given up, where it can. */
  const watch = (name: string): readonly Command[] => {
    const most = supports('MONITOR');
    if (most === undefined || watched.has(folded(name))) return [];
    const isFull = watched.size >= Math.min(Number(most) || mostWatched, mostWatched);
    if (isFull) watched.clear();
    watched.add(folded(name));
    return [...(isFull ? [['MONITOR', 'C'] as const] : []), ['MONITOR', '+', name]];
  };

  const named = async (account: string, ...questions: readonly Command[]): Promise<string | undefined> => {
    const asked = questions.map((question) => () => question);
    const { heard } = await ask(asked, 'who').catch((error: unknown) => {
      throw new CoPawError('egress-failed', 'The connection broke.', { cause: error });
    });
    const nicks = heard.flatMap(({ command, params: [, name = '', of] }) => ((command === '330' || command === '354') && of === account ? [name] : []));
    return nicks.find((one) => folded(one) !== folded(nick()) && isNick(one));
  };

  /** Whoever is logged in to the account now, and as long as this is known: not who has the nick it had. It is watched before it is asked about. */
  const readerOf = async (account: string): Promise<Reader> => {
    const { nick: likely, known, fresh } = people.nickOf(account, clock.steady());
    if (fresh && watched.has(folded(likely))) return people.follow(likely);
    if (!isNick(account)) throw new CoPawError('send-refused', 'This is no account.');
    const asked = async (name: string): Promise<Reader | undefined> => {
      const reader = people.follow(name);
      const found = await named(account, ...watch(name), ['WHOIS', name]);
      if (found === undefined || reader.nick === undefined) return undefined;
      people.spoke(account, reader.nick, clock.steady());
      return reader;
    };
    const elsewhere = async (): Promise<Reader | undefined> => {
      const other = supports('WHOX') === undefined ? undefined : await named(account, ['WHO', account, 'a%na']);
      return other === undefined ? undefined : asked(other);
    };
    const found = known ? ((await asked(likely)) ?? (await elsewhere())) : ((await elsewhere()) ?? (await asked(likely)));
    if (!found) throw new CoPawError('channel-down', `Nobody who is logged in as ${account} is there.`, { retryable: true });
    return found;
  };

  return {
    answered(line) {
      const { command, params } = line;
      if (command === '731') for (const name of (params[1] ?? '').split(',')) people.left(name.split('!')[0] ?? '');
      if (command === '734') watched.clear(); // no room for more
      if (!waiting) return false;
      if (command === 'PONG' && params.at(-1) === waiting.token) waiting.done();
      else if (command !== '330' && command !== '354' && !isRefusal(command)) return false;
      else if (waiting.heard.length < mostHeard) waiting.heard.push(line);
      return true;
    },
    async say({ chat, peer }, text, id) {
      const reader: Reader = peer === undefined || byNick ? { nick: chat } : await readerOf(chat);
      const target = reader.nick ?? '';
      if (!(peer === undefined ? isChannel(target) : isNick(target))) throw new CoPawError('send-refused', 'This is neither a channel nor a nick.');
      const lines = linesOf(text, lineBytes - Buffer.byteLength(`:${nick()}!@ PRIVMSG ${target} :\r\n`) - mostUser - mostHost);
      if (lines.length === 0) return;
      const { written, heard } = await ask(
        lines.map((line) => () => (reader.nick === undefined ? undefined : ['PRIVMSG', reader.nick, line])),
        `part-${id}`,
      );
      const targets = new Set(written.map(([, to = '']) => folded(to)));
      const refusals = heard.flatMap(({ command, params }) => (isRefusal(command) && targets.has(folded(params[1] ?? '')) ? [command] : []));
      const refused = sendRefused(refusals, lines.length, target);
      if (refused) throw refused;
      if (written.length <= lines.length)
        throw new CoPawError('channel-down', `${target} left while this was being said.`, { retryable: written.length === 1 });
    },
  };
}
