// The policy of a running CoPaw over HTTP: the server stays the only one that writes config, grants and audit log.
import type { PermissionQuery, PermissionsAdmin } from '../core/permissions.ts';
import { done } from './contract.ts';
import { grants, permissionPreview, permissionTable, rulesResponse, taintReport } from './permission-schema.ts';
import { createAsk, type RemoteRequest, searchOf } from './remote-ask.ts';

export function createRemotePermissions(request: RemoteRequest): PermissionsAdmin {
  const ask = createAsk(request);
  const asQuery = ({ agentId, ...query }: PermissionQuery & { readonly origin?: string; readonly tainted?: boolean }): string =>
    searchOf({ ...query, agent: agentId });
  return {
    table: (query) => ask(permissionTable, `/api/permissions?${asQuery(query)}`),
    preview: (query) => ask(permissionPreview, `/api/permissions/preview?${asQuery(query)}`),
    setRules: async (agentId, rules) =>
      (await ask(rulesResponse, '/api/permissions/rules', 'PUT', { rules, ...(agentId === undefined ? {} : { agent: agentId }) })).rules,
    grants: async () => (await ask(grants, '/api/permissions/grants')).grants,
    async revoke(id) {
      await ask(done, `/api/permissions/grants/${encodeURIComponent(id)}`, 'DELETE');
    },
    taint: () => ask(taintReport, '/api/taint'),
    async clearTaint(what) {
      await ask(done, '/api/taint/clear', 'POST', 'sessionId' in what ? { session: what.sessionId } : { agent: what.agentId, path: what.path });
    },
  };
}
