// Which agent answers where: one table in config.json, read from the top; the first row that fits counts, and where none does the first agent answers.
import { z } from 'zod';
import type { Address } from './address.ts';
import type { Config } from './config.ts';

const id = z.string().min(1).max(256);

export const agentRoute = z.looseObject({
  channel: z.string().min(1).optional().describe('Only on this kind of channel.'),
  account: z.string().min(1).optional().describe('Only on this account of it.'),
  chat: id.optional().describe('Only in this chat, by the id the platform gives it.'),
  peer: id.optional().describe('Only in the direct chat with this person, by the id the platform gives them.'),
  agent: z.string().min(1).describe('Who answers, as named under "agents".'),
});

/** A row that names an agent which is not there fits nowhere. */
export function agentOf({ agents, routes }: Pick<Config, 'agents' | 'routes'>, address: Address | undefined): string {
  const fits = (address === undefined ? [] : routes).find(
    ({ agent, ...place }) =>
      Object.hasOwn(agents, agent) &&
      (['channel', 'account', 'chat', 'peer'] as const).every((name) => place[name] === undefined || place[name] === address?.[name]),
  );
  return fits?.agent ?? Object.keys(agents)[0] ?? 'main';
}
