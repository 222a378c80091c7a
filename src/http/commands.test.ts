// The list is the table itself, and only for those who hold a credential.
import { expect, test } from 'vitest';
import type { Caller } from '../core/brand.ts';
import { chatCommands } from '../core/chat-command.ts';
import { commandRoutes } from './commands.ts';
import { commands } from './commands-schema.ts';
import { mount } from './mount.ts';
import type { HttpParts } from './parts.ts';

const app = mount(commandRoutes, {} as HttpParts, {
  checkHost: () => undefined,
  authenticate: async ({ headers }) =>
    headers('authorization') ? ({ kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller) : { refused: 'unauthenticated', rule: 'R6', reason: 'No.' },
  until: () => new AbortController().signal,
  redact: (text) => text,
  staticFile: async () => undefined,
});
const get = async (headers: Record<string, string> = {}) => app.fetch(new Request('http://127.0.0.1/api/commands', { headers }));

test('every command is told, in its order and in both languages; not whether it waits', async () => {
  const answer = commands.strict().parse(await (await get({ authorization: 'Bearer x' })).json());
  expect(answer.commands.map(({ name, whose, says }) => ({ name, whose, says }))).toEqual(chatCommands.map(({ name, whose, says }) => ({ name, whose, says })));
  const [help, , , , , model] = answer.commands;
  expect(help).not.toHaveProperty('takes');
  expect(model).toMatchObject({ name: 'model', takes: '[provider/model | default]' });
  expect(answer.commands.some((command) => 'quiet' in command)).toBe(false);
  for (const { says } of answer.commands) expect([says.en, says.zh]).not.toContain('');
});

test('nobody is told without a credential', async () => {
  expect((await get()).status).toBe(401);
});
