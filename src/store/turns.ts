// Turns and their journal.
import type { Step, Turn } from '../core/session.ts';
import type { Batch, Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { countBy } from './pages.ts';
import { json, number, text } from './row.ts';

export function createTurns(database: Database): Store['turns'] {
  return {
    async get(id) {
      const row = database.get('SELECT * FROM turns WHERE id = ?', id);
      return row ? toTurn(row) : undefined;
    },
    open: async () => database.all('SELECT * FROM turns WHERE outcome IS NULL ORDER BY started_at, rowid').map(toTurn),
    latest: async (limit) => database.all('SELECT * FROM turns ORDER BY rowid DESC LIMIT ?', limit).map(toTurn),
    async byAnswer(answerId) {
      const row = database.get('SELECT * FROM turns WHERE answer_id = ?', answerId);
      return row ? toTurn(row) : undefined;
    },
    counts: async () => countBy(database, 'SELECT outcome AS name, count(*) AS count FROM turns WHERE outcome IS NOT NULL GROUP BY outcome'),
    steps: async (turnId) => database.all('SELECT * FROM steps WHERE turn_id = ? ORDER BY at', turnId).map(toStep),
    // A turn-start is short; of longer entries not even the text is read.
    async vainStarts(turnId) {
      const row = database.get(
        `SELECT count(*) AS n FROM entries WHERE turn_id = ? AND seq > (SELECT coalesce(max(seq), 0) FROM entries
         WHERE turn_id = ? AND CASE WHEN octet_length(event) < 4096 THEN event ->> 'type' <> 'turn-start' ELSE 1 END)`,
        turnId,
        turnId,
      );
      return row ? number(row, 'n') : 0;
    },
  };
}

export function addTurn(database: Database, turn: Turn): void {
  database.run(
    'INSERT INTO turns (id, session_id, agent_id, address, origin, sender, answer_id, outcome, started_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    turn.id,
    turn.sessionId,
    turn.agentId,
    JSON.stringify(turn.address),
    turn.origin,
    JSON.stringify(turn.sender),
    turn.answerId,
    turn.outcome ?? null,
    turn.startedAt,
    turn.endedAt ?? null,
  );
}

export function endTurn(database: Database, end: NonNullable<Batch['turnEnd']>): void {
  database.run('UPDATE turns SET outcome = ?, ended_at = ? WHERE id = ?', end.outcome, end.at, end.turnId);
  database.run("UPDATE inbox SET state = ? WHERE turn_id = ? AND state = 'assigned'", end.outcome, end.turnId);
}

export function putStep(database: Database, step: Step): void {
  database.run(
    `INSERT INTO steps (turn_id, kind, ref, side_effect, state, at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (turn_id, kind, ref) DO UPDATE SET state = excluded.state, at = excluded.at`,
    step.turnId,
    step.kind,
    step.ref,
    step.sideEffect,
    step.state,
    step.at,
  );
}

function toTurn(row: Row): Turn {
  return {
    id: text(row, 'id'),
    sessionId: text(row, 'session_id'),
    agentId: text(row, 'agent_id'),
    address: json(row, 'address'),
    origin: text(row, 'origin') as Turn['origin'],
    sender: json(row, 'sender'),
    answerId: text(row, 'answer_id'),
    startedAt: number(row, 'started_at'),
    ...(row.outcome === null ? {} : { outcome: text(row, 'outcome') as NonNullable<Turn['outcome']> }),
    ...(row.ended_at === null ? {} : { endedAt: number(row, 'ended_at') }),
  };
}

function toStep(row: Row): Step {
  return {
    turnId: text(row, 'turn_id'),
    kind: text(row, 'kind') as Step['kind'],
    ref: text(row, 'ref'),
    sideEffect: text(row, 'side_effect') as Step['sideEffect'],
    state: text(row, 'state') as Step['state'],
    at: number(row, 'at'),
  };
}
