// `copaw activity`: what was done, approved and refused, newest first, with the conversation it belongs to.
import { type ActivityQuery, type ActivityRecord, activityOutcomes, activitySubjects } from '../core/activity.ts';
import { CoPawError } from '../core/error.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, timeText } from './print.ts';
import { securityOf } from './security-of.ts';
import { showLine } from './text.ts';

export interface ActivityOptions extends CommonOptions {
  readonly about?: string;
  readonly outcome?: string;
  readonly agent?: string;
  readonly lines: string;
  readonly before?: string;
}

export async function activity(context: Context, options: ActivityOptions): Promise<number> {
  const query = queryOf(options);
  const page = await (await securityOf(context, options)).activity(query);
  return print(context, options, page, () => {
    if (page.records.length === 0) context.terminal.error('Nothing.\n');
    for (const record of page.records) context.terminal.out(`${line(record)}\n`);
    if (page.older !== undefined) context.terminal.error(`Older ones: --before ${page.older}\n`);
  });
}

function queryOf({ about, outcome, agent, lines, before }: ActivityOptions): ActivityQuery {
  if (!/^\d{1,3}$/u.test(lines) || Number(lines) < 1 || Number(lines) > 500) throw new CoPawError('usage', '-n takes a number from 1 to 500.');
  if (before !== undefined && !/^\d{1,15}$/u.test(before)) throw new CoPawError('usage', '--before takes the number that the list ended with.');
  return {
    limit: Number(lines),
    ...(before === undefined ? {} : { before: Number(before) }),
    ...(about === undefined ? {} : { subject: oneOf('--about', activitySubjects, about) }),
    ...(outcome === undefined ? {} : { outcome: oneOf('--outcome', activityOutcomes, outcome) }),
    ...(agent === undefined ? {} : { agent }),
  };
}

function oneOf<T extends string>(option: string, names: readonly T[], given: string): T {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new CoPawError('usage', `${option} takes ${names.join(', ')}.`);
  return found;
}

function line({ seq, at, kind, outcome, agentId, sessionId, detail }: ActivityRecord): string {
  const place = [...(agentId === undefined ? [] : [`agent=${agentId}`]), ...(sessionId === undefined ? [] : [`session=${sessionId}`])];
  const members = Object.entries(detail)
    .filter(([name]) => name !== 'agentId' && name !== 'sessionId')
    .map(([name, value]) => `${name}=${value === '' ? '""' : value}`);
  return showLine([seq, timeText(at), outcome.padEnd(8), kind, ...place, ...members].join('  '));
}
