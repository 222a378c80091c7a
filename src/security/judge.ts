// The verdict on one call (R14): the strictest of table, rules and circumstances over everything the call would do. Pure.
import { addressKey } from '../core/address.ts';
import type { Config, PolicyRule } from '../core/config.ts';
import { type Grant, isSandboxed, type PolicyRequest } from '../core/policy.ts';
import type { Effect } from '../core/tool.ts';
import { type Cell, defaultVerdict, type EffectRow, isEffectRow, referenceHosts, strictest, verdictTable } from '../core/verdict-table.ts';
import { isInside } from '../lib/relative-path.ts';
import { matchesHost, webAddress } from '../lib/web-address.ts';
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
}

/** Tools that do nothing outside but act on what an earlier, judged call started; the hand checks whose it is. */
const effectless: ReadonlySet<string> = new Set(['poll_command', 'kill_command']);
const taintedRows: ReadonlySet<EffectRow> = new Set<EffectRow>(['send-elsewhere', 'secret']);
const privateRows: ReadonlySet<EffectRow> = new Set<EffectRow>(['read', 'write', 'delete', 'memory-read', 'memory-write']);

export function judge(request: PolicyRequest, config: Config, allGrants: readonly Grant[]): Judgement {
  const { tool, effects, place, origin } = request;
  const deny = (rule: string, reason: string): Judgement => ({ verdict: 'deny', rule, reason, asking: [], everyTime: false });
  const rules = [...config.rules, ...(config.agents[place.agentId]?.rules ?? [])];
  const broken = rules.find((rule) => rule.effect !== undefined && !isEffectRow(rule.effect));
  if (broken) return deny('R14', `A rule in config.json names an unknown effect, "${broken.effect}"; until it is corrected nothing runs.`);
  const matching = (effect?: EffectRow): readonly PolicyRule[] =>
    rules.filter(
      (rule) => (rule.origin ?? origin) === origin && (rule.tool ?? tool.name) === tool.name && (rule.effect === undefined || rule.effect === effect),
    );

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
  if (everyTime) says.add('makes the same call again and again');

  const obey = (applying: readonly PolicyRule[]): Cell => applying.map((rule) => rule.verdict).reduce(strictest, 'allow');
  const general = obey(matching());
  if (general === 'deny') return deny('R14', `A rule in config.json denies ${tool.name} here.`);
  if (general === 'ask') {
    everyTime = true;
    says.add('is to be asked about, by a rule in config.json');
  }

  for (const effect of effects) {
    if (effect.kind === 'run' && !isSandboxed(effect, request) && config.sandbox.mode === 'required')
      return deny('R16', 'Commands may only run in a sandbox here, and this one would not.');
    const row = rowOf(effect, request, known);
    if (row === undefined) return deny('R14', `${tool.name} would do something CoPaw does not know.`);
    const own = origin === 'group' && 'path' in effect && isInside(effect.path, `groups/${encodeURIComponent(place.address.chat)}`);
    const byTable = defaultVerdict(row, origin, own);
    const byRule = obey(matching(row));
    const [sentence] = verdictTable[row];
    if (strictest(byTable, byRule) === 'deny') {
      const rule = origin === 'group' && privateRows.has(row) ? 'R13' : 'R14';
      return deny(rule, `${tool.name} ${sentence}, which ${byTable === 'deny' ? `is not allowed ${where[origin]}` : 'a rule in config.json denies'}.`);
    }
    if (byRule === 'ask' || (request.tainted && taintedRows.has(row))) {
      everyTime = true;
      says.add(sentence);
    }
    if (byTable === 'ask' && !thisCall && !lifting.has(lastingTemplate(effect, place.sandbox) ?? '')) {
      asking.push(effect);
      says.add(sentence);
    }
  }
  if (asking.length === 0 && !everyTime) return { verdict: 'allow', rule: '', reason: '', asking, everyTime };
  return { verdict: 'ask', rule: '', reason: `${tool.name} ${[...says].join('; ')}.`, asking, everyTime };
}

const where = { operator: 'to anyone', direct: 'to a direct sender', group: 'in a group', unattended: 'while nobody attends' } as const;

/** The row of an effect; undefined for what is not one (a plugin may return anything). */
function rowOf(effect: Effect, request: PolicyRequest, known: (hostname: string) => boolean): EffectRow | undefined {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return typeof effect.path === 'string' ? effect.kind : undefined;
    case 'run':
      if ((effect.argv === undefined) === (effect.command === undefined)) return undefined;
      return effect.network || !isSandboxed(effect, request) ? 'run-network' : 'run';
    case 'net':
      return netRow(effect, request, known);
    case 'memory':
      return effect.access === 'read' ? 'memory-read' : effect.access === 'write' ? 'memory-write' : undefined;
    case 'send':
      return addressKey(effect.to) === addressKey(request.place.address) ? 'send-here' : 'send-elsewhere';
    case 'schedule':
      return effect.what === 'reminder' ? 'reminder' : effect.what === 'job' ? 'schedule' : undefined;
    case 'secret':
    case 'agent':
    case 'opaque':
      return effect.kind;
    default:
      return undefined;
  }
}

function netRow(effect: Extract<Effect, { kind: 'net' }>, request: PolicyRequest, known: (hostname: string) => boolean): EffectRow | undefined {
  const url = webAddress(effect.url);
  if ('fault' in url) return undefined;
  if (effect.method === 'POST') return 'send-elsewhere';
  if (effect.method !== 'GET' && effect.method !== 'HEAD') return undefined;
  if (request.seenUrl(effect.url)) return 'fetch-seen';
  return known(url.hostname) ? 'fetch-known' : 'fetch-composed';
}
