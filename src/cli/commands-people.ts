// The commands about who may do what, who may talk, and what is said later.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addPeopleCommands(program: Command, command: Make, act: Act): void {
  const policy = program.command('policy').description('See what is allowed to whom and why, and take grants back');
  const forWhom = (made: Command) =>
    made
      .option('--agent <id>', 'of this agent; else the first')
      .option('--channel <kind>', 'in a conversation on this channel')
      .option('--account <name>', 'of this account of the channel')
      .option('--tool <name>', 'for this tool');
  forWhom(command(policy, 'show', 'Print the table of verdicts with the rules applied')).action((options) =>
    act(async (context) => (await import('./policy.ts')).show(context, options)),
  );
  forWhom(command(policy, 'preview', 'Say for each effect what such a sender could do, and why'))
    .requiredOption('--origin <origin>', 'operator, direct, group or unattended')
    .option('--tainted', 'once the session has read the words of strangers')
    .action((options) => act(async (context) => (await import('./policy.ts')).preview(context, options)));
  const grants = policy.command('grants').description('Standing grants: what you said "always" to');
  command(grants, 'list', 'List them').action((options) => act(async (context) => (await import('./policy.ts')).grants(context, options)));
  command(grants, 'revoke <id>', 'Take one back').action((id, options) => act(async (context) => (await import('./policy.ts')).revoke(context, id, options)));

  const taint = program.command('taint').description('Sessions and files that hold the words of strangers');
  command(taint, 'list', 'List them').action((options) => act(async (context) => (await import('./policy.ts')).taint(context, options)));
  command(taint, 'clear <what>', 'Take the mark off a session, or off a file or folder')
    .option('--agent <id>', 'it is a path of this agent')
    .action((what, options) => act(async (context) => (await import('./policy.ts')).clearTaint(context, what, options)));

  const pairing = program.command('pairing').description('Let people in who wrote on a channel and were given a code');
  command(pairing, 'list', 'List who waits').action((options) => act(async (context) => (await import('./pairing.ts')).list(context, options)));
  command(pairing, 'approve <code>', 'Let in whoever was given this code')
    .option('--operator', 'the id is your own: it may do what you may, and answer approvals')
    .action((code, options) => act(async (context) => (await import('./pairing.ts')).approve(context, code, options)));
  command(pairing, 'deny <code>', 'Refuse whoever was given this code').action((code, options) =>
    act(async (context) => (await import('./pairing.ts')).deny(context, code, options)),
  );

  const reminders = program.command('reminders').description('What will be said later');
  command(reminders, 'list', 'List what waits, the next one first').action((options) =>
    act(async (context) => (await import('./reminders.ts')).list(context, options)),
  );
  command(reminders, 'cancel <id>', 'Cancel one: it is never said').action((id, options) =>
    act(async (context) => (await import('./reminders.ts')).cancel(context, id, options)),
  );
}
