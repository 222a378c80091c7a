// `copaw undo`: takes back what a turn did to files, and says of each what became of it.
import { CoPawError } from '../core/error.ts';
import { type ChangedTurn, newestToUndo, type UndoAdmin, type UndoneFile, type UndoReport } from '../core/undo.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export interface UndoOptions extends CommonOptions {
  readonly session?: string;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

/** Turns that a list shows, and that are looked through for one to undo. */
const mostTurns = 1000;

/** Exit code 1 when something was left alone. */
export async function undo(context: Context, turn: string | undefined, options: UndoOptions): Promise<number> {
  const { list = false, dryRun = false, force = false, session } = options;
  if (turn !== undefined && (list || session !== undefined)) throw new CoPawError('usage', 'Name a turn, or use --list or --session.');
  const admin = await context.parts.undo(readyHome(context.parts, options.home));
  const filter = { limit: mostTurns, ...(session === undefined ? {} : { sessionId: session }) };
  if (list) return show(context, options, await admin.recent(filter));
  const report = await admin.undo(turn ?? (await newest(admin, filter)), { force, dryRun });
  print(context, options, report, () => say(context, report, force));
  return !dryRun && report.files.some(isLeft) ? exitCodes.failed : exitCodes.answered;
}

async function newest(admin: UndoAdmin, filter: Parameters<UndoAdmin['recent']>[0]): Promise<string> {
  const found = newestToUndo(await admin.recent(filter));
  if (!found) throw new CoPawError('not-found', 'There is no change of files to undo.', { next: 'See `copaw undo --list`.' });
  return found.turnId;
}

function show(context: Context, options: UndoOptions, turns: readonly ChangedTurn[]): number {
  return print(context, options, { turns }, () => {
    if (turns.length === 0) context.terminal.error('No change of files is kept.\n');
    for (const turn of turns) context.terminal.out(`${showLine(line(turn))}\n`);
  });
}

function line({ turnId, sessionId, at, paths, files, undoes, undoneBy }: ChangedTurn): string {
  const more = files > paths.length ? `, and ${files - paths.length} more` : '';
  const what = undoes === undefined ? '' : `  takes back ${undoes}`;
  return `${turnId}  ${timeText(at)}  ${sessionId}${what}${undoneBy === undefined ? '' : `  undone by ${undoneBy}`}  ${paths.join(', ')}${more}`;
}

const words = {
  restored: ['restored', 'would restore'],
  removed: ['moved to the trash', 'would move to the trash'],
  same: ['as it was', 'is as it was'],
  left: ['left alone', 'would leave alone'],
} as const;

function say({ terminal }: Context, report: UndoReport, force: boolean): void {
  const { turnId, undoId, files, commands, dryRun } = report;
  for (const { path, result, detail } of files)
    terminal.out(`${showLine(`${words[result][dryRun ? 1 : 0]}: ${path}${detail === undefined ? '' : ` (${detail})`}`)}\n`);
  if (!force && files.some(({ why }) => why === 'changed-since' || why === 'changed-during'))
    terminal.error(`To restore what was changed by others too: copaw undo ${turnId} --force\n`);
  if (commands) terminal.error('This turn ran commands. What commands did to files is not undone.\n');
  if (undoId !== undefined) terminal.error(`To take this back: copaw undo ${undoId}\n`);
}

const isLeft = ({ result, why }: UndoneFile): boolean => result === 'left' || why === 'changed-during';
