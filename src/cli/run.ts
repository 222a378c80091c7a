// The command line: what there is to say. Each command's work is in a file of its own, loaded when it is called.
import { CoPawError } from '../core/error.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { report } from './failure.ts';
import type { CliParts } from './parts.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command and returns its exit code (exit-codes.ts). Never throws. */
export async function run(argv: readonly string[], loadParts: () => Promise<CliParts>, terminal: Terminal): Promise<number> {
  let code: number = exitCodes.answered;
  const end = argv.indexOf('--');
  const json = (end === -1 ? argv : argv.slice(0, end)).includes('--json');
  try {
    const program = await createProgram(terminal, json, async (action) => {
      const parts = await loadParts();
      code = await action({ parts, terminal: withoutSecrets(terminal, parts) });
    });
    const [first, ...rest] = argv;
    await program.parseAsync(first === '--version' || first === '-V' ? ['version', ...rest] : [...argv], { from: 'user' });
    return code;
  } catch (error) {
    const { CommanderError } = await import('commander');
    if (!(error instanceof CommanderError)) return report(error, terminal, json);
    if (error.code === 'commander.helpDisplayed') return exitCodes.answered;
    if (error.code === 'commander.help') return exitCodes.usage;
    return report(new CoPawError('usage', error.message.replace(/^error: /u, ''), { next: 'See `copaw --help`.', cause: error }), terminal, json);
  }
}

/** The last sink: what this process prints holds no secret it knows. */
function withoutSecrets(terminal: Terminal, { redact }: CliParts): Terminal {
  return { ...terminal, out: (text) => terminal.out(redact(text)), error: (text) => terminal.error(redact(text)) };
}

type Act = (action: (context: Context) => Promise<number>) => Promise<void>;

