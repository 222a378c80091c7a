// Approvals and standing grants.
import type { Approval, Grant } from '../core/policy.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, optional, text } from './row.ts';

export function createApprovals(database: Database): Store['approvals'] {
  return {
    async add(approval) {
      database.run(
        'INSERT INTO approvals (id, plan, reason, scopes, warnings, state, asked_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        approval.id,
        JSON.stringify(approval.plan),
        approval.reason,
        JSON.stringify(approval.scopes),
        JSON.stringify(approval.warnings),
        approval.state,
        approval.askedAt,
        approval.expiresAt,
      );
    },
    async get(id) {
      const row = database.get('SELECT * FROM approvals WHERE id = ?', id);
      return row ? toApproval(row) : undefined;
    },
    pending: async () => database.all("SELECT * FROM approvals WHERE state = 'pending' ORDER BY asked_at, rowid").map(toApproval),
    settle: async (id, { state, decision, answeredBy }) =>
      database.run(
        "UPDATE approvals SET state = ?, decision = ?, answered_by = ? WHERE id = ? AND state = 'pending'",
        state,
        decision ?? null,
        answeredBy ?? null,
        id,
      ).changes > 0,
  };
}

export function createGrants(database: Database): Store['grants'] {
  return {
    async add(grant) {
      database.run(
        'INSERT INTO grants (id, agent_id, scope, template, turn_id, created_at) VALUES (?, ?, ?, ?, ?, ?)',
        grant.id,
        grant.agentId,
        grant.scope,
        grant.template,
        grant.turnId ?? null,
        grant.createdAt,
      );
    },
    list: async (agentId) =>
      database.all('SELECT * FROM grants WHERE agent_id = coalesce(?, agent_id) ORDER BY created_at, rowid', agentId ?? null).map(toGrant),
    remove: async (id) => database.run('DELETE FROM grants WHERE id = ?', id).changes > 0,
  };
}

function toApproval(row: Row): Approval {
  return {
    id: text(row, 'id'),
    plan: json(row, 'plan'),
    reason: text(row, 'reason'),
    scopes: json(row, 'scopes'),
    warnings: json(row, 'warnings'),
    state: text(row, 'state') as Approval['state'],
    askedAt: number(row, 'asked_at'),
    expiresAt: number(row, 'expires_at'),
    ...(row.decision === null ? {} : { decision: text(row, 'decision') as NonNullable<Approval['decision']> }),
    ...optional(row, 'answered_by', 'answeredBy'),
  };
}

function toGrant(row: Row): Grant {
  return {
    id: text(row, 'id'),
    agentId: text(row, 'agent_id'),
    scope: text(row, 'scope') as Grant['scope'],
    template: text(row, 'template'),
    createdAt: number(row, 'created_at'),
    ...optional(row, 'turn_id', 'turnId'),
  };
}
