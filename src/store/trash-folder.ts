// The trash of a home: what file tools deleted, as the path door put it there. It leaves once it is old.
import { lstat, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../lib/system-error.ts';

const record = z.looseObject({ at: z.number() });
/** `<id>.json` says since when it is there, `<id>-<name>` is the thing itself; other names are not ours. */
const pattern = /^([a-z]+_[0-9a-z]+)(?:\.json$|-)/u;

/** One thing that was deleted: its id, and the names it has in the folder, with that of its record. */
export interface TrashThing {
  readonly id: string;
  readonly names: readonly string[];
}

export interface TrashFolder {
  /** What lies there since before this time, oldest ids first. */
  before(time: number): Promise<readonly TrashThing[]>;
  named(ids: ReadonlySet<string>): Promise<readonly TrashThing[]>;
  /** For good, with all that is in it; links are not followed. Throws where it cannot. */
  remove(thing: TrashThing): Promise<void>;
  /** As `remove`, but throws where it is more than a plain file. */
  removeFile(thing: TrashThing): Promise<void>;
}

export function createTrashFolder(folder: string): TrashFolder {
  const things = async (): Promise<readonly TrashThing[]> => {
    const names = await readdir(folder).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    });
    const found = Map.groupBy(names.sort(), (name) => pattern.exec(name)?.[1] ?? '');
    return [...found].flatMap(([id, own]) => (id === '' ? [] : [{ id, names: own }]));
  };
  /** A crash may have left a thing without its record: then the system knows since when it has this name. */
  const since = async ({ id, names }: TrashThing): Promise<number> => {
    const text = await readFile(join(folder, `${id}.json`), 'utf8').catch(() => '');
    const parsed = record.safeParse(parse(text));
    if (parsed.success) return parsed.data.at;
    const times = names.map(async (name) => (await lstat(join(folder, name)).catch(() => undefined))?.ctimeMs ?? Number.POSITIVE_INFINITY);
    return Math.max(...(await Promise.all(times)));
  };
  /** The record goes last: until then the thing's age is known. */
  const remove = async ({ id, names }: TrashThing, recursive: boolean): Promise<void> => {
    const own = names.filter((name) => name !== `${id}.json`);
    for (const name of [...own, `${id}.json`]) await rm(join(folder, name), { recursive, force: true });
  };
  return {
    async before(time) {
      const old: TrashThing[] = [];
      for (const thing of await things()) if ((await since(thing)) < time) old.push(thing);
      return old;
    },
    named: async (ids) => (await things()).filter(({ id }) => ids.has(id)),
    remove: (thing) => remove(thing, true),
    removeFile: (thing) => remove(thing, false),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
