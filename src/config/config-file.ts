// config.json on disk: read, checked, edited in place, watched. The last valid version is what the rest of CoPaw sees (delivery 10, R29).
import { mkdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type Config, type ConfigChange, configSchema } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { type Clock, systemClock, type Timer } from '../lib/clock.ts';
import { systemCode } from '../lib/system-error.ts';
import { editJsonText, parseJsonText } from './json-edit.ts';
import { unknownKeys } from './unknown-keys.ts';

export interface ConfigFile {
  /** Absolute path of config.json. */
  readonly path: string;
  /** The last valid configuration. */
  current(): Config;
  /** The file as it stands on disk now. */
  text(): string;
  /** Applies all changes or none: `config-invalid` when the result would not be valid, `conflict` when the file keeps changing meanwhile. */
  write(changes: readonly ConfigChange[]): Promise<Config>;
  /** Reads the file again; throws what is wrong with it, returns one sentence for each key CoPaw does not know. */
  validate(): readonly string[];
  /** Calls back when a new valid version is in force. An invalid one is reported as a warning and changes nothing. Keeps no process alive. */
  watch(onChange: () => void): { close(): void };
}

interface ConfigOptions {
  /** Unknown keys (once each) and versions that cannot be used. */
  readonly onWarning: (warning: unknown) => void;
  readonly clock?: Clock;
}

interface Loaded {
  readonly text: string;
  readonly config: Config;
  readonly warnings: readonly { readonly key: string; readonly text: string }[];
}

/** How long a file must be quiet before it is read: an editor may write it in several steps. */
const quietMs = 50;
const attempts = 5;

/** Opens the configuration of a home. Throws `config-corrupt` or `config-invalid` when it cannot be used; never replaces it. */
export function openConfig(home: string, { onWarning, clock = systemClock }: ConfigOptions): ConfigFile {
  const path = join(home, 'config.json');
  const backups = join(home, 'backups');
  const lastGood = join(backups, 'config-last-good.json');
  const warned = new Set<string>();
  const load = (text: string): Loaded => check(path, lastGood, text);
  const read = (): string => readConfig(path, lastGood);

  const take = (loaded: Loaded): void => {
    for (const { key, text } of loaded.warnings) {
      if (!warned.has(key)) onWarning(new CoPawError('config-invalid', text, { next: 'Correct the key, or leave it: it is kept and not used.' }));
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

  let latest = load(read());
  take(latest);
  return {
    path,
    current: () => latest.config,
    text: read,
    validate: () => load(read()).warnings.map(({ text }) => text),
    async write(changes) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const before = read();
        const readable = parseJsonText(before);
        if ('fault' in readable) throw corrupt(path, lastGood, readable.line, readable.fault);
        const after = changes.reduce(editJsonText, before);
        const loaded = loadEdited(load, after);
        if (sha256(read()) !== sha256(before)) continue;
        if (after !== before) writeFileAtomic(path, after);
        latest = loaded;
        take(loaded);
        return loaded.config;
      }
      throw new CoPawError('conflict', `${path} is being changed by somebody else.`, { next: 'Try again.' });
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
      const watcher = watch(home, { persistent: false }, (_event, name) => {
        if (name !== null && name !== 'config.json') return;
        timer?.cancel();
        timer = clock.after(quietMs, reread);
      });
      watcher.on('error', onWarning);
      return {
        close() {
          timer?.cancel();
          watcher.close();
        },
      };
    },
  };
}

/** The text as configuration, or an error that names file, line, key and remedy. */
function check(path: string, lastGood: string, text: string): Loaded {
  const parsed = parseJsonText(text);
  if ('fault' in parsed) throw corrupt(path, lastGood, parsed.line, parsed.fault);
  const result = configSchema.safeParse(parsed.value);
  if (result.success) {
    const warnings = unknownKeys(configSchema, parsed.value).map((keys) => {
      const key = keys.join('.');
      return { key, text: `${path}:${parsed.lineOf(keys)}: CoPaw does not know the key "${key}".` };
    });
    return { text, config: result.data, warnings };
  }
  const faults = result.error.issues.map(
    (issue) => `${path}:${parsed.lineOf(issue.path)}: ${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
  );
  throw new CoPawError('config-invalid', faults.join('\n'), { next: wayBack(path, lastGood), rule: 'R29' });
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
