// The list is the table itself, and only for those who hold a credential.
import { expect, test } from 'vitest';
import { chatCommands } from '../core/chat-command.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { commandRoutes } from './commands.ts';
import { commands } from './commands-schema.ts';

const { ask, strangers } = mountRoutes(commandRoutes, {});

test('every command is told, in its order and in both languages; not whether it waits', async () => {
  const answer = commands.strict().parse(await (await ask('/api/commands')).json());
  expect(answer.commands.map(({ name, whose, says }) => ({ name, whose, says }))).toEqual(chatCommands.map(({ name, whose, says }) => ({ name, whose, says })));
  const [help, , , , , model] = answer.commands;
  expect(help).not.toHaveProperty('takes');
  expect(model).toMatchObject({ name: 'model', takes: { en: '[provider/model | default]' } });
  expect(answer.commands.some((command) => 'quiet' in command)).toBe(false);
  for (const { says } of answer.commands) expect([says.en, says.zh]).not.toContain('');
});

test('nobody is told without a credential', async () => {
  expect(await strangers()).toEqual([401]);
});
