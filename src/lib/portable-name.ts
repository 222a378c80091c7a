// Names of files that mean one place on every system. Pure text work.
import { escapeForDisplay } from './visible-text.ts';

const reservedOnWindows = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/** Whether Windows takes this name for a device. */
export function isWindowsDevice(name: string): boolean {
  return reservedOnWindows.test(name);
}

export function isOverlong(name: string): boolean {
  return Buffer.byteLength(name) > 255;
}

/** Why some system could not keep a file of this name, or would take it for another one; undefined when all can. Completes a sentence. */
export function nameFault(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'is not a plain relative path';
  if (isOverlong(name)) return 'has a name over 255 bytes';
  if (/[\\:\n\t]/u.test(name) || escapeForDisplay(name) !== name) return 'holds a character that names cannot have';
  if (/[. ]$/u.test(name)) return 'ends in a dot or a space';
  if (isWindowsDevice(name.replace(/ +(?=\.|$)/u, ''))) return 'names a device of Windows';
  return foldedName(name) === '.git' ? 'is a place that git runs things from' : undefined;
}

/** One spelling for all that some file system takes for the same name. */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}
