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
  if (isOverlong(name)) return 'is longer than 255 bytes';
  if (/[\\:\n\t]/u.test(name) || escapeForDisplay(name) !== name) return 'holds a character that names cannot have';
  if (/[. ]$/u.test(name)) return 'ends in a dot or a space';
  if (isWindowsDevice(name.replace(/ +(?=\.|$)/u, ''))) return 'names a device of Windows';
  return foldedName(name) === '.git' ? 'is a place that git runs things from' : undefined;
}

/** One spelling for all that some file system takes for the same name. */
export function foldedName(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** Bytes of a name that somebody else chose. */
const mostNameBytes = 120;

/** A name that every system keeps as it is, made of one that anybody chose: no folder, nothing hidden, not a place of its own. The ending stays. */
export function portableName(given: string): string {
  const last = given.normalize('NFC').split(/[\\/]/u).at(-1) ?? '';
  const shown = escapeForDisplay(last.replace(/[\p{C}\p{Z}\p{DI}]+/gu, ' '))
    .replace(/[<>:"|?*[\]`]/gu, '_')
    .trim()
    .replace(/^\.+/u, '_');
  const dot = shown.lastIndexOf('.');
  const ending = dot > 0 && shown.length - dot <= 12 ? shown.slice(dot) : '';
  const stem = cutBytes(shown.slice(0, shown.length - ending.length), mostNameBytes - Buffer.byteLength(ending));
  const name = `${isWindowsDevice(stem) ? '_' : ''}${stem}${ending}`.replace(/[. ]+$/u, '');
  return nameFault(name) === undefined ? name : 'file';
}

function cutBytes(text: string, most: number): string {
  let cut = '';
  for (const character of text) {
    if (Buffer.byteLength(cut) + Buffer.byteLength(character) > most) break;
    cut += character;
  }
  return cut;
}
