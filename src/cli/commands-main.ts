// The commands that begin, talk, take back and look after everything.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addMainCommands(program: Command, command: Make, act: Act): void {
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

  const talk = (made: Command): Command =>
    made
      .option('--session <id>', 'continue this conversation')
      .option('--attach <file>', 'send this file along, with the first message; for more files again', (file: string, files: string[] = []) => [...files, file])
      .option('--model <ref>', 'the model of a new conversation, as "provider/model"');
  talk(command(program, 'ask [text...]', 'Ask one question and print the answer; "-" reads it from stdin')).action((words, options) =>
    act(async (context) => (await import('./ask.ts')).ask(context, words, options)),
  );

  talk(command(program, 'chat', 'Talk in this terminal')).action((options) => act(async (context) => (await import('./chat.ts')).chat(context, options)));

  command(program, 'undo [turn]', 'Take back what a turn did to files; without one, the newest that is not undone')
    .option('--session <id>', 'the newest of this conversation')
    .option('--list', 'list turns that changed files')
    .option('--dry-run', 'only say what would be done')
    .option('--force', 'also where somebody changed the file since')
    .action((turn, options) => act(async (context) => (await import('./undo.ts')).undo(context, turn, options)));

  command(program, 'doctor', 'Check this machine, the home and the models').action((options) =>
    act(async (context) => (await import('./doctor.ts')).doctor(context, options)),
  );
  command(program, 'version', 'Print version, commit and Node version')
    .option('--licences', 'print the licences of the packages that are part of CoPaw')
    .action((options) => act(async (context) => (await import('./version.ts')).version(context, options)));
}
