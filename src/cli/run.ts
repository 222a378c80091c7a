// The command line: what there is to say. Each command's work is in a file of its own, loaded when it is called.
import { CoPawError } from '../core/error.ts';
import type { Act, Make } from './command-parts.ts';
import { addCommands } from './commands.ts';
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
    const [first, ...rest] = argv;
    const words = first === '--version' || first === '-V' ? ['version', ...rest] : [...argv];
    const program = await createProgram(terminal, json, words[0], async (action) => {
      const parts = await loadParts();
      code = await action({ parts, terminal: withoutSecrets(terminal, parts) });
    });
    await program.parseAsync(words, { from: 'user' });
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

async function createProgram(terminal: Terminal, json: boolean, first: string | undefined, act: Act) {
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

  const command: Make = (parent, usage, description) =>
    parent
      .command(usage)
      .description(description)
      .option('--home <directory>', 'use this home')
      .option('--json', 'print JSON')
      .configureHelp({ showGlobalOptions: false });

  await addCommands(program, command, act, first);
  return program;
}
