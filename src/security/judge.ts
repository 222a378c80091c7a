// The verdict on one call (R14): the strictest of table, rules and circumstances over everything the call would do. Pure.
import { groupFolder } from '../core/address.ts';
import { type Config, sandboxOf } from '../core/config.ts';
import { rowOf } from '../core/effect-row.ts';
import { type Because, type Grant, isSandboxed, type Plan, type PolicyRequest } from '../core/policy.ts';
import { speaksOf, standingRules } from '../core/standing-rules.ts';
import type { Effect } from '../core/tool.ts';
import { type Cell, columnsOf, defaultVerdict, type EffectRow, isEffectRow, referenceHosts, strictest, verdictTable } from '../core/verdict-table.ts';
import { matchesHost } from '../core/web-address.ts';
import { isInside } from '../lib/relative-path.ts';
import { holds, hostTemplate, lastingTemplate, taskTemplate } from './grant-template.ts';

export interface Judgement {
  readonly verdict: Cell;
  /** Boundary rule of a deny. */
  readonly rule: string;
  /** One sentence for people. */
  readonly reason: string;
  /** What the table asks about and a grant may answer. */
  readonly asking: readonly Effect[];
  /** Asked for a cause no grant answers: an operator's rule, taint, the loop guard. Only "once" helps. */
  readonly everyTime: boolean;
  /** All that had a say, in the order it was asked. */
  readonly because: readonly Because[];
}

/** Tools that do nothing outside but act on what an earlier, judged call started; the hand checks whose it is. */
const effectless: ReadonlySet<string> = new Set(['poll_command', 'kill_command']);
const taintedRows: ReadonlySet<EffectRow> = new Set<EffectRow>(['send-elsewhere', 'secret']);
const privateRows: ReadonlySet<EffectRow> = new Set<EffectRow>(['read', 'write', 'delete', 'memory-read', 'memory-write']);

/** `executables`: the program a command names and the files of the workspace it is given, as they are now. */
export function judge(request: PolicyRequest, config: Config, allGrants: readonly Grant[], executables: Plan['executables'] = []): Judgement {
  const { tool, effects, place, origin } = request;
  const because: Because[] = [];
  const deny = (rule: string, reason: string): Judgement => ({ verdict: 'deny', rule, reason, asking: [], everyTime: false, because });
  const rules = standingRules(config, place.agentId);
  const broken = rules.find(({ rule }) => rule.effect !== undefined && !isEffectRow(rule.effect));
  if (broken) return deny('R14', `${broken.at} in config.json names an unknown effect, "${broken.rule.effect}"; until it is corrected nothing runs.`);

  if (effects.length === 0 && tool.sideEffect !== 'none' && !effectless.has(tool.name)) return deny('R14', `${tool.name} does not say what it would do.`);

  const grants = allGrants.filter((grant) => holds(grant, place.turnId));
  const granted = new Set(grants.map((grant) => grant.template));
  // A yes for this conversation's operator or friend is none for a group; there only the yes of this very turn counts.
  const lifting = new Set(grants.filter((grant) => origin !== 'group' || grant.scope === 'task').map((grant) => grant.template));
  const thisCall = lifting.has(taskTemplate(tool.name, request.args));
  const known = (hostname: string): boolean =>
    granted.has(hostTemplate(hostname)) ||
    [...referenceHosts, ...(config.agents[place.agentId]?.knownHosts ?? [])].some((entry) => matchesHost(entry, hostname));

  const asking: Effect[] = [];
  const says = new Set<string>();
  let everyTime = request.repeated === true;
  if (everyTime) {
    says.add('makes the same call again and again');
    because.push({ by: 'loop', detail: 'three times in one turn' });
  }

  const obey = (row?: EffectRow): Cell => {
    const speaking = rules.filter(({ rule }) => rule.verdict !== 'allow' && speaksOf(rule, request, row));
    because.push(...speaking.map(({ at, rule }): Because => ({ by: 'rule', detail: `${at}: ${rule.verdict}` })));
    return speaking.map(({ rule }) => rule.verdict).reduce(strictest, 'allow');
  };
  const general = obey();
  if (general === 'deny') return deny('R14', `A rule in config.json denies ${tool.name} here.`);
  if (general === 'ask') {
    everyTime = true;
    says.add('is to be asked about, by a rule in config.json');
  }

  for (const effect of effects) {
    if (effect.kind === 'run' && !isSandboxed(effect, request) && config.sandbox.mode === 'required') {
      because.push({ by: 'setting', detail: 'sandbox.mode: required' });
      return deny('R16', 'Commands may only run in a sandbox here, and this one would not.');
    }
    const row = rowOf(effect, request, known);
    if (row === undefined) return deny('R14', `${tool.name} would do something CoPaw does not know.`);
    const own = 'path' in effect && isInside(effect.path, groupFolder(place.address));
    const byTable = defaultVerdict(row, origin, place.address, own);
    because.push({ by: 'table', detail: `${row}: ${byTable}` });
    const byRule = obey(row);
    const [sentence] = verdictTable[row];
    if (strictest(byTable, byRule) === 'deny') {
      const rule = columnsOf(origin, place.address).includes('group') && privateRows.has(row) ? 'R13' : 'R14';
      return deny(rule, `${tool.name} ${sentence}, which ${byTable === 'deny' ? `is not allowed ${where[origin]}` : 'a rule in config.json denies'}.`);
    }
    const taint = request.tainted && taintedRows.has(row);
    if (taint) because.push({ by: 'taint', detail: 'the session has read the words of strangers' });
    if (byRule === 'ask' || taint) {
      everyTime = true;
      says.add(sentence);
    }
    if (byTable !== 'ask') continue;
    const grant = thisCall ? 'this call, until the turn ends' : (lastingTemplate(effect, place, executables) ?? '');
    if (thisCall || lifting.has(grant)) because.push({ by: 'grant', detail: grant });
    else if (row === 'run-listed-network' && sandboxOf(config, place.agentId).network?.unasked === true && !request.tainted) {
      because.push({ by: 'setting', detail: 'sandbox.network.unasked' });
    } else {
      asking.push(effect);
      says.add(sentence);
    }
  }
  if (asking.length === 0 && !everyTime) return { verdict: 'allow', rule: '', reason: '', asking, everyTime, because };
  return { verdict: 'ask', rule: '', reason: `${tool.name} ${[...says].join('; ')}.`, asking, everyTime, because };
}

const where = { operator: 'to anyone', direct: 'to a direct sender', group: 'in a group', unattended: 'while nobody attends' } as const;
