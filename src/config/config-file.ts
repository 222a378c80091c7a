// config.json on disk: read, checked, edited in place, watched. The last valid version is what the rest of CoPaw sees (delivery 10, R29).
import { mkdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type output, z } from 'zod';
import type { Config, ConfigChange } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { type Clock, systemClock, type Timer } from '../lib/clock.ts';
import { systemCode } from '../lib/system-error.ts';
import { editConfigText } from './edit-config.ts';
import { inspectConfig } from './inspect-config.ts';
import { parseJsonText } from './json-edit.ts';

export interface ConfigFile {
  /** Absolute path of config.json. */
  readonly path: string;
  /** The last valid configuration. */
  current(): Config;
  /** The file as it stands on disk now. */
  text(): string;
  /** What it was before the last change that was made here; undefined where there was none, or somebody else changed it since. */
  before(): string | undefined;
  /** Applies all changes or none: `config-invalid` when the result would not be valid, `conflict` when the file keeps changing meanwhile. */
  write(changes: readonly ConfigChange[]): Promise<Config>;
  /** Replaces the whole text. `conflict` where what is there has another sha256 than `hash`; it need not be valid. */
  replace(text: string, hash: string): Promise<Config>;
  /** Throws what `replace` would; writes nothing. */
  check(text: string, hash: string): void;
  /** Reads the file again; throws what is wrong with it, returns one sentence for each key CoPaw does not know. */
  validate(): readonly string[];
  /** Calls back when a new valid version is in force, whoever wrote it. An invalid one is reported as a warning and changes nothing. Keeps no process alive. */
  watch(onChange: () => void): { close(): void };
}

interface ConfigOptions {
  /** Unknown keys (once each) and versions that cannot be used. */
  readonly onWarning: (warning: unknown) => void;
  readonly clock?: Clock;
  /** Where the file cannot be used, `current` is its last version that could, or the defaults, and the file can be replaced. */
  readonly orLastGood?: boolean;
}

interface Loaded {
  readonly text: string;
  readonly config: Config;
  readonly warnings: readonly { readonly key: string; readonly text: string }[];
}

/** What undoes the last change, and the file that it made. */
const undoText = z.object({ before: z.string(), hash: z.string() });

/** How long a file must be quiet before it is read: an editor may write it in several steps. */
const quietMs = 50;
const attempts = 5;

