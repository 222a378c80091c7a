// Shows one approval in a terminal and asks for the answer. What is shown is the whole plan, escaped, never cut (R15).
import type { Approval, ApprovalDecision, GrantScope } from '../core/policy.ts';
import type { Effect } from '../core/tool.ts';
import type { Terminal } from './terminal.ts';
import { showEscaped } from './text.ts';

const keys: Readonly<Record<GrantScope, { readonly key: string; readonly label: string }>> = {
  once: { key: 'y', label: 'yes, once' },
  task: { key: 't', label: 'yes, for this task' },
  always: { key: 'a', label: 'always for exactly this' },
};

/** The approval as text for a person. */
export function describeApproval({ plan, reason, warnings, id }: Approval): string {
  const lines = [
    `Approval ${id}: ${plan.tool}`,
    `why: ${reason}`,
    ...plan.effects.flatMap((effect) => indent(describeEffect(effect, plan.sandbox))),
    ...plan.executables.map(({ path, sha256 }) => `  program: ${path} (sha256 ${sha256})`),
    'arguments:',
    ...indent(JSON.stringify(plan.args, undefined, 2)),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return `${lines.map(showEscaped).join('\n')}\n`;
}

/** The person's decision; undefined when it was withdrawn (`signal`) before an answer. End of input means no. */
export async function askApproval(terminal: Terminal, approval: Approval, signal: AbortSignal): Promise<ApprovalDecision | undefined> {
  terminal.error(`\n${describeApproval(approval)}`);
  const choices = approval.scopes.map((scope) => `${keys[scope].key} = ${keys[scope].label}`);
  for (;;) {
    const line = await terminal.ask(`${[...choices, 'n = no'].join(', ')} [n]: `, signal);
    if (signal.aborted) return undefined;
    const answer = line?.trim().toLowerCase() ?? '';
    if (['', 'n', 'no'].includes(answer)) return 'deny';
    const scope = approval.scopes.find((known) => keys[known].key === answer || (known === 'once' && answer === 'yes'));
    if (scope) return scope;
  }
}

function describeEffect(effect: Effect, sandbox: string): string {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return `${effect.kind} ${effect.path}`;
    case 'run': {
      const where = `in ${effect.cwd}, ${effect.network ? 'WITH network' : 'without network'}, ${effect.sandboxed ? `sandbox ${sandbox}` : 'NOT sandboxed'}`;
      return `run (${where}):\n${effect.argv ? JSON.stringify(effect.argv) : (effect.command ?? '')}`;
    }
    case 'net':
      return `${effect.method} ${effect.url}`;
    case 'memory':
      return `${effect.access} memory`;
    case 'send':
      return `send to ${[effect.to.channel, effect.to.account, effect.to.chat, effect.to.thread].filter((part) => part !== undefined).join(' / ')}`;
    case 'schedule':
      return `${effect.what} at ${new Date(effect.dueAt).toISOString()}: ${effect.text}`;
    case 'secret':
      return `use the secret ${effect.ref} at ${effect.origin}`;
    case 'agent':
      return `start the agent ${effect.id}`;
    case 'opaque':
      return effect.what;
  }
}

function indent(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
