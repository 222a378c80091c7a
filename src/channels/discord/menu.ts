// The menu of commands that Discord's clients show behind "/": CoPaw's own table. Written only where Discord has another one.
import { z } from 'zod';
import { chatCommands } from '../../core/chat-command.ts';
import type { Language } from '../../core/config.ts';
import type { Rest } from './rest.ts';

const known = z.array(z.object({ name: z.string(), description: z.string(), options: z.array(z.object({ description: z.string() })).nullish() }));

type Shown = z.output<typeof known>[number];

/** Usable in servers and in direct messages with the bot (contexts 0 and 1); a text (type 3) may follow where the command takes one. */
const menu = (language: Language): readonly Shown[] =>
  chatCommands.map((command) => ({
    ...{ name: command.name, description: command.says[language].slice(0, 100), type: 1, contexts: [0, 1] },
    options: 'takes' in command ? [{ type: 3, name: 'text', description: command.takes[language].slice(0, 100), required: false }] : [],
  }));

export async function writeMenu(rest: Rest, application: string, language: Language): Promise<void> {
  const path = `applications/${application}/commands`;
  const wanted = menu(language);
  const there = (await rest.ask('GET', path)).json(known);
  if (summary(there) !== summary(wanted)) await rest.ask('PUT', path, { json: wanted });
}

const summary = (commands: readonly Shown[]): string =>
  JSON.stringify(commands.map(({ name, description, options }) => [name, description, ...(options ?? []).map((one) => one.description)]).sort());
