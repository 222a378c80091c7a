// Messages that show an answer while it is made: few rows, none of an answer that was sent.
export const previews = `
CREATE TABLE previews (answer_id TEXT PRIMARY KEY, address TEXT NOT NULL, ref TEXT) STRICT, WITHOUT ROWID;
`;
