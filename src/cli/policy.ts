// `copaw policy …` and `copaw taint …`: what a sender could do and why, standing grants, and where strangers' words are.
import { origins } from '../core/address.ts';
import { agentLabel } from '../core/agents.ts';
import { CoPawError } from '../core/error.ts';
import type { PermissionCell, PermissionQuery, PermissionRow } from '../core/permissions.ts';
import type { StandingRule } from '../core/standing-rules.ts';
import type { CommonOptions, Context } from './context.ts';
import { print } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showEscaped } from './text.ts';

export interface PolicyOptions extends CommonOptions {
  readonly agent?: string;
  readonly channel?: string;
  readonly account?: string;
  readonly tool?: string;
}

export interface PreviewOptions extends PolicyOptions {
  readonly origin: string;
  readonly tainted?: boolean;
}

export async function show(context: Context, options: PolicyOptions): Promise<number> {
  const table = await (await open(context, options)).table(queryOf(options));
  return print(context, options, table, () => {
    const { terminal } = context;
    const { sandbox } = table;
    const name = table.agents.find(({ id }) => id === table.agentId)?.name ?? table.agentId;
    terminal.out(
      `agent ${showEscaped(agentLabel({ id: table.agentId, name }))}, sandbox ${sandbox.kind}${sandbox.reason === undefined ? '' : ` (${showEscaped(sandbox.reason)})`}\n\n`,
    );
    terminal.out(`${['effect'.padEnd(28), ...origins.map((origin) => origin.padEnd(11))].join('').trimEnd()}\n`);
    for (const row of table.rows) {
      const cells = origins.map((origin) => `${row.cells[origin].verdict}${row.cells[origin].because.some(({ by }) => by === 'rule') ? '*' : ''}`);
      terminal.out(`${[nameOf(row).padEnd(28), ...cells.map((cell) => cell.padEnd(11))].join('').trimEnd()}\n`);
    }
    terminal.out(table.rules.length === 0 ? '\nNo rules.\n' : `\n* by a rule\n${table.rules.map(describeRule).join('')}`);
  });
}

export async function preview(context: Context, options: PreviewOptions): Promise<number> {
  const origin = origins.find((one) => one === options.origin);
  if (!origin) throw new CoPawError('usage', `"${options.origin}" is no origin.`, { next: `Origins: ${origins.join(', ')}.` });
  const found = await (await open(context, options)).preview({ ...queryOf(options), origin, tainted: options.tainted === true });
  return print(context, options, found, () => {
    for (const row of found.rows) context.terminal.out(`${row.verdict.padEnd(6)} ${showEscaped(nameOf(row)).padEnd(28)} ${showEscaped(why(row))}\n`);
  });
}

export async function grants(context: Context, options: CommonOptions): Promise<number> {
  const list = await (await open(context, options)).grants();
  return print(context, options, { grants: list }, () => {
    if (list.length === 0) context.terminal.out('There are no standing grants.\n');
    for (const { id, agentId, scope, template } of list) context.terminal.out(`${id}  ${agentId}  ${scope}  ${showEscaped(template)}\n`);
  });
}

export async function revoke(context: Context, id: string, options: CommonOptions): Promise<number> {
  await (await open(context, options)).revoke(id);
  return print(context, options, { revoked: id }, () => context.terminal.out(`${id} is revoked.\n`));
}

export async function taint(context: Context, options: CommonOptions): Promise<number> {
  const report = await (await open(context, options)).taint();
  return print(context, options, report, () => {
    const { terminal } = context;
    if (report.sessions.length + report.files.length === 0) terminal.out('Nothing holds the words of strangers.\n');
    for (const { id, agentId, title } of report.sessions) terminal.out(`session  ${agentId}  ${showEscaped(id)}  ${showEscaped(title)}\n`);
    for (const { agentId, path, sessionId } of report.files)
      terminal.out(`file     ${agentId}  ${showEscaped(path)}  from session ${showEscaped(sessionId)}\n`);
  });
}

/** `what` is a session's id, or else a path of the agent's workspace. */
export async function clearTaint(context: Context, what: string, options: CommonOptions & { readonly agent?: string }): Promise<number> {
  const admin = await open(context, options);
  const report = await admin.taint();
  const agentId = options.agent ?? report.files.find(({ path }) => path === what || path.startsWith(`${what}/`))?.agentId ?? '';
  if (report.sessions.some(({ id }) => id === what) && options.agent === undefined) await admin.clearTaint({ sessionId: what });
  else if (agentId === '') throw new CoPawError('not-found', `Neither a session nor a file called "${what}" is marked.`, { next: 'See `copaw taint list`.' });
  else await admin.clearTaint({ agentId, path: what });
  return print(context, options, { cleared: what }, () => context.terminal.out(`${showEscaped(what)} is cleared.\n`));
}

async function open({ parts }: Context, options: CommonOptions) {
  return parts.permissions(readyHome(parts, options.home));
}

function queryOf({ agent, channel, account, tool }: PolicyOptions): PermissionQuery {
  return {
    ...(agent === undefined ? {} : { agentId: agent }),
    ...(channel === undefined ? {} : { channel }),
    ...(account === undefined ? {} : { account }),
    ...(tool === undefined ? {} : { tool }),
  };
}

function nameOf({ effect, own, grant }: PermissionRow): string {
  return grant ?? (own === true ? `${effect}, own folder` : effect);
}

function why({ reason, rule, because }: PermissionCell): string {
  const causes = because.map(({ by, detail }) => `${by} ${detail}`).join('; ');
  return [causes, ...(reason === '' ? [] : [`→ ${reason}`]), ...(rule === '' ? [] : [`(${rule})`])].join(' ');
}

function describeRule({ at, rule }: StandingRule): string {
  const { verdict, ...conditions } = rule;
  const told = Object.entries(conditions).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return showEscaped(`${at}: ${verdict}${told.length === 0 ? ' everything' : ` where ${told.join(', ')}`}\n`);
}
