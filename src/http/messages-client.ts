// The life of messages of a running CoPaw over HTTP: only the server can try one again.
import type { MessagePage, MessagesAdmin } from '../core/messages.ts';
import { done } from './contract.ts';
import { arrivedAnswer, arrivedMessages, messageLife, partAnswer, sentParts } from './messages-schema.ts';
import { createAsk, type RemoteRequest, searchOf } from './remote-ask.ts';

export function createRemoteMessages(request: RemoteRequest): MessagesAdmin {
  const ask = createAsk(request);
  const one = (box: string, id: string): string => `/api/${box}/${encodeURIComponent(id)}`;
  const list = (box: string, { show, limit, before }: MessagePage<string>): string => `/api/${box}?${searchOf({ show, limit, before })}`;
  return {
    inbox: async (page) => (await ask(arrivedMessages, list('inbox', page))).messages,
    message: (key) => ask(messageLife, one('inbox', key)),
    retryMessage: async (key) => (await ask(arrivedAnswer, `${one('inbox', key)}/retry`, 'POST')).message,
    settleMessage: async (key, settled) => void (await ask(done, `${one('inbox', key)}/settled`, 'PUT', { settled })),
    outbox: async (page) => (await ask(sentParts, list('outbox', page))).parts,
    answer: (answerId) => ask(messageLife, one('outbox', answerId)),
    retryPart: async (answerId, part, evenIfSent) => (await ask(partAnswer, `${one('outbox', answerId)}/${part}/retry`, 'POST', { evenIfSent })).part,
    settleAnswer: async (answerId, settled) => void (await ask(done, `${one('outbox', answerId)}/settled`, 'PUT', { settled })),
  };
}
