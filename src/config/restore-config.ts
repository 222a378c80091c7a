// What of an older config.json comes back by itself, and what only when it is named: keys that let people in, weaken a rule, or say where a model's key is sent.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { RestoreItem } from '../core/backup.ts';
import { type ConfigChange, configSchema } from '../core/config.ts';
import { parseJsonText } from './json-edit.ts';

export interface ConfigRestore {
  /** Changes that make the present file say what the older one says. */
  readonly free: readonly ConfigChange[];
  readonly held: ReadonlyMap<Extract<RestoreItem, 'allowlists' | 'models' | 'rules'>, readonly ConfigChange[]>;
}

const keys = z.record(z.string(), z.unknown());
/** Keys that give nobody a right and take no protection away. */
const harmless: ReadonlySet<string> = new Set(['timezone', 'language', 'backups']);
/** Of an agent. */
const harmlessOfAgent = ['name', 'stepLimit'] as const;

/** Throws what is wrong with either text. Of a backup of this home models and limits come back too: its own keys were sent there before. */
export function configToRestore(older: string, present: string, madeHere: boolean): ConfigRestore {
  const [from, to] = [read(older), read(present)];
  const free: ConfigChange[] = [];
  const held = { allowlists: [] as ConfigChange[], models: [] as ConfigChange[], rules: [] as ConfigChange[] };
  const models = madeHere ? free : held.models;
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (key === '$schema' || key === 'version' || isDeepStrictEqual(from[key], to[key])) continue;
    const list = harmless.has(key) ? free : key === 'models' || key === 'limits' ? models : key === 'channels' ? held.allowlists : held.rules;
    if (key !== 'agents') list.push({ path: [key], value: from[key] });
  }
  const [agents, now] = [keys.catch({}).parse(from.agents), keys.catch({}).parse(to.agents)];
  for (const id of new Set([...Object.keys(agents), ...Object.keys(now)])) {
    const [one, other] = [keys.optional().catch(undefined).parse(agents[id]), keys.catch({}).parse(now[id])];
    // An agent that is new here stays: its workspace does too.
    if (!one) continue;
    for (const key of new Set([...Object.keys(one), ...Object.keys(other), ...(id in now ? [] : ['name'])])) {
      if (isDeepStrictEqual(one[key], other[key])) continue;
      const list = harmlessOfAgent.some((known) => known === key) ? free : key === 'model' ? models : held.rules;
      list.push({ path: ['agents', id, key], value: one[key] });
    }
  }
  return { free, held: new Map(Object.entries(held) as [keyof typeof held, ConfigChange[]][]) };
}

function read(text: string): Readonly<Record<string, unknown>> {
  const parsed = parseJsonText(text);
  if ('fault' in parsed) throw new Error(`config.json is not readable: ${parsed.fault}.`);
  configSchema.parse(parsed.value);
  return keys.parse(parsed.value);
}
