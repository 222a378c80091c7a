// Sessions that are pinned, put away or copied, and the full-text index of what was said. The index holds no words, only where they are.
export const sessions = `
ALTER TABLE sessions ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN copied_from TEXT;
CREATE INDEX sessions_pinned ON sessions (updated_at) WHERE pinned = 1;
CREATE INDEX sessions_archived ON sessions (updated_at) WHERE archived = 1;
CREATE TABLE unfinished_sessions (session_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE said_mark (seq INTEGER PRIMARY KEY) STRICT;
CREATE VIRTUAL TABLE said USING fts5(words, content = '', contentless_delete = 1, tokenize = 'unicode61');
`;
