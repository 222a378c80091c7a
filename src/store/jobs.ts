// Jobs: one-shot reminders that survive a restart and fire at most once.
import type { Job } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, text } from './row.ts';

export function createJobs(database: Database): Store['jobs'] {
  return {
    due: async (now) => database.all("SELECT * FROM jobs WHERE state = 'scheduled' AND due_at <= ? ORDER BY due_at, rowid", now).map(toJob),
    async nextDue() {
      const next = database.get("SELECT min(due_at) AS next FROM jobs WHERE state = 'scheduled'")?.next;
      return typeof next === 'number' ? next : undefined;
    },
    async get(id) {
      const row = database.get('SELECT * FROM jobs WHERE id = ?', id);
      return row && toJob(row);
    },
    list: async () => database.all('SELECT * FROM jobs ORDER BY due_at, rowid').map(toJob),
    waiting: async () => database.all("SELECT * FROM jobs WHERE state = 'scheduled' ORDER BY due_at, rowid").map(toJob),
    async countScheduled(sessionId) {
      const row = database.get("SELECT count(*) AS n FROM jobs WHERE state = 'scheduled' AND session_id = ?", sessionId);
      return row ? number(row, 'n') : 0;
    },
    settle: async (id, state) => database.run("UPDATE jobs SET state = ? WHERE id = ? AND state = 'scheduled'", state, id).changes > 0,
  };
}

export function addJob(database: Database, job: Job): void {
  database.run(
    'INSERT INTO jobs (id, agent_id, session_id, address, due_at, text, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    job.id,
    job.agentId,
    job.sessionId,
    JSON.stringify(job.address),
    job.dueAt,
    job.text,
    job.state,
    job.createdAt,
  );
}

export function dropReminders(database: Database, sessionId: string): void {
  database.run('DELETE FROM jobs WHERE session_id = ?', sessionId);
}

function toJob(row: Row): Job {
  return {
    id: text(row, 'id'),
    agentId: text(row, 'agent_id'),
    sessionId: text(row, 'session_id'),
    address: json(row, 'address'),
    dueAt: number(row, 'due_at'),
    text: text(row, 'text'),
    state: text(row, 'state') as Job['state'],
    createdAt: number(row, 'created_at'),
  };
}
