// How far each conversation was learned from, and what was proposed for MEMORY.md.
export const learning = `
CREATE TABLE learned (session_id TEXT PRIMARY KEY, through INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dreamt (agent_id TEXT PRIMARY KEY, seen TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dreams (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, content TEXT NOT NULL) STRICT;
CREATE INDEX dreams_agent ON dreams (agent_id, at);
`;
