// What a conversation can see of what is private. Prompt, console and command line ask here; the gate judges tools by the same table and rules.
import type { Address, Origin } from './address.ts';
import type { Config } from './config.ts';
import { speaksOf, standingRules } from './standing-rules.ts';
import { type Cell, columnsOf, defaultVerdict, type EffectRow, isEffectRow, strictest } from './verdict-table.ts';

export interface Sight {
  /**
   * Private memory. allow: MEMORY.md and PROFILE.md are in the prompt, and the memory tools work. ask: not in the prompt, each look asks the operator.
   * deny: neither.
   */
  readonly memory: Cell;
  /** Files of the workspace, memory among them. own: those of the group's own folder alone. */
  readonly files: Cell | 'own';
  /** Commands, which can read what is in the workspace. */
  readonly commands: Cell;
  /** What decided about memory: who speaks here (of what comes by itself into a group, that it is one), or the place of a rule in config.json. */
  readonly why: Origin | { readonly rule: string };
}

export interface Conversation {
  readonly agentId: string;
  readonly address: Address;
  readonly origin: Origin;
}

export function sightOf(config: Pick<Config, 'rules' | 'agents'>, { agentId, address, origin }: Conversation): Sight {
  const rules = standingRules(config, agentId);
  const look = (row: EffectRow, tool: string, own = false): { readonly cell: Cell; readonly rule?: string } => {
    const byTable = defaultVerdict(row, origin, address, own);
    const speaking = rules.filter(({ rule }) => {
      if (rule.effect !== undefined && !isEffectRow(rule.effect)) return true; // until it is corrected nothing runs
      return rule.verdict !== 'allow' && speaksOf(rule, { origin, tool: { name: tool }, place: { address } }, row);
    });
    let cell: Cell = byTable;
    let at: string | undefined;
    for (const one of speaking) {
      const verdict = rowIsKnown(one.rule.effect) ? one.rule.verdict : 'deny';
      if (strictest(cell, verdict) !== cell) at = one.at;
      cell = strictest(cell, verdict);
    }
    return { cell, ...(at === undefined ? {} : { rule: at }) };
  };
  const memory = look('memory-read', 'memory_search');
  const files = look('read', 'read_file').cell;
  const own = look('read', 'read_file', true).cell;
  return {
    memory: memory.cell,
    files: files === 'deny' && own !== 'deny' ? 'own' : files,
    commands: look('run', 'run_command').cell,
    why: memory.rule === undefined ? (columnsOf(origin, address).find((column) => column === 'group') ?? origin) : { rule: memory.rule },
  };
}

const rowIsKnown = (effect: string | undefined): boolean => effect === undefined || isEffectRow(effect);
