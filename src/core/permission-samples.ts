// One sample call for each row of the verdict table, so that a preview asks the judge itself and no second table.
import { z } from 'zod';
import { groupFolder, type Origin } from './address.ts';
import type { PermissionQuery, PermissionRow } from './permissions.ts';
import type { PolicyRequest } from './policy.ts';
import type { CommandNetwork, Effect } from './tool.ts';
import { type EffectRow, referenceHosts, verdictTable } from './verdict-table.ts';

const chat = 'preview';
const named = 'https://named.example/';
const run = { kind: 'run', command: 'true', cwd: '.', sandboxed: true } as const;
const file = 'notes.txt';
const knownHost = referenceHosts.find((host) => !host.startsWith('*')) ?? '';

/** `own`: the path a group may use. */
const samples = {
  read: (path) => ({ kind: 'read', path }),
  write: (path) => ({ kind: 'write', path }),
  delete: (path) => ({ kind: 'delete', path }),
  run: () => ({ ...run, network: false }),
  'run-network': () => ({ ...run, network: true }),
  'run-listed-network': () => ({ ...run, network: true }),
  'fetch-seen': () => ({ kind: 'net', url: named, method: 'GET' }),
  'fetch-known': () => ({ kind: 'net', url: `https://${knownHost}/`, method: 'GET' }),
  'fetch-composed': () => ({ kind: 'net', url: 'https://composed.example/', method: 'GET' }),
  secret: () => ({ kind: 'secret', ref: 'a secret', origin: 'https://named.example' }),
  opaque: () => ({ kind: 'opaque', what: 'a call' }),
  'send-here': (_path, to) => ({ kind: 'send', to }),
  'send-elsewhere': (_path, to) => ({ kind: 'send', to: { ...to, chat: 'elsewhere' } }),
  reminder: () => ({ kind: 'schedule', what: 'reminder', dueAt: 1, text: '' }),
  schedule: () => ({ kind: 'schedule', what: 'job', dueAt: 1, text: '' }),
  agent: () => ({ kind: 'agent', id: 'helper' }),
  'memory-read': () => ({ kind: 'memory', access: 'read' }),
  'memory-write': () => ({ kind: 'memory', access: 'write' }),
} as const satisfies Record<EffectRow, (path: string, to: PolicyRequest['place']['address']) => Effect>;

const rowNames = Object.keys(verdictTable) as EffectRow[];
/** Without a list or a sandbox there is no such call. */
const listed: EffectRow = 'run-listed-network';

export interface SampleParts extends PermissionQuery {
  readonly agentId: string;
  readonly origin: Origin;
  readonly tainted: boolean;
  readonly sandbox: boolean;
  readonly network: CommandNetwork | undefined;
  /** Templates of standing grants. */
  readonly grants: readonly string[];
}

/** Each row with a request the judge decides; in a group, what has a folder of its own twice. */
export function sampleRequests(parts: SampleParts): readonly { readonly row: PermissionRow; readonly request: PolicyRequest }[] {
  const { agentId, channel = 'none', account = 'local', origin, tainted, sandbox, network } = parts;
  // What comes by itself is answered to somebody alone.
  const address = { channel, account, chat, ...(origin === 'group' ? {} : { peer: chat }) };
  const request = (effect: Effect, lists: boolean): PolicyRequest => ({
    tool: { name: parts.tool ?? 'preview', sideEffect: 'outside' },
    args: null,
    effects: [effect],
    place: {
      ...{ agentId, sessionId: chat, turnId: chat, callId: chat, address, timezone: 'UTC', now: 0, sandbox },
      ...(lists && network !== undefined ? { network } : {}),
    },
    origin,
    sender: { id: chat },
    tainted,
    seenUrl: (url) => url === named,
  });
  const rows = rowNames.filter((effect) => effect !== listed || (sandbox && network !== undefined));
  const ordinary = rows.flatMap((effect) => {
    const { [effect]: sample } = samples;
    const [says] = verdictTable[effect];
    const one = (path: string, own: object) => ({ row: { effect, says, ...own }, request: request(sample(path, address), effect === listed) });
    const hasOwn = origin === 'group' && ['read', 'write', 'delete'].includes(effect);
    return [...(hasOwn ? [one(`${groupFolder(address)}/${file}`, { own: true })] : []), one(file, {})];
  });
  const granted = parts.grants.flatMap((grant) => {
    const effect = effectOf(grant);
    if (effect === undefined) return [];
    const name: EffectRow =
      effect.kind === 'net' ? 'fetch-composed' : effect.kind === 'run' && network !== undefined && effect.sandboxed ? listed : 'run-network';
    return [{ row: { effect: name, says: verdictTable[name][0], grant }, request: request(effect, true) }];
  });
  return [...ordinary, ...granted];
}

const argvText = z.string().transform((text, context): readonly string[] => {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    context.addIssue('no argument list');
    return z.NEVER;
  }
});

/** The effect a template of src/security/grant-template.ts stands for; undefined for a grant of one turn. */
function effectOf(template: string): Effect | undefined {
  const host = /^host (\S+)$/u.exec(template)?.[1];
  if (host !== undefined) return { kind: 'net', url: `https://${host}/`, method: 'GET' };
  const [, list = '', cwd = '', network, unsandboxed] = /^argv (\[.*\]) cwd "(.*)" network (\S+?)( unsandboxed)?$/u.exec(template) ?? [];
  const argv = argvText.safeParse(list);
  if (network === undefined || !argv.success) return undefined;
  return { kind: 'run', argv: argv.data, cwd, network: network !== 'false', sandboxed: unsandboxed === undefined };
}
