// Where browsers are told while nobody looks. A browser that logged in anew keeps its endpoint: the last device that has it is the one.
import type { PushDevice } from '../core/push.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { json, number, text } from './row.ts';

export function createPush(database: Database): Store['push'] {
  return {
    list: async () => database.all('SELECT * FROM push_devices ORDER BY rowid').map(toPushDevice),
    async put({ deviceId, endpoint, p256dh, auth, serverKey, kinds, text: shown, language }) {
      database.run(
        `INSERT OR REPLACE INTO push_devices (device_id, endpoint, p256dh, auth, server_key, kinds, text, language)
         SELECT id, ?, ?, ?, ?, ?, ?, ? FROM devices WHERE id = ?`,
        ...[endpoint, p256dh, auth, serverKey, JSON.stringify(kinds), shown ? 1 : 0, language, deviceId],
      );
    },
    remove: async (deviceId, endpoint) =>
      database.run('DELETE FROM push_devices WHERE device_id = ? AND endpoint = coalesce(?, endpoint)', deviceId, endpoint ?? null).changes > 0,
  };
}

function toPushDevice(row: Row): PushDevice {
  return {
    deviceId: text(row, 'device_id'),
    endpoint: text(row, 'endpoint'),
    p256dh: text(row, 'p256dh'),
    auth: text(row, 'auth'),
    serverKey: text(row, 'server_key'),
    kinds: json(row, 'kinds'),
    text: number(row, 'text') === 1,
    language: text(row, 'language') as PushDevice['language'],
  };
}
