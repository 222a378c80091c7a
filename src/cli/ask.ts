// `copaw ask`: one question, one answer, through the running server or a CoPaw in this process.
import { CoPawError } from '../core/error.ts';
import type { Operator } from '../core/operator.ts';
import { systemClock } from '../lib/clock.ts';
import { createIds } from '../lib/ids.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodeOf } from './exit-codes.ts';
import { readyHome } from './ready-home.ts';
import { followTurn } from './turn-view.ts';

export interface TalkOptions extends CommonOptions {
  readonly session?: string;
  /** Paths of files that go with the first message. */
  readonly attach?: readonly string[];
  /** "provider/model" of a conversation that begins. */
  readonly model?: string;
}

export async function ask(context: Context, words: readonly string[], options: TalkOptions): Promise<number> {
  const { parts, terminal } = context;
  const home = readyHome(parts, options.home);
  const text = words.length === 1 && words[0] === '-' ? await terminal.readAll() : words.join(' ');
  if (text.trim() === '' && options.attach === undefined)
    throw new CoPawError('usage', 'There is no question.', { next: 'Write it after `copaw ask`, or "-" to read it from stdin.' });
  const { operator, close } = await parts.operator(home);
  try {
    const more = await brought(context, operator, options);
    return exitCodeOf(await followTurn(operator, terminal, { sessionId: options.session ?? newSession(), text, json: options.json === true, ...more }));
  } finally {
    await close();
  }
}

/** What the first message brings along: its files, uploaded, and the model of its conversation. */
export async function brought({ parts, terminal }: Context, operator: Operator, { attach = [], model }: TalkOptions) {
  const leaving = new AbortController();
  const release = terminal.onStop(() => leaving.abort());
  const attachments: string[] = [];
  try {
    for (const path of attach) attachments.push((await operator.uploads.add({ name: path, bytes: parts.readBytes(path) }, leaving.signal)).id);
  } catch (error) {
    for (const id of attachments) await operator.uploads.remove(id);
    throw error;
  } finally {
    release();
  }
  return { ...(attachments.length === 0 ? {} : { attachments }), ...(model === undefined ? {} : { model }) };
}

/** A conversation nobody used before. */
export function newSession(): string {
  return createIds(systemClock.now)('cli');
}
