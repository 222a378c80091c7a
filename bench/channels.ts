// What channels cost while they do nothing: every kind set up and off beside none, and each one on whose server is not there.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { builtinChannels } from '../src/builtins.ts';
import { secretMembers } from '../src/core/channel-kind.ts';
import { median } from './driver.ts';
import type { Bench, Row } from './measures.ts';
import { footprint } from './processes.ts';
import { makeHome, startCopaw } from './subjects.ts';

const settleMs = 4_000;
/** In a shape that every kind takes: Telegram looks at it before it asks anybody. */
const secret = { env: 'COPAW_BENCH_SECRET' } as const;
/** Optional, and without it nothing would be connected to. */
const alsoNeeded: Readonly<Record<string, readonly string[]>> = { slack: ['appToken'] };

export async function measureChannels({ directory, model, quick }: Bench): Promise<Row[]> {
  const kinds = Object.keys(builtinChannels);
  process.env[secret.env] = '1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1';
  /** Medians over starts of one home. */
  const rest = async (configured: readonly string[], enabled: boolean): Promise<{ readonly rss: number; readonly ready: number }> => {
    const home = makeHome(directory, model.port);
    const accounts = await Promise.all(configured.map(async (kind) => [kind, { main: { enabled, ...(await nowhere(kind)) } }] as const));
    const path = join(home, 'config.json');
    // It has comments; one more key goes in front.
    writeFileSync(path, readFileSync(path, 'utf8').replace('{', `{"channels": ${JSON.stringify(Object.fromEntries(accounts))},`));
    const seen: { rss: number; ready: number }[] = [];
    for (let run = 0; run < (quick ? 3 : 5); run++) {
      const running = await startCopaw(home);
      try {
        await sleep(settleMs);
        seen.push({ rss: footprint(running.pid).rssMb, ready: running.readyMs });
      } finally {
        await running.stop();
      }
    }
    return { rss: median(seen.map(({ rss }) => rss)), ready: median(seen.map(({ ready }) => ready)) };
  };
  const none = await rest([], false);
  const off = await rest(kinds, false);
  const all = await rest(kinds, true);
  const memory = (name: string, rss: number): Row => ({
    name: `idle memory, ${name}, beside none`,
    unit: 'MB',
    copaw: rss,
    floor: none.rss,
    figure: rss - none.rss,
  });
  const rows: Row[] = [
    { ...memory(`${kinds.length} kinds of channels set up and off`, off.rss), figure: off.rss - none.rss, goal: { most: 2, unit: 'MB more' } },
    memory('all of them on and no server there', all.rss),
    {
      name: 'start to ready, all of them on and no server there, beside none',
      unit: 'ms',
      copaw: all.ready,
      floor: none.ready,
      figure: all.ready / none.ready,
    },
  ];
  for (const kind of kinds) rows.push(memory(`${kind} on and no server there`, (await rest([kind], true)).rss));
  return rows;
}

/** Settings that are whole and lead to a port where nobody listens. */
async function nowhere(name: string): Promise<Record<string, unknown>> {
  const kind = await builtinChannels[name]?.();
  if (!kind) throw new Error(`There is no channel ${name}.`);
  const secrets = new Set(secretMembers(kind));
  const { required = [], properties = {} } = z.toJSONSchema(kind.settings, { io: 'input', unrepresentable: 'any' });
  const value = (member: string): unknown => {
    if (secrets.has(member)) return secret;
    const schema = properties[member];
    const { type, format } = typeof schema === 'object' ? schema : {};
    if (type === 'integer' || type === 'number') return 9;
    return format === 'uri' ? 'http://127.0.0.1:9' : format === 'email' ? 'nobody@localhost' : '127.0.0.1';
  };
  return Object.fromEntries([...required, ...(alsoNeeded[name] ?? [])].map((member) => [member, value(member)]));
}
