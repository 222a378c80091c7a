// What of messages and answers that came to nothing still waits for the person: all of it, until they let it be.
export const waiting = `
ALTER TABLE inbox ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inbox_waiting ON inbox (received_at) WHERE settled = 0 AND state IN ('failed', 'interrupted') AND worded = 1;
CREATE INDEX outbox_waiting ON outbox (answer_id) WHERE settled = 0 AND state IN ('dead', 'unknown');
`;
