// Brings a database to a second data version that takes its time, and says when it is done; the test kills it on the way.
import { writeSync } from 'node:fs';
import { migrations } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open-store.ts';

/** All that was shipped, as one. */
const first = migrations.join('\n');
const slow = `CREATE TABLE numbers (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
INSERT INTO numbers WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 400000) SELECT n, hex(randomblob(20)) FROM up`;

const store = await openStore(process.argv[2] ?? '', { migrations: [first, slow] });
await store.close();
writeSync(1, 'done\n');
