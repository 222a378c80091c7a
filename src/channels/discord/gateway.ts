// One connection to Discord's gateway: hello, heartbeats, identify or resume, and the dispatches one after the other. A sequence number counts
// as received only once its event was taken, so that a resumed session brings again what was not.

import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import { jsonOf } from '../../lib/json-of.ts';
import { openWebSocket } from '../web-socket.ts';
import { frameShape, helloShape, readyShape } from './wire.ts';

/** GUILDS, GUILD_MESSAGES and their reactions, DIRECT_MESSAGES and their reactions, MESSAGE_CONTENT. */
export const intents = (1 << 0) | (1 << 9) | (1 << 10) | (1 << 12) | (1 << 13) | (1 << 15);
/** Frames that wait to be taken; more, and the connection is broken off and resumed from there. */
const mostWaiting = 2_000;

/** What a session needs to be taken up again. */
export interface Session {
  readonly id: string;
  /** Where it is resumed. */
  readonly url: string;
  readonly self: string;
  readonly application: string;
  /** Of the last event that was taken. */
  sequence: number;
}

export interface GatewayParts {
  readonly hands: ChannelHands;
  /** Where a new session begins. */
  readonly url: string;
  token(): Promise<string>;
  /** To be resumed. */
  readonly session: Session | undefined;
  readonly signal: AbortSignal;
  alive(): void;
  /** Resolves once what the event brought is stored. */
  dispatch(session: Session, name: string, data: unknown, sequence: number): Promise<void>;
  ready(session: Session, resumed: boolean): void;
}

/** How a connection ended. */
export interface Ending {
  /** The session goes on in the next connection. */
  readonly session: Session | undefined;
  /** Something new was taken, or the session was taken up. */
  readonly progress: boolean;
  readonly error: CoPawError;
}

/** Throws what trying again by itself does not mend, and what keeps a connection from coming about. */
export async function runGateway({ hands, url, token, signal, alive, dispatch, ready, ...parts }: GatewayParts): Promise<Ending> {
  let { session } = parts;
  let progress = false;
  const over = Promise.withResolvers<{ readonly resume: boolean; readonly error: CoPawError }>();
  const end = (resume: boolean, error: CoPawError): void => over.resolve({ resume, error });
  const given = await token();
  const webSocket = await openWebSocket(hands, `${(session?.url ?? url).replace(/\/+$/u, '')}/?v=10&encoding=json`, signal);
  let timer: { cancel(): void } | undefined;
  let ended = false;
  let acknowledged = true;
  let waiting = 0;
  let work = Promise.resolve();

  const send = (op: number, d: unknown): void => webSocket.send(JSON.stringify({ op, d }), () => undefined);
  const beat = (): void => {
    acknowledged = false;
    send(1, session?.sequence ?? null);
  };
  const beats = (interval: number, first: number): void => {
    timer?.cancel();
    timer = hands.clock.after(first, () => {
      if (!acknowledged) return end(true, new CoPawError('channel-down', 'Discord did not answer a heartbeat.'));
      beat();
      beats(interval, interval);
    });
  };
  const introduce = (): void => {
    if (session) send(6, { token: given, session_id: session.id, seq: session.sequence });
    else send(2, { token: given, intents, properties: { os: 'linux', browser: 'copaw', device: 'copaw' } });
  };
  const take = async (name: string, data: unknown, sequence: number): Promise<void> => {
    if (name === 'READY') {
      const said = readyShape.parse(data);
      session = { id: said.session_id, url: said.resume_gateway_url, self: said.user.id, application: said.application.id, sequence };
      ready(session, false);
    } else if (session) {
      if (name === 'RESUMED') ready(session, true);
      else await dispatch(session, name, data, sequence);
      session.sequence = Math.max(session.sequence, sequence);
    }
    progress = true;
  };
  const queue = (name: string, data: unknown, sequence: number) => {
    if (++waiting > mostWaiting) return end(true, new CoPawError('channel-down', 'Discord says more than can be taken.'));
    work = work
      .then(() => (ended ? undefined : take(name, data, sequence)))
      .then(() => void waiting--)
      .catch((error: unknown) => {
        ended = true; // what comes after it is not taken before it
        end(true, toCoPawError(error));
      });
  };

  webSocket.on('message', (bytes, isBinary) => {
    const frame = isBinary ? undefined : frameShape.safeParse(jsonOf(String(bytes))).data;
    if (!frame || ended) return;
    const { op, d, s, t } = frame;
    if (op === 0 && t && s != null) queue(t, d, s);
    else if (op === 1) beat();
    else if (op === 7) end(true, new CoPawError('channel-down', 'Discord asked for a new connection.'));
    else if (op === 9) end(d === true, new CoPawError('channel-down', 'Discord ended the session.'));
    else if (op === 10) {
      const hello = helloShape.safeParse(d);
      if (!hello.success) return end(false, new CoPawError('channel-down', 'Discord did not say how often it wants to hear from us.'));
      const { heartbeat_interval: interval } = hello.data;
      beats(interval, interval * hands.random());
      introduce();
    } else if (op === 11) {
      acknowledged = true;
      alive();
    }
  });
  webSocket.once('close', (code) => end(...closed(code)));

  try {
    const { resume, error } = await over.promise;
    ended = true;
    if (!error.retryable && error.code !== 'internal' && !resume) throw error;
    await work;
    return { session: resume ? session : undefined, progress, error };
  } finally {
    ended = true;
    timer?.cancel();
    webSocket.terminate(); // not a proper end: that would end the session too
  }
}

const portal = 'in the Discord developer portal (discord.com/developers/applications)';

/** What the code of a closed connection says: https://discord.com/developers/docs/topics/opcodes-and-status-codes */
function closed(code: number): [resume: boolean, error: CoPawError] {
  const said = `Discord closed the connection (${code}).`;
  switch (code) {
    case 4004:
      return [
        false,
        new CoPawError('unauthenticated', 'Discord does not know this token.', { next: `Reset the token ${portal}, then run: copaw channels add discord` }),
      ];
    case 4013:
    case 4014:
      return [
        false,
        new CoPawError('forbidden', 'Discord does not let this bot read what is written.', {
          next: `Switch on "Message Content Intent" on the page "Bot" ${portal}, then run: copaw channels restart`,
        }),
      ];
    case 4010:
    case 4011:
    case 4012:
      return [false, new CoPawError('forbidden', said, { next: 'This bot is in too many servers, or CoPaw is too old for Discord.' })];
    case 4003:
    case 4007:
    case 4009:
      return [false, new CoPawError('channel-down', said)];
    default:
      return [true, new CoPawError('channel-down', said)];
  }
}
