// The commands of a conversation, for whoever completes them: the one table, in both languages.
import { type ChatCommand, chatCommands } from '../core/chat-command.ts';
import { commands } from './commands-schema.ts';
import type { HttpParts } from './parts.ts';
import { route } from './route.ts';

const all: readonly ChatCommand[] = chatCommands;

export const commandRoutes = [
  route({
    method: 'GET',
    path: '/api/commands',
    summary: 'The commands a conversation understands',
    response: commands,
    handle: (_: HttpParts) => ({
      commands: all.map(({ name, takes, whose, says }) => ({ name, whose, says, ...(takes === undefined ? {} : { takes }) })),
    }),
  }),
];
