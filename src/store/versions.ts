// Changes of files, and what they held before: rows in the database, contents as files beside it, so that these can go without leaving a hole in it.
import type { Store } from '../core/store.ts';
import type { ChangedTurn, FileChange, VersionKeep } from '../core/undo.ts';
import { oneAtATime } from '../lib/one-at-a-time.ts';
import { createContentFiles, type PackedContent, pack } from './content-files.ts';
import type { Database, Row } from './database.ts';
import { number, optional, text } from './row.ts';

/** Turns that leave for their age when one change comes. */
const mostAged = 20;
/** Paths a list names of one turn. */
const mostNamed = 20;
const dayMs = 24 * 60 * 60 * 1000;
const isHash = (held: string): boolean => /^[0-9a-f]{64}$/u.test(held);

export function createVersions(database: Database, directory: string): Store['versions'] {
  const files = createContentFiles(directory);
  const inOrder = oneAtATime();
  /** Bytes of all contents, once they were counted. */
  let total: number | undefined;
  const count = (): number => {
    total ??= number(database.get('SELECT coalesce(sum(bytes), 0) AS bytes FROM contents') ?? {}, 'bytes');
    return total;
  };
  const isKept = (hash: string): boolean => database.get('SELECT 1 FROM contents WHERE sha256 = ?', hash) !== undefined;

  let swept = false;
  /** Files that no row names: the rows went with a database that could not be read. Once is enough. */
  const sweepFiles = async (): Promise<void> => {
    if (swept) return;
    swept = true;
    for (const hash of await files.hashes()) if (!isKept(hash)) await files.remove(hash);
  };

  /** Forgets changes by a condition on the table. Files go before the rows that name them: a crash in between leaves a row without a file, never the reverse. */
  const forget = async (condition: 'seq' | 'turn_id', value: number | string): Promise<void> => {
    const named = database.all(
      `SELECT DISTINCT before FROM changes WHERE ${condition} = ? AND NOT EXISTS
       (SELECT 1 FROM changes AS other WHERE other.before = changes.before AND other.${condition} <> ?)`,
      value,
      value,
    );
    const hashes = named.map((row) => text(row, 'before')).filter(isHash);
    for (const hash of hashes) await files.remove(hash);
    database.transaction(() => {
      const turn = database.get(`SELECT turn_id FROM changes WHERE ${condition} = ?`, value);
      database.run(`DELETE FROM changes WHERE ${condition} = ?`, value);
      for (const hash of hashes) {
        const gone = database.get('DELETE FROM contents WHERE sha256 = ? RETURNING bytes', hash);
        if (total !== undefined && gone) total -= number(gone, 'bytes');
      }
      if (turn) {
        const id = text(turn, 'turn_id');
        database.run('DELETE FROM changed_turns WHERE turn_id = ? AND NOT EXISTS (SELECT 1 FROM changes WHERE turn_id = ?)', id, id);
      }
    });
  };
  const oldest = (but: string): Row | undefined => database.get('SELECT * FROM changed_turns WHERE turn_id <> ? ORDER BY last_seq LIMIT 1', but);
  const dropAged = async (now: number, but: string, { days }: VersionKeep): Promise<void> => {
    for (let dropped = 0; dropped < mostAged; dropped++) {
      const turn = oldest(but);
      if (!turn || number(turn, 'at') >= now - days * dayMs) return;
      await forget('turn_id', text(turn, 'turn_id'));
    }
  };
  /** Whether there is room for so many bytes, once the oldest turns have made it. */
  const makeRoom = async (bytes: number, but: string, { megabytes }: VersionKeep): Promise<boolean> => {
    const most = megabytes * 1_000_000;
    if (bytes > most) return false;
    while (count() + bytes > most) {
      const turn = oldest(but);
      if (!turn) return false;
      await forget('turn_id', text(turn, 'turn_id'));
    }
    return true;
  };

  const insert = (change: Omit<FileChange, 'seq'>, packed: PackedContent | undefined): FileChange =>
    database.transaction(() => {
      const { agentId, sessionId, turnId, callId, undoes, path, before, after, mark, trash, at } = change;
      if (packed) {
        const { changes: added } = database.run('INSERT OR IGNORE INTO contents (sha256, bytes) VALUES (?, ?)', before, packed.bytes);
        if (total !== undefined) total += added * packed.bytes;
      }
      const seq = database.run(
        'INSERT INTO changes (turn_id, call_id, path, before, after, mark, trash, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        turnId,
        callId,
        path,
        before,
        after,
        mark ?? null,
        trash ?? null,
        at,
      ).lastId;
      database.run(
        `INSERT INTO changed_turns (turn_id, agent_id, session_id, undoes, last_seq, at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (turn_id) DO UPDATE SET last_seq = excluded.last_seq, at = excluded.at`,
        turnId,
        agentId,
        sessionId,
        undoes ?? null,
        seq,
        at,
      );
      return { ...change, seq };
    });

  const toTurn = (row: Row): ChangedTurn => {
    const turnId = text(row, 'turn_id');
    const named = database.all('SELECT DISTINCT path FROM changes WHERE turn_id = ? ORDER BY path LIMIT ?', turnId, mostNamed);
    const counted = database.get('SELECT count(DISTINCT path) AS files FROM changes WHERE turn_id = ?', turnId);
    return {
      turnId,
      agentId: text(row, 'agent_id'),
      sessionId: text(row, 'session_id'),
      at: number(row, 'at'),
      paths: named.map((one) => text(one, 'path')),
      files: number(counted ?? {}, 'files'),
      ...optional(row, 'undoes', 'undoes'),
      ...optional(row, 'undone_by', 'undoneBy'),
    };
  };

  return {
    add: (change, content, keep) =>
      inOrder(async () => {
        const { before, turnId, at } = change;
        await dropAged(at, turnId, keep);
        if (content === undefined || (isKept(before) && (await files.has(before)))) return insert(change, undefined);
        await sweepFiles().catch(() => undefined); // none are there; or they stay, and the change is not held up by it
        const packed = await pack(content);
        if (!(await makeRoom(packed.bytes, turnId, keep))) return insert({ ...change, before: 'unkept' }, undefined);
        const added = insert(change, packed);
        try {
          await files.write(before, packed);
        } catch (error) {
          await forget('seq', added.seq).catch(() => undefined); // the first error is the one to tell; a row without its content harms nothing
          throw error;
        }
        return added;
      }),
    settle: async (seq, { after, trash }) =>
      void database.run('UPDATE changes SET after = coalesce(?, after), trash = coalesce(?, trash) WHERE seq = ?', after ?? null, trash ?? null, seq),
    remove: (seq) => inOrder(() => forget('seq', seq)),
    ofTurn: async (turnId) =>
      database
        .all('SELECT changes.*, agent_id, session_id, undoes FROM changes JOIN changed_turns USING (turn_id) WHERE turn_id = ? ORDER BY seq', turnId)
        .map(toChange),
    turns: async ({ sessionId, limit }) =>
      database
        .all('SELECT * FROM changed_turns WHERE session_id = coalesce(?, session_id) ORDER BY last_seq DESC LIMIT ?', sessionId ?? null, limit)
        .map(toTurn),
    content: (hash) => inOrder(async () => (isHash(hash) ? files.read(hash) : undefined)),
    async setUndone(turnId, undoId) {
      database.transaction(() => {
        database.run('UPDATE changed_turns SET undone_by = ? WHERE turn_id = ?', undoId, turnId);
        database.run('UPDATE changed_turns SET undone_by = NULL WHERE turn_id = (SELECT undoes FROM changed_turns WHERE turn_id = ?)', turnId);
      });
    },
  };
}

function toChange(row: Row): FileChange {
  return {
    seq: number(row, 'seq'),
    agentId: text(row, 'agent_id'),
    sessionId: text(row, 'session_id'),
    turnId: text(row, 'turn_id'),
    callId: text(row, 'call_id'),
    path: text(row, 'path'),
    before: text(row, 'before'),
    after: text(row, 'after'),
    at: number(row, 'at'),
    ...optional(row, 'undoes', 'undoes'),
    ...optional(row, 'mark', 'mark'),
    ...optional(row, 'trash', 'trash'),
  };
}
