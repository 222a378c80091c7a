// The table says which family a word belongs to; what a family adds must be what the table says, or a command could not be called.
import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { Make } from './command-parts.ts';
import { addCommands, families } from './commands.ts';

const make: Make = (parent, usage, description) => parent.command(usage).description(description);
const names = async (first?: string): Promise<readonly string[]> => {
  const program = new Command('copaw');
  await addCommands(program, make, async () => undefined, first);
  return program.commands.map((command) => command.name());
};

test('each family adds the commands that the table names, and no other', async () => {
  for (const family of families) for (const first of family.names) expect([...(await names(first))].sort()).toEqual([...family.names].sort());
});

test('help and a word that nobody knows get them all', async () => {
  const all = families.flatMap((family) => family.names);
  expect(new Set(all).size).toBe(all.length);
  for (const first of [undefined, '--help', 'help', 'starte']) expect([...(await names(first))].sort()).toEqual([...all].sort());
});
