// `copaw learning …`: what an agent learns by itself. Nothing is switched on before its cost was shown.
import { agentLabel } from '../core/agents.ts';
import { CoPawError } from '../core/error.ts';
import type { LearningAdmin, LearningCost, LearningState, ShownDream } from '../core/learning.ts';
import { dollars } from '../lib/dollars.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine, stripControls } from './text.ts';

interface AgentOptions extends CommonOptions {
  readonly agent?: string;
}

interface SwitchOptions extends AgentOptions {
  readonly yes?: boolean;
}

export async function status(context: Context, options: CommonOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    const agents = await admin.state();
    return print(context, options, { agents }, () => {
      for (const agent of agents) context.terminal.out(describe(agent));
    });
  });
}

export async function switchTo(context: Context, on: boolean, what: string, options: SwitchOptions): Promise<number> {
  const { terminal } = context;
  if (what !== 'facts' && what !== 'dreams' && what !== 'all') throw new CoPawError('usage', `"${what}" is neither facts, dreams nor all.`);
  const kinds = what === 'all' ? (['facts', 'dreams'] as const) : ([what] as const);
  return withAdmin(context, options, async (admin) => {
    const agent = await agentOf(admin, options.agent);
    if (on && options.yes !== true) {
      if (!terminal.interactive || options.json === true)
        throw new CoPawError('usage', 'There is nobody to ask.', { next: 'Look at the cost with `copaw learning status`, then add --yes.' });
      for (const kind of kinds) terminal.error(`${kind}: about ${costLine(agent.estimate[kind])} with ${showLine(agent.model)}, as the last 30 days were.\n`);
      const answer = (await terminal.ask(`Switch it on for ${showLine(agentLabel({ id: agent.agentId, name: agent.name }))}? [y/N]: `))?.trim().toLowerCase();
      if (answer !== 'y' && answer !== 'yes') return exitCodes.failed;
    }
    const changed = await admin.set(agent.agentId, Object.fromEntries(kinds.map((kind) => [kind, on])));
    return print(context, options, { agent: changed }, () => terminal.out(describe(changed)));
  });
}

export async function dreamNow(context: Context, options: AgentOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    const { agentId } = await agentOf(admin, options.agent);
    const dream = await admin.dreamNow(agentId);
    return print(context, options, dream ? { dream } : {}, () => {
      if (dream) sayDream(context, dream);
      else context.terminal.error('Nothing new was noted since the last time; MEMORY.md stays as it is.\n');
    });
  });
}

export async function dreams(context: Context, options: AgentOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    const found = await admin.dreams(options.agent);
    return print(context, options, { dreams: found }, () => {
      if (found.length === 0) context.terminal.error('Nothing was proposed yet. Ask for it: copaw learning dream\n');
      for (const { id, agentId, at, state, added, removed } of found)
        context.terminal.out(`${id}  ${timeText(at)}  ${agentId}  ${state.padEnd(9)}  +${added} -${removed} lines\n`);
    });
  });
}

export async function show(context: Context, id: string, options: CommonOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    const dream = await admin.dream(id);
    return print(context, options, { dream }, () => sayDream(context, dream));
  });
}

export async function settle(context: Context, verb: 'apply' | 'discard' | 'revert', id: string, options: CommonOptions): Promise<number> {
  return withAdmin(context, options, async (admin) => {
    const dream = await admin[verb](id);
    return print(context, options, { dream }, () => context.terminal.out(`${dream.id} is ${dream.state}.\n`));
  });
}

function sayDream({ terminal }: Context, { id, state, diff, dropped, putBack }: ShownDream): void {
  terminal.out(stripControls(diff));
  for (const { text, why } of dropped) terminal.error(`leaves: ${showLine(text)}  (${showLine(why)})\n`);
  for (const line of putBack) terminal.error(`stays, no reason was given: ${showLine(line)}\n`);
  if (state === 'proposed') terminal.error(`next: copaw learning apply ${id}   (or: discard)\n`);
}

function describe({ agentId, name, facts, dreams, model, estimate, spent, proposed }: LearningState): string {
  const word = (on: boolean): string => (on ? 'on ' : 'off');
  return [
    `${showLine(agentLabel({ id: agentId, name }))}  with ${showLine(model)}`,
    `  facts   ${word(facts)}  about ${costLine(estimate.facts)}`,
    `  dreams  ${word(dreams)}  about ${costLine(estimate.dreams)}`,
    `  spent in 30 days: ${costText(spent)}`,
    ...(proposed === 0 ? [] : [`  ${proposed === 1 ? 'a proposal waits' : `${proposed} proposals wait`}: copaw learning dreams`]),
    '',
  ].join('\n');
}

const costLine = (cost: LearningCost): string => `${costText(cost)} a day`;
function costText({ calls, tokens, cost }: LearningCost): string {
  const money = cost === undefined ? 'price not known' : dollars(cost);
  return `${calls < 10 ? Number(calls.toFixed(1)) : Math.round(calls)} calls, ${tokens} tokens, ${money}`;
}

async function agentOf(admin: LearningAdmin, asked: string | undefined): Promise<LearningState> {
  const agents = await admin.state();
  const found = asked === undefined ? agents[0] : agents.find(({ agentId }) => agentId === asked);
  if (!found) throw new CoPawError('not-found', `There is no agent ${asked ?? ''}.`, { next: 'See `copaw learning status`.' });
  return found;
}

async function withAdmin(context: Context, options: CommonOptions, work: (admin: LearningAdmin) => Promise<number>): Promise<number> {
  return work(await context.parts.learning(readyHome(context.parts, options.home)));
}
