// The commands about chat channels.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addChannelCommands(program: Command, command: Make, act: Act): void {
  const channels = program.command('channels').description('Set chat channels up and look after them; an account is named channel/account');
  const more = (one: string, all: string[] = []): string[] => [...all, one];
  command(channels, 'kinds', 'List the kinds there are').action((options) => act(async (context) => (await import('./channels.ts')).kinds(context, options)));
  command(channels, 'list', 'Say how each account stands').action((options) => act(async (context) => (await import('./channels.ts')).list(context, options)));
  command(channels, 'add [kind] [account]', 'Set an account up, or change one; on a terminal it asks. The account is "main" where none is named')
    .option('--set <key=value>', 'a setting; JSON where it reads as JSON; for more again', more)
    .option('--secret <key=VARIABLE>', 'the environment variable that holds this secret, or "-": its value from stdin, kept encrypted; for more again', more)
    .option('--enable', 'switch it on')
    .action((kind, account, options) => act(async (context) => (await import('./channels-add.ts')).add(context, kind, account, options)));
  command(channels, 'remove <account>', 'Remove an account and its own secrets').action((name, options) =>
    act(async (context) => (await import('./channels.ts')).remove(context, name, options)),
  );
  command(channels, 'enable <account>', 'Switch it on').action((name, options) =>
    act(async (context) => (await import('./channels.ts')).setEnabled(context, name, true, options)),
  );
  command(channels, 'disable <account>', 'Switch it off').action((name, options) =>
    act(async (context) => (await import('./channels.ts')).setEnabled(context, name, false, options)),
  );
  command(channels, 'test <account>', 'Prove it link by link, and say of what failed what to do')
    .option('--to <chat>', 'send the message of the test to this chat')
    .action((name, options) => act(async (context) => (await import('./channels.ts')).test(context, name, options)));
  command(channels, 'send <account> <chat> <text...>', 'Say something in a chat, now and once; "-" reads it from stdin')
    .option('--thread <id>', 'in this thread of the chat')
    .action((name, chat, words, options) => act(async (context) => (await import('./channels.ts')).send(context, name, chat, words, options)));
  command(channels, 'status [account]', 'Say how one stands and how it is set up').action((name, options) =>
    act(async (context) => (await import('./channels.ts')).status(context, name, options)),
  );
  command(channels, 'restart <account>', 'Connect it afresh, now').action((name, options) =>
    act(async (context) => (await import('./channels.ts')).restart(context, name, options)),
  );
}
