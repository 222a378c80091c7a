// Applies one change to the text of config.json. Whoever writes down a second agent keeps the first, which need not be written while it is alone.
import type { ConfigChange } from '../core/config.ts';
import { editJsonText, parseJsonText } from './json-edit.ts';

/** Throws `invalid` as `editJsonText` does. */
export function editConfigText(text: string, change: ConfigChange): string {
  const [section, id] = change.path;
  const adds = section === 'agents' && id !== undefined && id !== firstAgentId && change.value !== undefined;
  return editJsonText(adds && agentsOf(text) === undefined ? editJsonText(text, { path: ['agents', firstAgentId], value: {} }) : text, change);
}

const firstAgentId = 'main';

function agentsOf(text: string): unknown {
  const parsed = parseJsonText(text);
  const value = 'value' in parsed ? parsed.value : undefined;
  return typeof value === 'object' && value !== null && 'agents' in value ? value.agents : undefined;
}
