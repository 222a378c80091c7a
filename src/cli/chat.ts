// `copaw chat`: one conversation in this terminal, line by line, until the end of input.
import { CoPawError, toCoPawError } from '../core/error.ts';
import { brought, newSession, type TalkOptions } from './ask.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { report } from './failure.ts';
import { readyHome } from './ready-home.ts';
import { stripControls } from './text.ts';
import { followTurn } from './turn-view.ts';

export async function chat(context: Context, options: TalkOptions): Promise<number> {
  const { parts, terminal } = context;
  if (!terminal.interactive) throw new CoPawError('usage', '`copaw chat` needs a terminal.', { next: 'Use `copaw ask` in scripts.' });
  const home = readyHome(parts, options.home);
  const { operator, close } = await parts.operator(home);
  const sessionId = options.session ?? newSession();
  let first: Awaited<ReturnType<typeof brought>> | undefined;
  try {
    first = await brought(context, operator, options);
    const { model } = await operator.status();
    terminal.error(`${stripControls(options.model ?? model)} answers. Ctrl-D ends; Ctrl-C stops an answer. Continue later with --session ${sessionId}\n`);
    for (;;) {
      const text = await terminal.ask('> ');
      if (text === undefined) return exitCodes.answered;
      if (text.trim() === '' && first?.attachments === undefined) continue;
      try {
        const outcome = await followTurn(operator, terminal, { sessionId, text, json: false, ...first });
        first = undefined;
        if (outcome === 'cancelled') terminal.error('(stopped)\n');
      } catch (error) {
        if (toCoPawError(error).code === 'not-found') first = undefined; // its files are not kept any more
        report(error, terminal, false);
      }
    }
  } finally {
    await close();
  }
}
