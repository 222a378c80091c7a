// The policy gate (R14, R15): judges a call, seals its plan, and after a person's yes checks that it is still the same plan. A throw or a hang is a deny.
import type { AuditDoor } from '../core/audit.ts';
import type { JudgedPlan } from '../core/brand.ts';
import { type Config, sandboxOf } from '../core/config.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { GrantScope, Plan, PolicyGate, PolicyRequest, Verdict } from '../core/policy.ts';
import type { Secrets } from '../core/secret.ts';
import { stillStands } from '../core/sender-rules.ts';
import type { Store } from '../core/store.ts';
import type { Place } from '../core/tool.ts';
import { referenceHosts, verdictTable } from '../core/verdict-table.ts';
import { canonical, sha256 } from '../lib/canonical-json.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { remember } from '../lib/remember.ts';
import { withTimeLimit } from '../lib/time-limit.ts';
import { templatesFor } from './grant-template.ts';
import { judge } from './judge.ts';
import { digestOf, sealPlan } from './plan.ts';

interface GateParts {
  readonly config: () => Config;
  readonly store: Pick<Store, 'approvals' | 'grants'>;
  readonly audit: AuditDoor;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Name of the sandbox profile commands run under; "none" where there is no sandbox. */
  readonly sandbox: () => string;
  /** The files an argv names, with their hashes: the program, and the script it runs. */
  readonly executables: (argv: readonly string[], cwd: string, agentId: string) => Promise<readonly { path: string; sha256: string }[]>;
  /** Throws why a secret cannot be used for an origin. */
  readonly lend: Secrets['lend'];
  /** What people are told beside a question. It judges nothing. */
  readonly warnings: (plan: Plan) => readonly string[];
}

/** Longest a judgement may take, milliseconds. */
const patience = 15_000;
/** Questions kept open at once; the oldest is given up. */
const mostPending = 256;
/** A task grant older than this belongs to a turn that is over. */
const taskGrantMs = 24 * 60 * 60_000;
const noLonger = 'Who asked for this is no longer listed as they were.';
type Pending = { readonly plan: Plan; readonly asking: Parameters<typeof templatesFor>[2]; readonly everyTime: boolean };

