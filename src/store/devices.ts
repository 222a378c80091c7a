// Devices: browsers and tools that hold one revocable token each; only hashes are stored.
import type { Device, Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { number, text } from './row.ts';

export function createDevices(database: Database): Store['devices'] {
  return {
    async add({ id, name, tokenHash, createdAt, seenAt }) {
      database.run('INSERT INTO devices (id, name, token_hash, created_at, seen_at) VALUES (?, ?, ?, ?, ?)', id, name, tokenHash, createdAt, seenAt);
    },
    async byHash(tokenHash) {
      const row = database.get('SELECT * FROM devices WHERE token_hash = ?', tokenHash);
      return row ? toDevice(row) : undefined;
    },
    list: async () => database.all('SELECT * FROM devices ORDER BY created_at, rowid').map(toDevice),
    async touch(id, at) {
      database.run('UPDATE devices SET seen_at = ? WHERE id = ?', at, id);
    },
    remove: async (id) =>
      database.transaction(() => {
        database.run('DELETE FROM push_devices WHERE device_id = ?', id);
        return database.run('DELETE FROM devices WHERE id = ?', id).changes > 0;
      }),
  };
}

function toDevice(row: Row): Device {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    tokenHash: text(row, 'token_hash'),
    createdAt: number(row, 'created_at'),
    seenAt: number(row, 'seen_at'),
  };
}
