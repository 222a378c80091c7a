// What a new config.json says, and the JSON Schema beside it that lets an editor complete and check it.
import { z } from 'zod';
import { configSchema } from '../core/config.ts';

export function newConfigText({ language, timezone }: { readonly language: string; readonly timezone: string }): string {
  return `// Configuration of CoPaw. Comments stay when CoPaw edits this file; unknown keys stay too, with a warning.
// What is not written here has a safe default: config.schema.json lists every key. Check with: copaw config validate
{
  "$schema": "./config.schema.json",
  "version": 1,
  // IANA time zone: what "at nine" means.
  "timezone": ${JSON.stringify(timezone)},
  // Language of the first persona files and of notices: en or zh.
  "language": ${JSON.stringify(language)},
  // Who answers. Add one with: copaw models add
  "models": {}
}
`;
}

export function configSchemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(configSchema, { io: 'input' }), undefined, 2)}\n`;
}