async function createProgram(terminal: Terminal, json: boolean, act: Act) {
  const { Command } = await import('commander');
  const program = new Command('copaw');
  program
    .description('A personal AI assistant that runs on your own machine.')
    .option('-V, --version', 'print the version')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => json || terminal.error(text), outputError: () => undefined })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 usage, 3 home or configuration, 4 not authorized, 5 refused, 10 to 12 findings of `security audit`, 130 stopped.\nThe home is --home, else $COPAW_HOME, else the directory for application data.',
    );

  const command = (parent: InstanceType<typeof Command>, usage: string, description: string) =>
    parent
      .command(usage)
      .description(description)
      .option('--home <directory>', 'use this home')
      .option('--json', 'print JSON')
      .configureHelp({ showGlobalOptions: false });

  command(program, 'init', 'Show the security notice, and make a home once you accept it')
    .option('--defaults', 'ask nothing but the notice')
    .option('--accept-security', 'accept the notice without a question')
    .action((options) => act(async (context) => (await import('./init.ts')).init(context, options)));

  command(program, 'start', 'Run the server and the web console')
    .option('--port <number>', 'listen on this port; 0 takes a free one')
    .option('--no-open', 'do not open a browser')
    .option('--accept-security', 'accept the notice without a question')
    .action((options) => act(async (context) => (await import('./start.ts')).start(context, options)));

  command(program, 'open', 'Print a fresh login link to the running server')
    .option('--no-open', 'do not open a browser')
    .action((options) => act(async (context) => (await import('./open.ts')).open(context, options)));

  command(program, 'ask <text...>', 'Ask one question and print the answer; "-" reads it from stdin')
    .option('--session <id>', 'continue this conversation')
    .action((words, options) => act(async (context) => (await import('./ask.ts')).ask(context, words, options)));

  command(program, 'chat', 'Talk in this terminal')
    .option('--session <id>', 'continue this conversation')
    .action((options) => act(async (context) => (await import('./chat.ts')).chat(context, options)));

  command(program, 'undo [turn]', 'Take back what a turn did to files; without one, the newest that is not undone')
    .option('--session <id>', 'the newest of this conversation')
    .option('--list', 'list turns that changed files')
    .option('--dry-run', 'only say what would be done')
    .option('--force', 'also where somebody changed the file since')
    .action((turn, options) => act(async (context) => (await import('./undo.ts')).undo(context, turn, options)));

  const models = program.command('models').description('See and change the models that answer');
  command(models, 'list', 'List providers').action((options) => act(async (context) => (await import('./models.ts')).list(context, options)));
  command(models, 'add <id>', 'Add a provider')
    .requiredOption('--kind <kind>', 'openai-compatible, openai, anthropic or google')
    .requiredOption('--model <name>', "the provider's own name of the model")
    .option('--base-url <url>', 'address of the API')
    .option('--key-env <name>', 'read the key from this environment variable')
    .option('--key-stdin', 'read the key from stdin and keep it encrypted')
    .option('--no-key', 'it needs no key')
    .option('--default', 'let this model answer from now on')
    .action((id, options) => act(async (context) => (await import('./models.ts')).add(context, id, options)));
  command(models, 'test [ref]', 'Call a model ("provider/model"; without one, the default) and say what works').action((ref, options) =>
    act(async (context) => (await import('./models.ts')).test(context, ref, options)),
  );
  command(models, 'set <ref>', 'Let "provider/model" answer from now on').action((ref, options) =>
    act(async (context) => (await import('./models.ts')).set(context, ref, options)),
  );
  command(models, 'remove <id>', 'Remove a provider and its stored key').action((id, options) =>
    act(async (context) => (await import('./models.ts')).remove(context, id, options)),
  );

  const config = program.command('config').description('Read and change config.json; a key is a dotted path, or a JSON array of keys');
  command(config, 'get [key]', 'Print a value, or everything, as it is in force').action((key, options) =>
    act(async (context) => (await import('./config.ts')).get(context, key, options)),
  );
  command(config, 'set <key> <value>', 'Set a value; JSON where it reads as JSON, else text').action((key, value, options) =>
    act(async (context) => (await import('./config.ts')).set(context, key, value, options)),
  );
  command(config, 'unset <key>', 'Return to the default').action((key, options) =>
    act(async (context) => (await import('./config.ts')).unset(context, key, options)),
  );
  command(config, 'validate', 'Check the file').action((options) => act(async (context) => (await import('./config.ts')).validate(context, options)));
  command(config, 'path', 'Print where the file is').action((options) => act(async (context) => (await import('./config.ts')).path(context, options)));

  const skills = program.command('skills').description('Install, review and enable skills');
  command(skills, 'list', 'List installed skills and their state').action((options) =>
    act(async (context) => (await import('./skills.ts')).list(context, options)),
  );
  command(skills, 'install <path>', 'Install a folder, .zip, .tar or .tar.gz; it is not enabled')
    .option('--name <name>', 'install it under this name')
    .option('--replace', 'take the place of the one with that name, which goes to the trash')
    .action((path, options) => act(async (context) => (await import('./skills.ts')).install(context, path, options)));
  command(skills, 'enable <name>', 'Show where a skill came from and what was found in it, ask, and enable exactly that')
    .option('--yes', 'ask nothing; needs --hash')
    .option('--hash <sha256>', 'enable only if its files have this hash')
    .action((name, options) => act(async (context) => (await import('./skills.ts')).enable(context, name, options)));
  command(skills, 'disable <name>', 'Disable it').action((name, options) =>
    act(async (context) => (await import('./skills.ts')).disable(context, name, options)),
  );
  command(skills, 'remove <name>', "Move it to the home's trash").action((name, options) =>
    act(async (context) => (await import('./skills.ts')).remove(context, name, options)),
  );
  command(skills, 'audit [name]', 'Scan again; exit code 1 when files changed or a finding is high').action((name, options) =>
    act(async (context) => (await import('./skills.ts')).audit(context, name, options)),
  );

  const policy = program.command('policy').description('See what is allowed to whom and why, and take grants back');
  const forWhom = (made: ReturnType<typeof command>) =>
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

  const channels = program.command('channels').description('The connections of chat channels');
  command(channels, 'list', 'Say how each stands').action((options) => act(async (context) => (await import('./channels.ts')).list(context, options)));
  command(channels, 'retry <account>', 'Connect one now that is down or refused, as channel/account').action((name, options) =>
    act(async (context) => (await import('./channels.ts')).retry(context, name, options)),
  );

  const { addSessionCommands } = await import('./commands-sessions.ts');
  addSessionCommands(program, command, act);
  const reminders = program.command('reminders').description('What will be said later');
  command(reminders, 'list', 'List what waits, the next one first').action((options) =>
    act(async (context) => (await import('./reminders.ts')).list(context, options)),
  );
  command(reminders, 'cancel <id>', 'Cancel one: it is never said').action((id, options) =>
    act(async (context) => (await import('./reminders.ts')).cancel(context, id, options)),
  );

  const { addMessageCommands } = await import('./commands-messages.ts');
  addMessageCommands(program, command, act);
  const { addSecurityCommands } = await import('./commands-security.ts');
  addSecurityCommands(program, command, act);
  const { addBackupCommands } = await import('./commands-backup.ts');
  addBackupCommands(program, command, act);
  const { addMemoryCommands } = await import('./commands-memory.ts');
  addMemoryCommands(program, command, act);
  command(program, 'doctor', 'Check this machine, the home and the models').action((options) =>
    act(async (context) => (await import('./doctor.ts')).doctor(context, options)),
  );
  command(program, 'version', 'Print version, commit and Node version').action((options) =>
    act(async (context) => (await import('./version.ts')).version(context, options)),
  );
  return program;
}
