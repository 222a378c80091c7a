// The memory index as search wants it. What it held is read again from the files, which are the truth: nothing is lost by dropping it.
export const memoryIndex = `
DROP TABLE memory_chunks;
DROP TABLE memory_files;
CREATE TABLE memory_files (agent_id TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, PRIMARY KEY (agent_id, path)) STRICT, WITHOUT ROWID;
CREATE TABLE memory_chunks (
  id INTEGER PRIMARY KEY, agent_id TEXT NOT NULL, path TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, text TEXT NOT NULL, segmented TEXT NOT NULL,
  headings TEXT NOT NULL, day TEXT, superseded TEXT, hash TEXT NOT NULL
) STRICT;
CREATE INDEX memory_chunks_path ON memory_chunks (agent_id, path);
CREATE INDEX memory_chunks_hash ON memory_chunks (agent_id, hash);
CREATE INDEX memory_chunks_day ON memory_chunks (agent_id, day) WHERE day IS NOT NULL;
CREATE VIRTUAL TABLE memory_text USING fts5(segmented, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'");
CREATE TABLE memory_words (agent_id TEXT NOT NULL, word TEXT NOT NULL, chunks INTEGER NOT NULL, PRIMARY KEY (agent_id, word)) STRICT, WITHOUT ROWID;
CREATE TABLE memory_totals (agent_id TEXT PRIMARY KEY, chunks INTEGER NOT NULL, words INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE memory_sources (
  agent_id TEXT NOT NULL, path TEXT NOT NULL, hash TEXT NOT NULL, session_id TEXT, message_id TEXT, by TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (agent_id, path, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE memory_vectors (agent_id TEXT NOT NULL, model TEXT NOT NULL, hash TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (agent_id, model, hash)) STRICT, WITHOUT ROWID;
`;
