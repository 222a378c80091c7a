// `copaw pairing …`: who asked to be let in, and the answer (R9). A code comes from the person it was given to.
import type { LinkedId } from '../core/identities.ts';
import type { Pairing } from '../core/people.ts';
import type { CommonOptions, Context } from './context.ts';
import { print } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showEscaped, showLine } from './text.ts';

export interface ApproveOptions extends CommonOptions {
  readonly operator?: boolean;
}

export async function list(context: Context, options: CommonOptions): Promise<number> {
  const { accounts, identities, pairings, turnedAway } = await (await open(context, options)).view();
  return print(context, options, { accounts, identities, pairings, turnedAway }, () => {
    const { out, error } = context.terminal;
    if (accounts.length === 0) error('No channel is set up. See `copaw channels kinds`.\n');
    else if (pairings.length === 0) error('Nobody waits to be let in.\n');
    for (const pairing of pairings) out(`${shown(pairing.code)}  ${who(pairing)}  until ${new Date(pairing.expiresAt).toISOString()}\n`);
    for (const { name, ids } of identities) out(`${showLine(`${name}: ${ids.map(linked).join(', ')}`)}\n`);
    for (const { fault } of identities) if (fault !== undefined) error(`warning: ${showLine(fault)}\n`);
    for (const { channel, account, weakened } of accounts)
      for (const path of weakened) error(`warning: ${showEscaped(`${channel}/${account}: ${path}`)} is on\n`);
  });
}

export async function approve(context: Context, code: string, options: ApproveOptions): Promise<number> {
  const pairing = await (await open(context, options)).approve(code, options.operator === true);
  const role = options.operator === true ? "is the operator's own now" : 'is let in';
  return print(context, options, { pairing, operator: options.operator === true }, () => context.terminal.out(`${who(pairing)} ${role}.\n`));
}

export async function deny(context: Context, code: string, options: CommonOptions): Promise<number> {
  const pairing = await (await open(context, options)).deny(code);
  return print(context, options, { pairing }, () => context.terminal.out(`${who(pairing)} is not let in, and hears nothing.\n`));
}

async function open({ parts }: Context, options: CommonOptions) {
  return parts.people(readyHome(parts, options.home));
}

const shown = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
/** An id is whatever a platform says: nothing in it moves the cursor. */
const who = ({ channel, account, sender }: Pairing): string => showLine(`${sender} on ${channel}/${account}`);
const says = { operator: 'your own', direct: 'let in' } as const;
const linked = ({ channel, account, id, standing, apart }: LinkedId): string =>
  `${id} on ${channel}/${account} (${standing === undefined ? 'not listed' : says[standing]}${apart ? ', not linked' : ''})`;
