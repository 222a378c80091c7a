// The backup commands of the command line.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addBackupCommands(program: Command, command: Make, act: Act): void {
  const backup = program.command('backup').description('Backups of the home: make, list, check, go back');
  command(backup, 'create', 'Write settings, database, workspaces and skills into one signed file; secrets are never in it')
    .option('--out <file>', 'a new file; else one in the backups folder of the home')
    .option('--passphrase-stdin', 'encrypt it with a passphrase read from stdin')
    .action((options) => act(async (context) => (await import('./backup.ts')).create(context, options)));
  command(backup, 'list', 'List the backups of the home').action((options) => act(async (context) => (await import('./backup.ts')).list(context, options)));
  command(backup, 'verify <file>', 'Check signature, hashes and database, and say what it holds')
    .option('--passphrase-stdin', 'read its passphrase from stdin')
    .action((file, options) => act(async (context) => (await import('./backup.ts')).verify(context, file, options)));
  command(backup, 'restore <file>', 'Show what would be replaced, ask, and go back to it; CoPaw must not run')
    .option('--with <items>', 'bring back what gives rights: devices, allowlists, grants, skills, schedules, models, rules')
    .option('--passphrase-stdin', 'read its passphrase from stdin; needs --yes')
    .option('--yes', 'ask nothing')
    .action((file, options) => act(async (context) => (await import('./backup.ts')).restore(context, file, options)));
}
