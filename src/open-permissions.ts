// Composition of what an operator sees and changes of the policy: the judge, the rules of config.json, grants and taint, with or without a server.
import { type Origin, origins } from './core/address.ts';
import type { AuditDoor } from './core/audit.ts';
import { type Config, type ConfigSource, defaultAgent, sandboxOf } from './core/config.ts';
import { CoPawError } from './core/error.ts';
import { sampleRequests } from './core/permission-samples.ts';
import type { PermissionCell, PermissionQuery, PermissionRow, PermissionsAdmin, PermissionTable } from './core/permissions.ts';
import { standingRules } from './core/standing-rules.ts';
import type { Store } from './core/store.ts';
import { isEffectRow } from './core/verdict-table.ts';
import { withHome } from './open-home.ts';

export interface PermissionParts {
  readonly config: ConfigSource;
  readonly store: Pick<Store, 'grants' | 'sessions' | 'taint'>;
  readonly audit: AuditDoor;
  readonly tools: readonly string[];
  readonly sandbox: PermissionTable['sandbox'];
}

/** `by` is for the audit. */
export async function openPermissions({ config, store, audit, tools, sandbox }: PermissionParts, by: string): Promise<PermissionsAdmin> {
  const { judge } = await import('./security/judge.ts');
  const agentOf = (query: PermissionQuery): string => {
    const { agents } = config.current();
    const id = query.agentId ?? defaultAgent(config.current()).id;
    if (!Object.hasOwn(agents, id)) throw new CoPawError('not-found', `There is no agent "${id}".`, { next: `Agents: ${Object.keys(agents).join(', ')}.` });
    return id;
  };
  const look = async (query: PermissionQuery & { readonly origin: Origin; readonly tainted: boolean }, withGrants: boolean) => {
    const agentId = agentOf(query);
    const grants = (await store.grants.list(agentId)).filter(({ scope }) => scope === 'always');
    const network = sandboxOf(config.current(), agentId).network;
    const samples = sampleRequests({
      ...{ ...query, agentId, sandbox: sandbox.kind !== 'none' && sandbox.kind !== 'off', network },
      grants: withGrants ? grants.map(({ template }) => template) : [],
    });
    return samples.map(({ row, request }): PermissionRow & PermissionCell => {
      const { verdict, reason, rule, because } = judge(request, config.current(), grants);
      return { ...row, verdict, reason, rule, because };
    });
  };

  return {
    async table(query) {
      const agentId = agentOf(query);
      const columns = await Promise.all(origins.map(async (origin) => [origin, await look({ ...query, origin, tainted: false }, false)] as const));
      const group = columns.find(([origin]) => origin === 'group')?.[1] ?? [];
      const cellOf = (row: PermissionRow, rows: readonly (PermissionRow & PermissionCell)[]): PermissionCell => {
        const same = rows.filter(({ effect }) => effect === row.effect);
        const { verdict, reason, rule, because } = same.find(({ own }) => own === row.own) ?? same[0] ?? missing;
        return { verdict, reason, rule, because };
      };
      const rows = group.map(({ effect, says, own }) => {
        const row = { effect, says, ...(own === true ? { own } : {}) };
        const [operator, direct, inGroup, unattended] = columns.map(([, cells]) => cellOf(row, cells));
        return { ...row, cells: { operator: operator ?? missing, direct: direct ?? missing, group: inGroup ?? missing, unattended: unattended ?? missing } };
      });
      const agents = Object.entries(config.current().agents).map(([id, { name }]) => ({ id, name }));
      return { agentId, agents, tools, sandbox, rows, rules: standingRules(config.current(), agentId) };
    },
    async preview({ origin, tainted = false, ...query }) {
      return { agentId: agentOf(query), origin, tainted, rows: await look({ ...query, origin, tainted }, true) };
    },
    async setRules(agentId, rules) {
      if (agentId !== undefined) agentOf({ agentId });
      const unknown = rules.find(({ effect }) => effect !== undefined && !isEffectRow(effect));
      if (unknown) throw new CoPawError('invalid', `"${unknown.effect}" is no effect of the table.`, { next: 'See `copaw policy show`.' });
      const strange = rules.find(({ tool }) => tool !== undefined && !tools.includes(tool));
      if (strange) throw new CoPawError('invalid', `There is no tool "${strange.tool}".`, { next: `Tools: ${tools.join(', ')}.` });
      const written = await config.commit(by, [{ path: agentId === undefined ? ['rules'] : ['agents', agentId, 'rules'], value: rules }]);
      return standingRules(written, agentOf(agentId === undefined ? {} : { agentId }));
    },
    grants: () => store.grants.list(),
    async revoke(id) {
      const grant = (await store.grants.list()).find((one) => one.id === id);
      if (!grant) throw new CoPawError('not-found', `There is no grant ${id}.`, { next: 'See `copaw policy grants list`.' });
      await audit.append('grant-revoke', { id, agentId: grant.agentId, scope: grant.scope, actor: by });
      await store.grants.remove(id);
    },
    taint: async () => ({
      sessions: (await store.sessions.tainted()).map(({ id, agentId, title, updatedAt }) => ({ id, agentId, title, updatedAt })),
      files: await store.taint.list(),
    }),
    async clearTaint(what) {
      const marked = 'sessionId' in what ? await isTainted(store, what.sessionId) : await isMarked(store, what.agentId, what.path);
      if (!marked) throw new CoPawError('not-found', 'There is no mark on that.', { next: 'See `copaw taint list`.' });
      await audit.append('taint-clear', 'sessionId' in what ? { actor: by, sessionId: what.sessionId } : { actor: by, agentId: what.agentId, path: what.path });
      if ('sessionId' in what) await store.sessions.clearTaint(what.sessionId);
      else await store.taint.remove(what.agentId, what.path);
    },
  };
}

