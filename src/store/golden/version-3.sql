CREATE TABLE approvals (
  id TEXT PRIMARY KEY, plan TEXT NOT NULL, reason TEXT NOT NULL, scopes TEXT NOT NULL, warnings TEXT NOT NULL, state TEXT NOT NULL,
  decision TEXT, answered_by TEXT, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX approvals_pending ON approvals (asked_at) WHERE state = 'pending';
CREATE INDEX approvals_settled ON approvals (asked_at) WHERE state <> 'pending';
INSERT INTO "approvals" ("id", "plan", "reason", "scopes", "warnings", "state", "decision", "answered_by", "asked_at", "expires_at") VALUES ('a1', '{"id":"plan-a1","digest":"digest of plan-a1","tool":"run_command","sideEffect":"outside","args":{"argv":["git","status"]},"effects":[{"kind":"run","argv":["git","status"],"cwd":".","network":false,"sandboxed":true}],"place":{"agentId":"main","sessionId":"s1","turnId":"t1","callId":"call-plan-a1","address":{"channel":"console","account":"local","chat":"s1"},"timezone":"UTC","now":1,"sandbox":true},"origin":"operator","senderId":"operator","executables":[{"path":"/usr/bin/git","sha256":"ab"}],"sandbox":"full","policyVersion":"1","nonce":"n"}', 'Commands ask here.', '["once","always"]', '["It deletes files."]', 'pending', NULL, NULL, 1, 1001);
CREATE TABLE audit (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, mac TEXT NOT NULL) STRICT;
CREATE INDEX audit_checkpoints ON audit (seq) WHERE kind = 'audit-checkpoint';
INSERT INTO "audit" ("seq", "at", "kind", "detail", "mac") VALUES (1, 1, 'login', '{"device":"d1"}', 'ab');
CREATE TABLE changed_turns (
  turn_id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, session_id TEXT NOT NULL, undoes TEXT, undone_by TEXT, last_seq INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE INDEX changed_turns_last ON changed_turns (last_seq);
CREATE INDEX changed_turns_session ON changed_turns (session_id, last_seq);
INSERT INTO "changed_turns" ("turn_id", "agent_id", "session_id", "undoes", "undone_by", "last_seq", "at") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', '"{}"', 1, 1);
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, turn_id TEXT NOT NULL, call_id TEXT NOT NULL, path TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
  mark TEXT, trash TEXT, at INTEGER NOT NULL
) STRICT;
CREATE INDEX changes_before ON changes (before);
CREATE INDEX changes_turn ON changes (turn_id, seq);
INSERT INTO "changes" ("seq", "turn_id", "call_id", "path", "before", "after", "mark", "trash", "at") VALUES (1, '"{}"', '"{}"', '"{}"', '"{}"', '"{}"', '"{}"', '"{}"', 1);
CREATE TABLE contents (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "contents" ("sha256", "bytes") VALUES ('"{}"', 1);
CREATE TABLE devices (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL, seen_at INTEGER NOT NULL
) STRICT;
INSERT INTO "devices" ("id", "name", "token_hash", "created_at", "seen_at") VALUES ('"{}"', '"{}"', '"{}"', 1, 1);
CREATE TABLE dreams (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, content TEXT NOT NULL) STRICT;
CREATE INDEX dreams_agent ON dreams (agent_id, at);
INSERT INTO "dreams" ("id", "agent_id", "at", "state", "content") VALUES ('"{}"', '"{}"', 1, '"{}"', '"{}"');
CREATE TABLE dreamt (agent_id TEXT PRIMARY KEY, seen TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "dreamt" ("agent_id", "seen") VALUES ('"{}"', '"{}"');
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, turn_id TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL
) STRICT;
CREATE INDEX entries_session ON entries (session_id, seq);
CREATE INDEX entries_turn ON entries (turn_id, seq);
INSERT INTO "entries" ("seq", "session_id", "turn_id", "at", "event") VALUES (1, 's1', 't1', 1, '{"type":"notice","level":"info","code":"retry","text":"It’s one; \"two\" — 三"}');
CREATE TABLE grants (
  id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, scope TEXT NOT NULL, template TEXT NOT NULL, turn_id TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX grants_agent ON grants (agent_id, template);
INSERT INTO "grants" ("id", "agent_id", "scope", "template", "turn_id", "created_at") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', '"{}"', 1);
CREATE TABLE inbox (
  key TEXT PRIMARY KEY, envelope TEXT NOT NULL, state TEXT NOT NULL, session_id TEXT, turn_id TEXT, rule TEXT, received_at INTEGER NOT NULL,
  worded INTEGER NOT NULL DEFAULT 1
, settled INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX inbox_open ON inbox (received_at) WHERE state IN ('accepted', 'assigned');
CREATE INDEX inbox_session ON inbox (session_id);
CREATE INDEX inbox_state ON inbox (state);
CREATE INDEX inbox_turn ON inbox (turn_id);
CREATE INDEX inbox_waiting ON inbox (received_at) WHERE settled = 0 AND state IN ('failed', 'interrupted') AND worded = 1;
CREATE INDEX inbox_worded ON inbox (received_at) WHERE worded = 1;
INSERT INTO "inbox" ("key", "envelope", "state", "session_id", "turn_id", "rule", "received_at", "worded", "settled") VALUES ('m1', '{"key":"m1","channel":"console","account":"local","inbound":{"kind":"message","id":"m1","text":"text of m1","chat":{"id":"s1","kind":"direct"},"sender":{"id":"operator"},"at":1},"receivedAt":1}', 'accepted', NULL, NULL, NULL, 1, 1, 0);
INSERT INTO "inbox" ("key", "envelope", "state", "session_id", "turn_id", "rule", "received_at", "worded", "settled") VALUES ('m2', '{"key":"m2","channel":"console","account":"local","inbound":{"kind":"message","id":"m2","text":"text of m2","chat":{"id":"s1","kind":"direct"},"sender":{"id":"operator"},"at":1},"receivedAt":1}', 'assigned', 's1', 't1', NULL, 1, 1, 0);
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, session_id TEXT NOT NULL, address TEXT NOT NULL, due_at INTEGER NOT NULL, text TEXT NOT NULL,
  state TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at) WHERE state = 'scheduled';
CREATE INDEX jobs_over ON jobs (due_at) WHERE state <> 'scheduled';
INSERT INTO "jobs" ("id", "agent_id", "session_id", "address", "due_at", "text", "state", "created_at") VALUES ('j1', 'main', 's1', '{"channel":"console","account":"local","chat":"s1"}', 5, 'text of j1', 'scheduled', 1);
CREATE TABLE learned (session_id TEXT PRIMARY KEY, through INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "learned" ("session_id", "through") VALUES ('"{}"', 1);
CREATE TABLE memory_chunks (
  id INTEGER PRIMARY KEY, agent_id TEXT NOT NULL, path TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, text TEXT NOT NULL, segmented TEXT NOT NULL,
  headings TEXT NOT NULL, day TEXT, superseded TEXT, hash TEXT NOT NULL
) STRICT;
CREATE INDEX memory_chunks_day ON memory_chunks (agent_id, day) WHERE day IS NOT NULL;
CREATE INDEX memory_chunks_hash ON memory_chunks (agent_id, hash);
CREATE INDEX memory_chunks_path ON memory_chunks (agent_id, path);
INSERT INTO "memory_chunks" ("id", "agent_id", "path", "first", "last", "text", "segmented", "headings", "day", "superseded", "hash") VALUES (1, '"{}"', '"{}"', 1, 1, '"{}"', '"{}"', '"{}"', '"{}"', '"{}"', '"{}"');
CREATE TABLE memory_files (agent_id TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, PRIMARY KEY (agent_id, path)) STRICT, WITHOUT ROWID;
INSERT INTO "memory_files" ("agent_id", "path", "stamp") VALUES ('"{}"', '"{}"', '"{}"');
CREATE TABLE memory_sources (
  agent_id TEXT NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, session_id TEXT, message_id TEXT, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (agent_id, path, hash)
) STRICT, WITHOUT ROWID;
INSERT INTO "memory_sources" ("agent_id", "path", "hash", "session_id", "message_id", "by", "at") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', '"{}"', '"{}"', 1);
CREATE VIRTUAL TABLE memory_text USING fts5(segmented, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'");
INSERT INTO "memory_text" ("segmented") VALUES (NULL);
CREATE TABLE memory_totals (agent_id TEXT PRIMARY KEY, chunks INTEGER NOT NULL, words INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "memory_totals" ("agent_id", "chunks", "words") VALUES ('"{}"', 1, 1);
CREATE TABLE memory_vectors (agent_id TEXT NOT NULL, model TEXT NOT NULL, hash TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (agent_id, model, hash)) STRICT, WITHOUT ROWID;
INSERT INTO "memory_vectors" ("agent_id", "model", "hash", "vector") VALUES ('"{}"', '"{}"', '"{}"', X'01');
CREATE TABLE memory_words (agent_id TEXT NOT NULL, word TEXT NOT NULL, chunks INTEGER NOT NULL, PRIMARY KEY (agent_id, word)) STRICT, WITHOUT ROWID;
INSERT INTO "memory_words" ("agent_id", "word", "chunks") VALUES ('"{}"', '"{}"', 1);
CREATE TABLE model_windows (
  ref TEXT PRIMARY KEY, tokens INTEGER NOT NULL, source TEXT NOT NULL, declared INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "model_windows" ("ref", "tokens", "source", "declared", "at") VALUES ('"{}"', 1, '"{}"', 1, 1);
CREATE TABLE outbox (
  answer_id TEXT NOT NULL, part INTEGER NOT NULL, session_id TEXT NOT NULL, address TEXT NOT NULL, outgoing TEXT NOT NULL,
  state TEXT NOT NULL, attempts INTEGER NOT NULL, next_at INTEGER NOT NULL, ref TEXT, settled INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (answer_id, part)
) STRICT;
CREATE INDEX outbox_pending ON outbox (next_at) WHERE state = 'pending';
CREATE INDEX outbox_ref ON outbox (ref) WHERE ref IS NOT NULL AND ref <> 'log';
CREATE INDEX outbox_sending ON outbox (next_at) WHERE state = 'sending';
CREATE INDEX outbox_session ON outbox (session_id);
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_waiting ON outbox (answer_id) WHERE settled = 0 AND state IN ('dead', 'unknown');
CREATE INDEX outbox_worded ON outbox (next_at) WHERE outgoing <> '{"text":""}';
INSERT INTO "outbox" ("answer_id", "part", "session_id", "address", "outgoing", "state", "attempts", "next_at", "ref", "settled") VALUES ('ans-t1', 0, 's1', '{"channel":"console","account":"local","chat":"s1"}', '{"text":"ans-t1 0"}', 'pending', 0, 1, NULL, 0);
CREATE TABLE pairings (
  channel TEXT NOT NULL, account TEXT NOT NULL, sender TEXT NOT NULL, code TEXT NOT NULL UNIQUE, state TEXT NOT NULL, created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL, answered_at INTEGER NOT NULL, UNIQUE (channel, account, sender)
) STRICT;
INSERT INTO "pairings" ("channel", "account", "sender", "code", "state", "created_at", "expires_at", "answered_at") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', '"{}"', 1, 1, 1);
CREATE TABLE previews (answer_id TEXT PRIMARY KEY, address TEXT NOT NULL, ref TEXT) STRICT, WITHOUT ROWID;
INSERT INTO "previews" ("answer_id", "address", "ref") VALUES ('"{}"', '"{}"', '"{}"');
CREATE TABLE push_devices (
  device_id TEXT PRIMARY KEY,
  endpoint TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  server_key TEXT NOT NULL,
  kinds TEXT NOT NULL,
  text INTEGER NOT NULL,
  language TEXT NOT NULL
) STRICT;
INSERT INTO "push_devices" ("device_id", "endpoint", "p256dh", "auth", "server_key", "kinds", "text", "language") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', '"{}"', '"{}"', 1, '"{}"');
CREATE TABLE reviews (at INTEGER PRIMARY KEY, findings TEXT NOT NULL) STRICT;
INSERT INTO "reviews" ("at", "findings") VALUES (1, '"{}"');
CREATE VIRTUAL TABLE said USING fts5(words, content = '', contentless_delete = 1, tokenize = 'unicode61');
INSERT INTO "said" ("words") VALUES (NULL);
CREATE TABLE said_mark (seq INTEGER PRIMARY KEY) STRICT;
INSERT INTO "said_mark" ("seq") VALUES (1);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, key TEXT NOT NULL UNIQUE, address TEXT NOT NULL, title TEXT NOT NULL,
  tainted INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, mode TEXT, model TEXT
, pinned INTEGER NOT NULL DEFAULT 0, archived INTEGER NOT NULL DEFAULT 0, copied_from TEXT) STRICT;
CREATE INDEX sessions_archived ON sessions (updated_at) WHERE archived = 1;
CREATE INDEX sessions_pinned ON sessions (updated_at) WHERE pinned = 1;
CREATE INDEX sessions_tainted ON sessions (updated_at) WHERE tainted = 1;
CREATE INDEX sessions_updated ON sessions (updated_at);
INSERT INTO "sessions" ("id", "agent_id", "key", "address", "title", "tainted", "created_at", "updated_at", "mode", "model", "pinned", "archived", "copied_from") VALUES ('s1', 'main', 'main:s1', '{"channel":"console","account":"local","chat":"s1"}', 'Title of s1', 0, 1, 1, NULL, NULL, 0, 0, NULL);
CREATE TABLE steps (
  turn_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, side_effect TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (turn_id, kind, ref)
) STRICT, WITHOUT ROWID;
INSERT INTO "steps" ("turn_id", "kind", "ref", "side_effect", "state", "at") VALUES ('t1', 'tool', 'call-1', 'none', 'started', 1);
CREATE TABLE sweeps (at INTEGER PRIMARY KEY) STRICT;
INSERT INTO "sweeps" ("at") VALUES (1);
CREATE TABLE taint (
  agent_id TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, session_id TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (agent_id, path)
) STRICT, WITHOUT ROWID;
INSERT INTO "taint" ("agent_id", "path", "sha256", "session_id", "at") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', 1);
CREATE TABLE turned_away (
  channel TEXT NOT NULL, account TEXT NOT NULL, sender TEXT NOT NULL, rule TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
  count INTEGER NOT NULL, UNIQUE (channel, account, sender, rule)
) STRICT;
CREATE INDEX turned_away_last ON turned_away (channel, account, last_at);
INSERT INTO "turned_away" ("channel", "account", "sender", "rule", "first_at", "last_at", "count") VALUES ('"{}"', '"{}"', '"{}"', '"{}"', 1, 1, 1);
CREATE TABLE turns (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL, agent_id TEXT NOT NULL, address TEXT NOT NULL, origin TEXT NOT NULL,
  sender TEXT NOT NULL, answer_id TEXT NOT NULL, outcome TEXT, started_at INTEGER NOT NULL, ended_at INTEGER
) STRICT;
CREATE INDEX turns_answer ON turns (answer_id);
CREATE INDEX turns_open ON turns (started_at) WHERE outcome IS NULL;
CREATE INDEX turns_outcome ON turns (outcome);
CREATE INDEX turns_session ON turns (session_id);
INSERT INTO "turns" ("id", "session_id", "agent_id", "address", "origin", "sender", "answer_id", "outcome", "started_at", "ended_at") VALUES ('t1', 's1', 'main', '{"channel":"console","account":"local","chat":"s1"}', 'operator', '{"id":"operator"}', 'ans-t1', NULL, 1, NULL);
CREATE TABLE unfinished_sessions (session_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO "unfinished_sessions" ("session_id") VALUES ('"{}"');
CREATE TABLE usage (
  turn_id TEXT NOT NULL, session_id TEXT NOT NULL, agent_id TEXT NOT NULL, model TEXT NOT NULL, input INTEGER NOT NULL, cached_input INTEGER NOT NULL,
  output INTEGER NOT NULL, reasoning INTEGER NOT NULL, cost REAL, at INTEGER NOT NULL
, seconds REAL) STRICT;
CREATE INDEX usage_at ON usage (at);
CREATE INDEX usage_session ON usage (session_id);
INSERT INTO "usage" ("turn_id", "session_id", "agent_id", "model", "input", "cached_input", "output", "reasoning", "cost", "at", "seconds") VALUES ('t1', 's1', 'main', 'p/m', 10, 4, 3, 1, 0.25, 1, 2.5);
PRAGMA user_version = 3;
