// What a text says as configuration: the value, or each fault with its line and key, the keys nobody knows, and the routes to no agent.
import { configSchema } from '../core/config.ts';
import type { InspectedConfig } from '../core/settings.ts';
import { parseJsonText } from './json-edit.ts';
import { unknownKeys } from './unknown-keys.ts';

export function inspectConfig(text: string): InspectedConfig {
  const parsed = parseJsonText(text);
  if ('fault' in parsed) return { faults: [{ line: parsed.line, key: '', text: parsed.fault }], warnings: [] };
  const { value, lineOf } = parsed;
  const warnings = unknownKeys(configSchema, value).map((path) => {
    const key = path.join('.');
    return { line: lineOf(path), key, text: `CoPaw does not know the key "${key}": it is kept and not used.` };
  });
  const result = configSchema.safeParse(value);
  if (result.success) {
    const { agents, routes } = result.data;
    const lost = routes.flatMap(({ agent }, at) => {
      const path = ['routes', at, 'agent'];
      const text = `There is no agent "${agent}" under "agents", so nothing takes this way.`;
      return Object.hasOwn(agents, agent) ? [] : [{ line: lineOf(path), key: path.join('.'), text }];
    });
    return { value, config: result.data, faults: [], warnings: [...warnings, ...lost] };
  }
  const faults = result.error.issues.map((issue) => {
    const { path, message } = issue;
    // Of a name that cannot be one, zod tells why inside.
    const why = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
    return { line: lineOf(path), key: path.map(String).join('.'), text: why ?? message };
  });
  return { value, faults, warnings };
}
