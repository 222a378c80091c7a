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
/** What is heard of one part. */
const mostHeard = 100;

export interface Outgoing {
  /** Whether it is about lines on their way. */
  answered(line: Line): boolean;
  say(to: Address, text: string, id: string): Promise<void>;
}

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
  /** The server can say who has an account (WHOX). */
  knowsAccounts(): boolean;
}

export function createOutgoing({ clock, lineMs, byNick, people, over, write, nick, folded, knowsAccounts }: OutgoingParts): Outgoing {
  const pace = createPace(clock, lineMs);
  let waiting: { readonly token: string; readonly heard: Line[]; done(): void } | undefined;

  /** Resolves with what was said to these lines; rejects when the connection ends before the server has taken them. */
  const ask = async (lines: readonly (readonly string[])[], token: string): Promise<readonly Line[]> => {
    let written = 0;
    const answer = Promise.withResolvers<void>();
    answer.promise.catch(() => undefined);
    const lost = (): void => answer.reject(written === 0 ? new CoPawError('egress-failed', 'The connection broke.') : over.reason);
    over.addEventListener('abort', lost, { once: true });
    const heard: Line[] = [];
    waiting = { token, heard, done: answer.resolve };
    try {
      for (const [command = '', ...params] of [...lines, ['PING', token]]) {
        await Promise.race([pace.turn(over, command.startsWith('WHO') ? 2 : 1), answer.promise]);
        if (over.aborted) lost();
        else write(command, ...params);
        if (over.aborted) break;
        written++;
      }
      await answer.promise;
      return heard;
    } finally {
      over.removeEventListener('abort', lost);
      waiting = undefined;
    }
  };

  /** Whoever is logged in to the account now: not who has the nick it had. */
  const nickFor = async (account: string): Promise<string> => {
    const { nick: likely, sure } = people.nickOf(account, clock.steady());
    if (sure) return likely;
    if (!isNick(account)) throw new CoPawError('send-refused', 'This is no account.');
    const named = async (question: readonly string[]): Promise<string | undefined> => {
      const heard = await ask([question], 'who').catch((error: unknown) => {
        throw new CoPawError('egress-failed', 'The connection broke.', { cause: error });
      });
      const nicks = heard.flatMap(({ command, params: [, name = '', of] }) => ((command === '330' || command === '354') && of === account ? [name] : []));
      return nicks.find((one) => folded(one) !== folded(nick()) && isNick(one));
    };
    const found = (await named(['WHOIS', likely])) ?? (knowsAccounts() ? await named(['WHO', account, 'a%na']) : undefined);
    if (found === undefined) throw new CoPawError('channel-down', `Nobody who is logged in as ${account} is there.`, { retryable: true });
    people.spoke(account, found, clock.steady());
    return found;
  };

  return {
    answered(line) {
      const { command, params } = line;
      if (!waiting) return false;
      if (command === 'PONG' && params.at(-1) === waiting.token) waiting.done();
      else if (command !== '330' && command !== '354' && !isRefusal(command)) return false;
      else if (waiting.heard.length < mostHeard) waiting.heard.push(line);
      return true;
    },
    async say({ chat, peer }, text, id) {
      const target = peer === undefined || byNick ? chat : await nickFor(chat);
      if (!(peer === undefined ? isChannel(target) : isNick(target))) throw new CoPawError('send-refused', 'This is neither a channel nor a nick.');
      const lines = linesOf(text, lineBytes - Buffer.byteLength(`:${nick()}!@ PRIVMSG ${target} :\r\n`) - mostUser - mostHost);
      if (lines.length === 0) return;
      const heard = await ask(
        lines.map((line) => ['PRIVMSG', target, line]),
        `part-${id}`,
      );
      const refusals = heard.flatMap(({ command, params }) => (isRefusal(command) && folded(params[1] ?? '') === folded(target) ? [command] : []));
      const refused = sendRefused(refusals, lines.length, target);
      if (refused) throw refused;
    },
  };
}
