// `copaw ask`: one question, one answer, through the running server or a CoPaw in this process.
import { CoPawError } from '../core/error.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodeOf } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';
import { followTurn } from './turn-view.ts';

export interface TalkOptions extends CommonOptions {
  readonly session?: string;
}

export async function ask({ parts, terminal }: Context, words: readonly string[], options: TalkOptions): Promise<number> {
  const home = readyHome(parts, options.home);
  const text = words.length === 1 && words[0] === '-' ? await terminal.readAll() : words.join(' ');
  if (text.trim() === '') throw new CoPawError('usage', 'There is no question.', { next: 'Write it after `copaw ask`, or "-" to read it from stdin.' });
  const { operator, close } = await parts.operator(home);
  try {
    return exitCodeOf(await followTurn(operator, terminal, { sessionId: options.session ?? newSession(), text, json: options.json === true }));
  } finally {
    await close();
  }
}

/** A conversation nobody used before. */
export function newSession(): string {
  return createIds(systemClock.now)('cli');
}
