// Composition of the life of messages for the command line where no server runs: looking only, under the home's lock.
import type { MessagesAdmin } from './core/messages.ts';
import { type Environment, withHome } from './open-home.ts';

export async function openMessagesAdmin(home: string, environment: Environment): Promise<MessagesAdmin> {
  const { createMessagesAdmin } = await import('./gateway/messages.ts');
  const alone = <T>(ask: (admin: MessagesAdmin) => Promise<T>): Promise<T> =>
    withHome(home, environment, ({ store, secrets }) => ask(createMessagesAdmin({ store, redact: secrets.redact, by: 'cli' })));
  return {
    inbox: (page) => alone((admin) => admin.inbox(page)),
    message: (key) => alone((admin) => admin.message(key)),
    retryMessage: (key) => alone((admin) => admin.retryMessage(key)),
    settleMessage: (key, settled) => alone((admin) => admin.settleMessage(key, settled)),
    outbox: (page) => alone((admin) => admin.outbox(page)),
    answer: (answerId) => alone((admin) => admin.answer(answerId)),
    retryPart: (answerId, part, evenIfSent) => alone((admin) => admin.retryPart(answerId, part, evenIfSent)),
    settleAnswer: (answerId, settled) => alone((admin) => admin.settleAnswer(answerId, settled)),
  };
}
