// Whom the sender door turned away, and who asked to be let in. Both tables have a bound for each account.
import type { Pairing, TurnedAway } from '../core/people.ts';
import type { Store } from '../core/store.ts';
import type { Database, Row } from './database.ts';
import { number, text } from './row.ts';

export function createSenders(database: Database): Store['senders'] {
  return {
    async turnAway({ channel, account, sender, rule, at }, most) {
      database.transaction(() => {
        database.run(
          `INSERT INTO turned_away (channel, account, sender, rule, first_at, last_at, count) VALUES (?, ?, ?, ?, ?, ?, 1)
           ON CONFLICT (channel, account, sender, rule) DO UPDATE SET last_at = excluded.last_at, count = count + 1`,
          channel,
          account,
          sender,
          rule,
          at,
          at,
        );
        database.run(
          `DELETE FROM turned_away WHERE channel = ? AND account = ? AND rowid NOT IN
           (SELECT rowid FROM turned_away WHERE channel = ? AND account = ? ORDER BY last_at DESC, rowid DESC LIMIT ?)`,
          channel,
          account,
          channel,
          account,
          most,
        );
      });
    },
    turnedAway: async (limit) => database.all('SELECT * FROM turned_away ORDER BY last_at DESC, rowid DESC LIMIT ?', limit).map(toTurnedAway),
    async pairing(channel, account, sender) {
      const row = database.get('SELECT * FROM pairings WHERE channel = ? AND account = ? AND sender = ?', channel, account, sender);
      return row ? toPairing(row) : undefined;
    },
    pairings: async () => database.all('SELECT * FROM pairings ORDER BY created_at, rowid').map(toPairing),
    async putPairing({ channel, account, sender, code, state, createdAt, expiresAt, answeredAt }) {
      database.run(
        `INSERT INTO pairings (channel, account, sender, code, state, created_at, expires_at, answered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (channel, account, sender) DO UPDATE SET code = excluded.code, state = excluded.state, created_at = excluded.created_at,
           expires_at = excluded.expires_at, answered_at = excluded.answered_at`,
        channel,
        account,
        sender,
        code,
        state,
        createdAt,
        expiresAt,
        answeredAt,
      );
    },
    removePairing: async (channel, account, sender) =>
      database.run('DELETE FROM pairings WHERE channel = ? AND account = ? AND sender = ?', channel, account, sender).changes > 0,
  };
}

function toTurnedAway(row: Row): TurnedAway {
  return {
    channel: text(row, 'channel'),
    account: text(row, 'account'),
    sender: text(row, 'sender'),
    rule: text(row, 'rule'),
    firstAt: number(row, 'first_at'),
    lastAt: number(row, 'last_at'),
    count: number(row, 'count'),
  };
}

function toPairing(row: Row): Pairing {
  return {
    channel: text(row, 'channel'),
    account: text(row, 'account'),
    sender: text(row, 'sender'),
    code: text(row, 'code'),
    state: text(row, 'state') as Pairing['state'],
    createdAt: number(row, 'created_at'),
    expiresAt: number(row, 'expires_at'),
    answeredAt: number(row, 'answered_at'),
  };
}
