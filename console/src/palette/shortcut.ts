// The keys of the console. Single keys never count while somebody types; with an input method none does.
import { byInputMethod } from '../ui/input-method.ts';

/** In the order of the sheet. */
export const shortcuts = ['palette', 'help', 'write', 'fresh', 'inbox'] as const;
export type Shortcut = (typeof shortcuts)[number];

const single: Readonly<Record<string, Shortcut>> = { '?': 'help', '/': 'write', n: 'fresh', i: 'inbox' };

export interface Press extends Pick<KeyboardEvent, 'key' | 'keyCode' | 'ctrlKey' | 'metaKey' | 'altKey' | 'isComposing' | 'repeat'> {
  /** The keys go into a field. */
  readonly typing: boolean;
}

/** `mac`: there ⌘K, since Control+K cuts a line in every field. `singleKeys`: the person has not switched them off. */
export function shortcutOf(
  { key, keyCode, ctrlKey, metaKey, altKey, isComposing, repeat, typing }: Press,
  mac: boolean,
  singleKeys: boolean,
): Shortcut | undefined {
  if (byInputMethod({ isComposing, keyCode }) || repeat || altKey) return undefined;
  const [command, other] = mac ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  if (command) return key.toLowerCase() === 'k' && !other ? 'palette' : undefined;
  if (other || typing || !singleKeys) return undefined;
  return Object.hasOwn(single, key) ? single[key] : undefined;
}

export const isMac = (): boolean => /Mac|iPhone|iPad/u.test(navigator.platform);

/** As the keyboard has it. */
export const paletteKeys = (): string => (isMac() ? '⌘K' : 'Ctrl K');

export function keysOf(shortcut: Shortcut): string {
  return shortcut === 'palette' ? paletteKeys() : (Object.keys(single).find((key) => single[key] === shortcut) ?? '');
}

/** Whether keys that are pressed here are words. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select, [role="textbox"], [role="combobox"]') !== null);
}
