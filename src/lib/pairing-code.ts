// Codes that people read out to each other: eight letters that cannot be taken for one another.
import { randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ';

export function newPairingCode(): string {
  return Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** As a person may write it: small letters, spaces, a dash. */
export function readPairingCode(text: string): string {
  return text.replace(/[\s-]/g, '').toUpperCase();
}

export function showPairingCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