/** Opens the configuration of a home. Throws `config-corrupt` or `config-invalid` when it cannot be used; never replaces it. */
export function openConfig(home: string, { onWarning, clock = systemClock, orLastGood = false }: ConfigOptions): ConfigFile {
  const path = join(home, 'config.json');
  const backups = join(home, 'backups');
  const lastGood = join(backups, 'config-last-good.json');
  const undoFile = join(backups, 'config-undo.json');
  const warned = new Set<string>();
  const load = (text: string): Loaded => check(path, lastGood, text);
  const read = (): string => readConfig(path, lastGood);

  const take = (loaded: Loaded): void => {
    for (const { key, text } of loaded.warnings) {
      if (!warned.has(key)) onWarning(new CoPawError('config-invalid', text, { next: 'Correct the key, or leave it.' }));
      warned.add(key);
    }
    try {
      if (readOptional(lastGood) !== loaded.text) {
        mkdirSync(backups, { recursive: true, mode: 0o700 });
        writeFileAtomic(lastGood, loaded.text);
      }
    } catch (error) {
      onWarning(error);
    }
  };

  const listeners = new Set<() => void>();
  const first = (): Loaded => {
    try {
      const loaded = load(read());
      take(loaded);
      return loaded;
    } catch (error) {
      if (!orLastGood) throw error;
      return load(readOptional(lastGood) ?? '{}');
    }
  };
  let latest = first();
  /** Writes what was checked, where it is another text, and keeps the one before. */
  const put = (before: string, loaded: Loaded): Config => {
    if (loaded.text !== before) {
      mkdirSync(backups, { recursive: true, mode: 0o700 });
      writeFileAtomic(undoFile, JSON.stringify({ before, hash: sha256(loaded.text) } satisfies output<typeof undoText>));
      writeFileAtomic(path, loaded.text);
    }
    latest = loaded;
    take(loaded);
    for (const listener of listeners) listener();
    return loaded.config;
  };
  const checked = (text: string, hash: string): { readonly before: string; readonly loaded: Loaded } => {
    const before = read();
    if (sha256(before) !== hash)
      throw new CoPawError('conflict', `${path} was changed meanwhile; nothing was saved.`, { next: 'Read it again, then make your change there.' });
    return { before, loaded: loadEdited(load, text) };
  };
  return {
    path,
    current: () => latest.config,
    text: read,
    before() {
      const parsed = parseJsonText(readOptional(undoFile) ?? '');
      const kept = 'fault' in parsed ? undefined : undoText.safeParse(parsed.value).data;
      return kept?.hash === sha256(read()) ? kept.before : undefined;
    },
    validate: () => load(read()).warnings.map(({ text }) => text),
    async write(changes) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const before = read();
        const { value, faults } = inspectConfig(before);
        if (value === undefined) throw corrupt(path, lastGood, faults[0]?.line ?? 1, faults[0]?.text ?? '');
        const loaded = loadEdited(load, changes.reduce(editConfigText, before));
        if (sha256(read()) !== sha256(before)) continue;
        return put(before, loaded);
      }
      throw new CoPawError('conflict', `${path} is being changed by somebody else.`, { next: 'Try again.' });
    },
    check: (text, hash) => void checked(text, hash),
    async replace(text, hash) {
      const { before, loaded } = checked(text, hash);
      return put(before, loaded);
    },
    watch(onChange) {
      let seen = latest.text;
      let timer: Timer | undefined;
      const reread = (): void => {
        try {
          const text = read();
          if (text === seen || text === latest.text) return;
          seen = text;
          const loaded = load(text);
          latest = loaded;
          take(loaded);
          onChange();
        } catch (error) {
          onWarning(error);
        }
      };
      listeners.add(onChange);
      const watcher = watch(home, { persistent: false }, (_event, name) => {
        if (name !== null && name !== 'config.json') return;
        timer?.cancel();
        timer = clock.after(quietMs, reread);
      });
      watcher.on('error', onWarning);
      return {
        close() {
          listeners.delete(onChange);
          timer?.cancel();
          watcher.close();
        },
      };
    },
  };
}

/** The text as configuration, or an error that names file, line, key and remedy. */
function check(path: string, lastGood: string, text: string): Loaded {
  const { value, config, faults, warnings } = inspectConfig(text);
  if (config) return { text, config, warnings: warnings.map(({ line, key, text: said }) => ({ key, text: `${path}:${line}: ${said}` })) };
  if (value === undefined) throw corrupt(path, lastGood, faults[0]?.line ?? 1, faults[0]?.text ?? '');
  const told = faults.map((fault) => `${path}:${fault.line}: ${fault.key || 'the file'}: ${fault.text}`);
  throw new CoPawError('config-invalid', told.join('\n'), { next: wayBack(path, lastGood), rule: 'R29' });
}

function corrupt(path: string, lastGood: string, line: number, fault: string, cause?: unknown): CoPawError {
  return new CoPawError('config-corrupt', `${path}:${line}: this is not readable as configuration: ${fault}.`, {
    next: wayBack(path, lastGood),
    rule: 'R29',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** As `load`, for a text that is not on disk yet. */
function loadEdited(load: (text: string) => Loaded, text: string): Loaded {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof CoPawError)) throw error;
    throw new CoPawError(error.code, error.message, {
      next: 'Nothing was written. Choose another value; config.schema.json says what is possible.',
      cause: error,
    });
  }
}

function wayBack(path: string, lastGood: string): string {
  if (readOptional(lastGood) === undefined) return 'Correct it in an editor.';
  return `Correct it in an editor, or go back to the last good version: cp ${lastGood} ${path}`;
}

function readConfig(path: string, lastGood: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/u, '');
  } catch (error) {
    throw corrupt(path, lastGood, 1, systemCode(error) === 'ENOENT' ? 'the file is missing' : 'the file cannot be read', error);
  }
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
