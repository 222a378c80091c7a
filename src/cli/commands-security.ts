// The security commands of the command line: devices, secrets, audit, security.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addSecurityCommands(program: Command, command: Make, act: Act): void {
  const devices = program.command('devices').description('Browsers and scripts that hold a token');
  command(devices, 'list', 'List them').action((options) => act(async (context) => (await import('./devices.ts')).list(context, options)));
  command(devices, 'add <name>', 'Make one more token and print it, once').action((name, options) =>
    act(async (context) => (await import('./devices.ts')).add(context, name, options)),
  );
  command(devices, 'revoke <id>', 'Revoke one; what it has open ends at once').action((id, options) =>
    act(async (context) => (await import('./devices.ts')).revoke(context, id, options)),
  );
  const push = devices.command('push').description('What a browser is told while nobody looks at the console there');
  command(push, 'off <id>', 'Tell it nothing any more').action((id, options) =>
    act(async (context) => (await import('./devices.ts')).pushOff(context, id, options)),
  );
  command(program, 'token', 'Make one more access token, as `devices add` does; revokes none')
    .option('--name <name>', 'what it is for', 'cli')
    .action((options) => act(async (context) => (await import('./devices.ts')).token(context, options)));

  const secrets = program.command('secrets').description('Keys and passwords: kept encrypted, used without being seen');
  command(secrets, 'set <name>', 'Set one; the value comes from a hidden prompt')
    .option('--stdin', 'read the value from stdin')
    .option('--origin <url...>', 'fetch_url may send it there, in a header')
    .option('--header <name>', 'the header; else Authorization')
    .option('--format <text>', 'what the header holds: {secret}, or {base64}; else "Bearer {secret}"')
    .option('--env <variable>', 'a command may get it in this variable')
    .action((name, options) => act(async (context) => (await import('./secrets.ts')).set(context, name, options)));
  command(secrets, 'list', 'List names and uses; never values').action((options) =>
    act(async (context) => (await import('./secrets.ts')).list(context, options)),
  );
  command(secrets, 'delete <name>', 'Delete one').action((name, options) =>
    act(async (context) => (await import('./secrets.ts')).remove(context, name, options)),
  );

  const audit = program.command('audit').description('What was done, asked and refused');
  command(audit, 'tail', 'Print the newest records')
    .option('-n, --lines <number>', 'how many', '20')
    .option('-f, --follow', 'print what is added, until Ctrl-C')
    .option('--kind <kind>', 'only these, for example tool-denied')
    .action((options) => act(async (context) => (await import('./audit.ts')).tail(context, options)));
  command(audit, 'verify', 'Walk the whole chain; exit code 1 when it is broken').action((options) =>
    act(async (context) => (await import('./audit.ts')).verify(context, options)),
  );
  command(audit, 'export <file>', 'Write all records with their chain as JSON lines into a new file').action((file, options) =>
    act(async (context) => (await import('./audit.ts')).exportTo(context, file, options)),
  );

  const security = program.command('security').description('Review this CoPaw; report a vulnerability');
  command(security, 'audit', 'Look for what is open, weak or changed; exit code 10 medium, 11 high, 12 critical')
    .option('--fix', 'mend what can be mended safely: file modes, leftovers')
    .option('--since-last-review', 'show only what changed')
    .action((options) => act(async (context) => (await import('./security.ts')).audit(context, options)));
  command(security, 'report', 'Print a private vulnerability report; exit code 1 while it is not complete')
    .option('--from <file>', 'Markdown with what CoPaw cannot know')
    .action((options) => act(async (context) => (await import('./security.ts')).report(context, options)));
}
