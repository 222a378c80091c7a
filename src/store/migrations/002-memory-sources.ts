// Where notes of memory came from: session, message, who.
export const memorySources = `
CREATE TABLE memory_sources (
  agent_id TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, at INTEGER NOT NULL, source TEXT NOT NULL, PRIMARY KEY (agent_id, path, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_sources_at ON memory_sources (agent_id, at);
`;
