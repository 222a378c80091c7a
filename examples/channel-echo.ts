// A channel of a third party, whole in one file: a chat server that speaks JSON lines over TCP. Written exactly as the built-in ones are; see docs/plugin.md.

import { type Channel, type ChannelHands, type ChannelKind, CoPawError, channelKind, channelSecret, type Plugin, partName } from 'copaw/plugin';
import { z } from 'zod';

const settings = z.looseObject({
  host: z.string().min(1).default('127.0.0.1').describe('Where the chat server runs.'),
  port: z.int().min(1).max(65_535).describe('Its port.'),
  token: channelSecret().describe('What this account shows to be let in.'),
});
type Settings = z.output<typeof settings>;

/** What the server may say. Anything else is left alone. */
const fromServer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome') }),
  z.object({ type: z.literal('denied') }),
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('said'), id: z.string(), from: z.string(), text: z.string(), at: z.number(), answers: z.string().optional() }),
  z.object({ type: z.literal('sent'), key: z.string(), id: z.string() }),
  z.object({ type: z.literal('refused'), key: z.string(), status: z.number(), wait: z.number().optional() }),
]);
type FromServer = z.output<typeof fromServer>;

const kind: ChannelKind<typeof settings> = {
  kind: 'echo',
  title: 'Echo',
  settings,
  origins: ({ host, port }) => [`tcp://${host}:${port}`],
  open: openEcho,
};

/** What CoPaw is handed: parts, and nothing that registers itself. */
export const plugin: Plugin = () => ({ channels: [channelKind(kind)] });

function openEcho({ host, port, token }: Settings, hands: ChannelHands): Channel {
  const waiting = new Map<string, (answer: FromServer | undefined) => void>();
  let write: ((line: object) => boolean) | undefined;
  const end = (): void => {
    write = undefined;
    for (const settle of waiting.values()) settle(undefined);
  };
  return {
    limits: { dialect: 'plain', textLength: 2_000, media: false, edit: false, choices: false, threads: false },
    async start(inbox, signal) {
      const secret = await hands.secret(token);
      const socket = await hands.connect(`tcp://${host}:${port}`, signal);
      signal.addEventListener('abort', () => socket.destroy(), { once: true });
      const say = (line: object): boolean => socket.write(`${JSON.stringify(line)}\n`);
      say({ type: 'hello', token: secret });
      try {
        for await (const line of lines(socket)) {
          const said = fromServer.safeParse(json(line)).data;
          if (said?.type === 'denied')
            throw new CoPawError('unauthenticated', 'The server does not know this token.', { next: 'Ask its owner for another one.' });
          inbox.alive();
          if (said?.type === 'welcome') write = say;
          if (said?.type === 'ping') say({ type: 'pong' });
          if (said?.type === 'sent' || said?.type === 'refused') waiting.get(said.key)?.(said);
          if (said?.type !== 'said') continue;
          const { id, from, text, at, answers } = said;
          const chat = { id: from, kind: 'direct' } as const;
          await inbox.receive({ kind: 'message', id, chat, sender: { id: from }, at, text, ...(answers === undefined ? {} : { replyTo: answers }) });
          say({ type: 'taken', id });
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        socket.destroy();
        end();
      }
    },
    async send({ chat }, { text }, partKey) {
      const key = partName(partKey);
      if (write === undefined) throw new CoPawError('egress-failed', 'The server is not connected.');
      const answer = Promise.withResolvers<FromServer | undefined>();
      waiting.set(key, answer.resolve);
      write({ type: 'send', key, to: chat, text });
      const said = await answer.promise.finally(() => waiting.delete(key));
      if (said?.type === 'sent') return { id: said.id };
      if (said?.type !== 'refused') throw new CoPawError('channel-down', 'The connection broke before the server answered.', { retryable: false });
      if (said.status === 401) throw new CoPawError('unauthenticated', 'The server does not know this account any more.');
      if (said.status === 429) throw new CoPawError('busy', 'The server asks for a pause.', { retryAfterMs: said.wait ?? 1_000 });
      throw new CoPawError(said.status < 500 ? 'send-refused' : 'egress-failed', `The server refused it (${said.status}).`);
    },
    stop: async () => end(),
  };
}

/** Lines of UTF-8 of at most a million characters. */
async function* lines(socket: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of socket) {
    const [first = '', ...more] = `${rest}${decoder.decode(piece, { stream: true })}`.split('\n');
    for (const line of [first, ...more].slice(0, -1)) yield line;
    rest = more.at(-1) ?? first;
    if (rest.length > 1_000_000) throw new CoPawError('channel-down', 'The server sent a line without an end.');
  }
}

function json(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
