// `copaw status`: one screen of how this CoPaw is, with or without a server.
import type { OperatorStatus } from '../core/operator.ts';
import { dollars } from '../lib/dollars.ts';
import type { CommonOptions, Context } from './context.ts';
import { forPeople } from './logs.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export async function status(context: Context, options: CommonOptions): Promise<number> {
  const { parts, terminal } = context;
  const found = await parts.status(readyHome(parts, options.home));
  return print(context, options, found, () => {
    const { status: now, disk, errors } = found;
    const line = (name: string, text: string): void => terminal.out(`${name.padEnd(10)}${showLine(text)}\n`);
    line('CoPaw', `${now.version}, ${found.running ? `running${now.startedAt === undefined ? '' : ` since ${timeText(now.startedAt)}`}` : 'not running'}`);
    line('home', `${found.home}, ${size(disk.all)}`);
    const kinds = ['workspaces', 'database', 'backups', 'undo', 'trash', 'logs'] as const;
    line('disk', kinds.map((kind) => `${kind} ${size(disk[kind])}`).join(', '));
    line(
      'model',
      now.modelProblem ?? `${now.model}, ${now.offline || !now.window ? 'the built-in one; connect another with `copaw models add`' : windowText(now.window)}`,
    );
    line('sandbox', now.sandbox);
    line('channels', now.channels.length === 0 ? 'none' : now.channels.map(({ channel, account }) => `${channel}/${account}`).join(', '));
    const oldest = now.openMessages[0];
    line(
      'work',
      `${count(now.openTurns, 'turn')}, ${count(now.openMessages.length, 'open message')}${oldest ? `, the oldest of ${timeText(oldest.receivedAt)}` : ''}`,
    );
    const { open, unknown, dead } = now.outbox;
    line('outbox', `${open} on their way, ${unknown} may have been sent, ${dead} given up${unknown + dead > 0 ? '; see `copaw outbox list`' : ''}`);
    const waiting = Object.entries(now.waiting).filter(([, number]) => number > 0);
    line('waiting', waiting.length === 0 ? 'nothing waits for you' : waiting.map(([kind, number]) => `${number} ${waitingWords[kind] ?? kind}`).join(', '));
    line('today', `${now.today.tokens} tokens, ${dollars(now.today.cost)}`);
    line('errors', errors.length === 0 ? 'none in the log' : 'the last in the log; see `copaw logs --level error`');
    for (const error of errors) terminal.out(`  ${forPeople(error)}\n`);
  });
}

const waitingWords: Readonly<Record<string, string>> = {
  ...{ approvals: 'to approve', pairings: 'to pair', messages: 'messages that came to nothing', answers: 'answers that did not go out' },
  ...{ channels: 'channels down', proposals: 'proposals for MEMORY.md' },
};

/** How much the model takes, and who said so. */
function windowText({ tokens, source }: NonNullable<OperatorStatus['window']>): string {
  const known = {
    declared: 'as configured',
    list: 'as its provider lists it',
    refusal: 'as its provider said when it refused more',
    default: 'assumed; set its contextTokens',
  };
  return `${tokens} tokens (${known[source]})`;
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