export function createGate(parts: GateParts): PolicyGate {
  const { store, audit, ids, clock } = parts;
  /** What was asked and not yet confirmed, by digest: a yes counts once, in the process that asked. */
  const pending = new Map<string, Pending>();

  const deny = async (plan: { readonly tool: string; readonly place: Place }, rule: string, reason: string): Promise<Verdict> => {
    const { agentId, sessionId, turnId, callId } = plan.place;
    await audit.append('tool-denied', { rule, tool: plan.tool, agentId, sessionId, turnId, callId });
    return { verdict: 'deny', rule, reason };
  };

  const policyVersion = (agentId: string): string => {
    const config = parts.config();
    const { rules, agents, sandbox } = config;
    const agent = agents[agentId];
    return sha256(canonical([verdictTable, referenceHosts, rules, agent?.rules ?? [], agent?.knownHosts ?? [], sandbox.mode, sandboxOf(config, agentId)]));
  };

  const executablesOf = async (plan: Pick<Plan, 'effects' | 'place'>): Promise<Plan['executables']> => {
    const found = plan.effects.map(async (effect) =>
      effect.kind === 'run' && effect.argv !== undefined ? parts.executables(effect.argv, effect.cwd, plan.place.agentId) : [],
    );
    return (await Promise.all(found)).flat();
  };

  const check = async (request: PolicyRequest): Promise<Verdict> => {
    const { tool, args, effects, place, origin, sender } = request;
    if (!stillStands(parts.config().channels, place.address, sender.id, origin)) return deny({ tool: tool.name, place }, 'R9', noLonger);
    for (const effect of effects) {
      if (effect.kind !== 'secret') continue;
      const fault = await parts.lend(effect.ref, effect.origin).then(() => undefined, toCoPawError); // nobody is asked about what cannot be
      if (fault) return deny({ tool: tool.name, place }, fault.rule ?? 'R23', fault.message);
    }
    const executables = await executablesOf({ effects, place });
    const judgement = judge(request, parts.config(), await store.grants.list(place.agentId), executables);
    if (judgement.verdict === 'deny') return deny({ tool: tool.name, place }, judgement.rule, judgement.reason);
    const plan = sealPlan({
      id: ids('plan'),
      tool: tool.name,
      sideEffect: tool.sideEffect,
      args,
      effects,
      place,
      origin,
      senderId: sender.id,
      executables,
      sandbox: parts.sandbox(),
      policyVersion: policyVersion(place.agentId),
      nonce: ids('nonce'),
    });
    if (judgement.verdict === 'allow') return { verdict: 'allow', plan: plan as JudgedPlan };
    remember(pending, plan.digest, { plan, asking: judgement.asking, everyTime: judgement.everyTime }, mostPending);
    return { verdict: 'ask', plan, reason: judgement.reason, scopes: scopesOf(plan, judgement), warnings: parts.warnings(plan) };
  };

  const confirm = async (plan: Plan, approvalId: string): Promise<Verdict> => {
    const refuse = (reason: string): Promise<Verdict> => deny(plan, 'R15', reason);
    if (!stillStands(parts.config().channels, plan.place.address, plan.senderId, plan.origin)) return deny(plan, 'R9', noLonger);
    const asked = pending.get(plan.digest);
    if (!asked || digestOf(plan) !== plan.digest) return refuse('This is not the call that was asked about.');
    const approval = await store.approvals.get(approvalId);
    const { decision } = approval ?? {};
    if (approval?.state !== 'approved' || decision === undefined || decision === 'deny') return refuse('Nobody approved this call.');
    if (clock.now() >= approval.expiresAt) return refuse('The approval came too late.');
    if (approval.plan.digest !== plan.digest || digestOf(approval.plan) !== plan.digest) return refuse('The approval is for another call.');
    if (!scopesOf(plan, asked).includes(decision)) return refuse(`"${decision}" cannot be had for this call.`);
    if (plan.policyVersion !== policyVersion(plan.place.agentId) || plan.sandbox !== parts.sandbox()) return refuse('The rules changed since it was asked.');
    if (canonical(await executablesOf(plan)) !== canonical(plan.executables)) return refuse('A program it runs changed since it was asked.');
    if (!pending.delete(plan.digest)) return refuse('This approval was used already.');
    await keep(plan, decision, asked.asking);
    await audit.append('tool-approved', { approvalId, decision, tool: plan.tool, digest: plan.digest, by: approval.answeredBy ?? '' });
    return { verdict: 'allow', plan: asked.plan as JudgedPlan };
  };

  const keep = async (plan: Plan, decision: GrantScope, asking: Pending['asking']): Promise<void> => {
    if (decision === 'once') return;
    const { agentId, turnId } = plan.place;
    const createdAt = clock.now();
    for (const old of await store.grants.list(agentId)) {
      if (old.scope === 'task' && old.createdAt < createdAt - taskGrantMs) await store.grants.remove(old.id);
    }
    for (const template of templatesFor(decision, plan, asking)) {
      const id = ids('grant');
      await audit.append('grant-add', { id, agentId, scope: decision, digest: sha256(template) });
      await store.grants.add({ id, agentId, scope: decision, template, createdAt, ...(decision === 'task' ? { turnId } : {}) });
    }
  };

  return {
    check: (request) => guarded(clock, check(request), () => deny({ tool: request.tool.name, place: request.place }, 'R14', 'This call could not be judged.')),
    confirm: (plan, approvalId) => guarded(clock, confirm(plan, approvalId), () => deny(plan, 'R15', 'The approval could not be checked.')),
  };
}

/** Any throw but the audit's own, and any hang, become the refusal. */
async function guarded(clock: Clock, judged: Promise<Verdict>, refuse: () => Promise<Verdict>): Promise<Verdict> {
  try {
    return await withTimeLimit(clock, patience, judged, new CoPawError('tool-denied', 'Judging took too long.', { rule: 'R14' }));
  } catch (error) {
    if (error instanceof CoPawError && error.code === 'audit-unwritable') throw error;
    return await refuse();
  }
}

function scopesOf(plan: Plan, { asking, everyTime }: Pick<Pending, 'asking' | 'everyTime'>): readonly GrantScope[] {
  if (everyTime) return ['once'];
  if (plan.origin === 'group') return ['once', 'task'];
  return templatesFor('always', plan, asking).length > 0 ? ['once', 'task', 'always'] : ['once', 'task'];
}
