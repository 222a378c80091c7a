// `copaw reminders …`: what will be said later, and taking it back.
import type { RemindersAdmin, WaitingReminder } from '../core/reminder.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const reminders = await (await open(context, options)).list();
  return print(context, options, { reminders }, () => {
    if (reminders.length === 0) context.terminal.error('No reminder waits. Ask for one in a conversation: "remind me in 20 minutes to …".\n');
    for (const one of reminders) context.terminal.out(`${line(one)}\n`);
  });
}

export async function cancel(context: Context, id: string, options: CommonOptions): Promise<number> {
  const reminder = await (await open(context, options)).cancel(id);
  return print(context, options, { reminder }, () => context.terminal.out(`Cancelled: ${line(reminder)}\n`));
}

function line({ id, dueAt, text, title }: WaitingReminder): string {
  return showLine(`${id}  ${timeText(dueAt)}  ${text}${title === '' ? '' : `  (in "${title}")`}`);
}

async function open({ parts }: Context, options: CommonOptions): Promise<RemindersAdmin> {
  return parts.reminders(readyHome(parts, options.home));
}
