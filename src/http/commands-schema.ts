// Body of the route that lists the commands of a conversation.
import { type output, type ZodType, z } from 'zod';
import type { ChatCommand } from '../core/chat-command.ts';

const command = z.object({
  name: z.string().describe('Written behind a "/" at the start of a message.'),
  takes: z.object({ en: z.string(), zh: z.string() }).exactOptional().describe('What may follow the name: [ ] may be left out, | stands between choices.'),
  whose: z.enum(['everyone', 'own', 'operator']).describe('everyone: also members of a group; own: not in a group; operator: the operator alone.'),
  says: z.object({ en: z.string(), zh: z.string() }),
}) satisfies ZodType<Omit<ChatCommand, 'quiet'>>;

export const commands = z.object({ commands: z.array(command) });
export type Commands = output<typeof commands>;
