// The first row that fits counts; what is not said fits everything; an agent that is not there answers nowhere.
import { expect, test } from 'vitest';
import { agentOf } from './agent-routes.ts';
import { configSchema } from './config.ts';

const config = configSchema.parse({
  agents: { main: {}, work: {}, family: {} },
  routes: [
    { channel: 'telegram', chat: '7', agent: 'gone' },
    { channel: 'telegram', peer: 'ana', agent: 'family' },
    { channel: 'telegram', account: 'office', agent: 'work' },
    { chat: 'C1', agent: 'work' },
  ],
});
const at = (channel: string, account: string, chat: string, peer?: string) =>
  agentOf(config, { channel, account, chat, ...(peer === undefined ? {} : { peer }) });

test('by person, account and chat, from the top', () => {
  expect(at('telegram', 'office', '1', 'ana')).toBe('family');
  expect(at('telegram', 'office', '2', 'ben')).toBe('work');
  expect(at('slack', 'main', 'C1')).toBe('work');
  expect(at('telegram', 'main', '7')).toBe('main');
  expect(at('console', 'local', 's')).toBe('main');
  expect(agentOf(config, undefined)).toBe('main');
});

test('attack: a group whose id is that of a person is not their direct chat', () => expect(at('telegram', 'main', 'ana')).toBe('main'));
