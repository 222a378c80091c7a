// The settings as the operator reads and changes them whole. What holds the value of a secret is neither shown nor written from here (R23).
import { z } from 'zod';
import { type ConfigChange, configSchema } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { SettingsAdmin, SettingsPage } from '../core/settings.ts';
import { sha256 } from '../lib/canonical-json.ts';
import { unifiedDiff } from '../lib/unified-diff.ts';
import { changedKeys } from './changed-keys.ts';
import type { ConfigFile } from './config-file.ts';
import { editConfigText } from './edit-config.ts';
import { inspectConfig } from './inspect-config.ts';

export interface SettingsParts {
  readonly file: Pick<ConfigFile, 'path' | 'text' | 'before'>;
  /** The config door around `ConfigFile.replace`; `changes` are for its record. */
  replace(changes: readonly ConfigChange[], text: string, hash: string): Promise<unknown>;
  redact(text: string): string;
}

const jsonSchema = z.object({
  restart: z.boolean().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

export function createSettingsAdmin({ file, replace, redact }: SettingsParts): SettingsAdmin {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  const read = (): SettingsPage => {
    const text = file.text();
    const shown = redact(text);
    const before = file.before();
    return {
      ...{ path: file.path, text: shown, hash: sha256(text) },
      undoable: before !== undefined && before !== text && inspectConfig(before).config !== undefined,
      ...(shown === text ? {} : { fixed: 'secret' as const }),
    };
  };
  const differences = (text: string): readonly ConfigChange[] => changedKeys(inspectConfig(file.text()).value, inspectConfig(text).value);
  const save = async (text: string, hash: string): Promise<SettingsPage> => {
    if (redact(text) !== text)
      throw new CoPawError('invalid', 'The text holds the value of a secret; it was not saved.', {
        next: 'Keep the value with `copaw secrets set`, and name it here as { "vault": "<name>" }.',
        rule: 'R23',
      });
    await replace(differences(text), text, hash);
    return read();
  };

  return {
    schema: async () => ({ ...schema }),
    read: async () => read(),
    async check({ text: given, changes }) {
      if (changes.length > 0 && inspectConfig(given).value === undefined)
        throw new CoPawError('invalid', 'The text cannot be read as configuration, so no key of it can be changed.', { next: 'Correct the text first.' });
      const text = changes.reduce(editConfigText, given);
      const { value, faults, warnings } = inspectConfig(text);
      const changed = value === undefined ? [] : differences(text).map(({ path }) => ({ key: path.join('.'), restart: waitsForStart(schema, path) }));
      return { text, value, faults, warnings, changed, diff: redact(unifiedDiff('config.json', file.text(), text)) };
    },
    async save({ text, hash }) {
      const page = read();
      if (page.fixed && page.hash === hash)
        throw new CoPawError('invalid', 'The file holds the value of a secret, which is not shown: a text from here would lose it.', {
          next: 'Change single keys with `copaw config set`, or open the file in an editor.',
          rule: 'R23',
        });
      return save(text, hash);
    },
    async undo(hash) {
      const before = file.before();
      if (before === undefined)
        throw new CoPawError('not-found', 'There is no change to take back: none was made here, or the file was changed elsewhere since.', {
          next: 'Change the settings themselves.',
        });
      return save(before, hash);
    },
  };
}

/** Whether the key, or what it is in, is read at the start alone. */
function waitsForStart(schema: unknown, path: ConfigChange['path']): boolean {
  const { restart, properties = {}, additionalProperties } = jsonSchema.safeParse(schema).data ?? {};
  const [key, ...rest] = path;
  if (restart === true || key === undefined) return restart === true;
  return waitsForStart(Object.hasOwn(properties, key) ? properties[key] : additionalProperties, rest);
}
