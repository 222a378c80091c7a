// Every command of the command line by its first word. Only the family that is asked for is built; help and a word nobody knows build them all.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

interface Family {
  /** First words of its commands, in the order of the help. */
  readonly names: readonly string[];
  readonly add: () => Promise<(program: Command, command: Make, act: Act) => void>;
}

export const families: readonly Family[] = [
  {
    names: ['init', 'start', 'open', 'ask', 'chat', 'undo', 'doctor', 'version'],
    add: async () => (await import('./commands-main.ts')).addMainCommands,
  },
  { names: ['models', 'config', 'agents', 'skills'], add: async () => (await import('./commands-set-up.ts')).addSetUpCommands },
  { names: ['sessions'], add: async () => (await import('./commands-sessions.ts')).addSessionCommands },
  { names: ['memory'], add: async () => (await import('./commands-memory.ts')).addMemoryCommands },
  { names: ['learning'], add: async () => (await import('./commands-learning.ts')).addLearningCommands },
  { names: ['inbox', 'outbox', 'activity', 'usage', 'status', 'logs'], add: async () => (await import('./commands-messages.ts')).addMessageCommands },
  { names: ['channels'], add: async () => (await import('./commands-channels.ts')).addChannelCommands },
  { names: ['policy', 'taint', 'pairing', 'reminders'], add: async () => (await import('./commands-people.ts')).addPeopleCommands },
  { names: ['devices', 'token', 'secrets', 'audit', 'security'], add: async () => (await import('./commands-security.ts')).addSecurityCommands },
  { names: ['backup'], add: async () => (await import('./commands-backup.ts')).addBackupCommands },
];

/** Adds the commands that `first` may mean. */
export async function addCommands(program: Command, command: Make, act: Act, first: string | undefined): Promise<void> {
  const meant = families.filter(({ names }) => first !== undefined && names.includes(first));
  for (const { add } of meant.length > 0 ? meant : families) (await add())(program, command, act);
}
