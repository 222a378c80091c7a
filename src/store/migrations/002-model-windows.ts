// How many tokens models take, as their providers said.
export const modelWindows = `
CREATE TABLE model_windows (
  ref TEXT PRIMARY KEY, tokens INTEGER NOT NULL, source TEXT NOT NULL, declared INTEGER NOT NULL, at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
