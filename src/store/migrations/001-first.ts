// The first data version.
export const first = `
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, key TEXT NOT NULL UNIQUE, address TEXT NOT NULL, title TEXT NOT NULL,
  tainted INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, mode TEXT, model TEXT
) STRICT;
CREATE INDEX sessions_updated ON sessions (updated_at);
CREATE INDEX sessions_tainted ON sessions (updated_at) WHERE tainted = 1;
CREATE TABLE turns (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, agent_id TEXT NOT NULL, address TEXT NOT NULL, origin TEXT NOT NULL,
  sender TEXT NOT NULL, answer_id TEXT NOT NULL, outcome TEXT, started_at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE INDEX turns_session ON turns (session_id);
CREATE INDEX turns_open ON turns (started_at) WHERE outcome IS NULL;
CREATE INDEX turns_outcome ON turns (outcome);
CREATE INDEX turns_answer ON turns (answer_id);
CREATE TABLE steps (
  turn_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, side_effect TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (turn_id, kind, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, turn_id TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL
) STRICT;
CREATE INDEX entries_session ON entries (session_id, seq);
CREATE INDEX entries_turn ON entries (turn_id, seq);
CREATE TABLE inbox (
  key TEXT PRIMARY KEY, envelope TEXT NOT NULL, state TEXT NOT NULL, session_id TEXT, turn_id TEXT, rule TEXT, received_at INTEGER NOT NULL,
  worded INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX inbox_open ON inbox (received_at) WHERE state IN ('accepted', 'assigned');
CREATE INDEX inbox_turn ON inbox (turn_id);
CREATE INDEX inbox_session ON inbox (session_id);
CREATE INDEX inbox_state ON inbox (state);
CREATE INDEX inbox_worded ON inbox (received_at) WHERE worded = 1;
CREATE TABLE outbox (
  answer_id TEXT NOT NULL, part INTEGER NOT NULL, session_id TEXT NOT NULL, address TEXT NOT NULL, outgoing TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, ref TEXT,
  PRIMARY KEY (answer_id, part)
) STRICT;
CREATE INDEX outbox_session ON outbox (session_id);
CREATE INDEX outbox_pending ON outbox (next_at) WHERE state = 'pending';
CREATE INDEX outbox_ref ON outbox (ref) WHERE ref IS NOT NULL AND ref <> 'log';
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_sending ON outbox (next_at) WHERE state = 'sending';
CREATE INDEX outbox_worded ON outbox (next_at) WHERE outgoing <> '{"text":""}';
CREATE TABLE approvals (
  id TEXT PRIMARY KEY, plan TEXT NOT NULL, reason TEXT NOT NULL, scopes TEXT NOT NULL, warnings TEXT NOT NULL, state TEXT NOT NULL,
  decision TEXT, answered_by TEXT, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX approvals_pending ON approvals (asked_at) WHERE state = 'pending';
CREATE INDEX approvals_settled ON approvals (asked_at) WHERE state <> 'pending';
CREATE TABLE grants (
  id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, scope TEXT NOT NULL, template TEXT NOT NULL, turn_id TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_agent ON grants (agent_id, template);
CREATE TABLE taint (
  agent_id TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, session_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (agent_id, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, session_id TEXT NOT NULL, address TEXT NOT NULL, due_at INTEGER NOT NULL, text TEXT NOT NULL,
  state TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'scheduled';
CREATE INDEX jobs_over ON jobs (due_at) WHERE state <> 'scheduled';
CREATE TABLE usage (
  turn_id TEXT NOT NULL, session_id TEXT NOT NULL, agent_id TEXT NOT NULL, model TEXT NOT NULL, input INTEGER NOT NULL, cached_input INTEGER NOT NULL,
  output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cost REAL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX usage_at ON usage (at);
CREATE INDEX usage_session ON usage (session_id);
CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, mac TEXT NOT NULL) STRICT;
CREATE INDEX audit_checkpoints ON audit (seq) WHERE kind = 'audit-checkpoint';
CREATE TABLE reviews (at INTEGER PRIMARY KEY, findings TEXT NOT NULL) STRICT;
CREATE TABLE devices (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT;
CREATE TABLE turned_away (
  channel TEXT NOT NULL, account TEXT NOT NULL, sender TEXT NOT NULL, rule TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  count INTEGER NOT NULL, UNIQUE (channel, account, sender, rule)
) STRICT;
CREATE INDEX turned_away_last ON turned_away (channel, account, last_at);
CREATE TABLE pairings (
  channel TEXT NOT NULL, account TEXT NOT NULL, sender TEXT NOT NULL, code TEXT NOT NULL UNIQUE, state TEXT NOT NULL, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, answered_at INTEGER NOT NULL, UNIQUE (channel, account, sender)
) STRICT;
CREATE TABLE changed_turns (
  turn_id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, session_id TEXT NOT NULL, undoes TEXT, undone_by TEXT, last_seq INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX changed_turns_last ON changed_turns (last_seq);
CREATE INDEX changed_turns_session ON changed_turns (session_id, last_seq);
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, turn_id TEXT NOT NULL, call_id TEXT NOT NULL, path TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
  mark TEXT, trash TEXT, at INTEGER NOT NULL
) STRICT;
CREATE INDEX changes_turn ON changes (turn_id, seq);
CREATE INDEX changes_before ON changes (before);
CREATE TABLE contents (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sweeps (at INTEGER PRIMARY KEY) STRICT;
CREATE TABLE memory_files (agent_id TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, PRIMARY KEY (agent_id, path)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE memory_chunks USING fts5(segmented, agent_id UNINDEXED, path UNINDEXED, first UNINDEXED, last UNINDEXED, text UNINDEXED, tokenize = 'unicode61');
`;
