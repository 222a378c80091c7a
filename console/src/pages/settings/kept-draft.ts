// What was typed on the page of settings, kept in this browser until it is saved or given up.
import type { SettingsPageBody } from '../../../../src/http/contract.ts';
import { remember, remembered } from '../../settings.tsx';
import type { Change } from './schema.ts';

const place = 'draft.settings';

export interface KeptDraft {
  /** The file as it was read when it was typed. */
  readonly base: SettingsPageBody;
  readonly text: string;
  readonly changes: readonly Change[];
  readonly asText: boolean;
}

/** Undefined forgets. */
export function keepDraft(draft: KeptDraft | undefined): void {
  remember(place, draft === undefined ? '' : JSON.stringify(draft));
}

/** Storage can hold anything. */
export function keptDraft(): KeptDraft | undefined {
  try {
    const { base, text, changes, asText }: Partial<KeptDraft> = JSON.parse(remembered(place));
    if (typeof base?.text !== 'string' || typeof base.hash !== 'string' || typeof base.path !== 'string' || typeof text !== 'string') return undefined;
    if (!Array.isArray(changes) || !changes.every((one: Partial<Change> | null) => Array.isArray(one?.path))) return undefined;
    return { base, text, changes, asText: asText === true };
  } catch {
    return undefined;
  }
}