const missing: PermissionCell = { verdict: 'deny', reason: '', rule: 'R14', because: [] };

async function isTainted(store: PermissionParts['store'], sessionId: string): Promise<boolean> {
  return (await store.sessions.get(sessionId))?.tainted === true;
}

async function isMarked(store: PermissionParts['store'], agentId: string, path: string): Promise<boolean> {
  return (await store.taint.list(agentId)).some((mark) => mark.path === path || mark.path.startsWith(`${path}/`));
}

/** Where no server runs: each request takes the home's lock, so that config and audit have one writer. */
export function openPermissionsAdmin(home: string, environment: Readonly<Record<string, string | undefined>>): PermissionsAdmin {
  const alone = async <T>(work: (admin: PermissionsAdmin) => Promise<T>): Promise<T> => {
    const [{ openConfig }, { createCommitConfig }, { probeSandbox }, { builtinTools }] = await Promise.all([
      import('./config/config-file.ts'),
      import('./security/commit-config.ts'),
      import('./security/process.ts'),
      import('./builtins.ts'),
    ]);
    return withHome(home, environment, async ({ store, audit }) => {
      const file = openConfig(home, { onWarning: () => undefined });
      const config: ConfigSource = { current: () => file.current(), commit: createCommitConfig({ write: (changes) => file.write(changes), audit }) };
      const sandbox = sandboxState(file.current(), await probeSandbox());
      return work(await openPermissions({ config, store, audit, tools: builtinTools.map(({ name }) => name), sandbox }, 'cli'));
    });
  };
  return {
    table: (query) => alone((admin) => admin.table(query)),
    preview: (query) => alone((admin) => admin.preview(query)),
    setRules: (agentId, rules) => alone((admin) => admin.setRules(agentId, rules)),
    grants: () => alone((admin) => admin.grants()),
    revoke: (id) => alone((admin) => admin.revoke(id)),
    taint: () => alone((admin) => admin.taint()),
    clearTaint: (what) => alone((admin) => admin.clearTaint(what)),
  };
}

/** What people are told of the sandbox: also that it was switched off. */
export function sandboxState({ sandbox }: Pick<Config, 'sandbox'>, found: { readonly kind: string; readonly reason?: string }): PermissionTable['sandbox'] {
  return sandbox.dangerouslyOff ? { kind: 'off', reason: 'sandbox.dangerouslyOff is set' } : found;
}
