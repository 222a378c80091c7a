// Ids that sort by time and cannot be guessed. Injected, so that tests can count.
import { randomBytes } from 'node:crypto';

/** Makes a fresh id with a short prefix that says what it names, for example `turn_01k9…`. */
export type Ids = (prefix: string) => string;

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 48 bits of time and 80 random bits in Crockford base 32, 26 characters. */
export function createIds(now: () => number): Ids {
  return (prefix) => {
    const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)]);
    bytes.writeUIntBE(now(), 0, 6);
    let bits = BigInt(`0x${bytes.toString('hex')}`);
    let text = '';
    for (let digit = 0; digit < 26; digit++) {
      text = alphabet[Number(bits & 31n)] + text;
      bits >>= 5n;
    }
    return `${prefix}_${text}`;
  };
}

/** When such an id was made, milliseconds since the epoch; undefined where it is none. */
export function idTime(id: string): number | undefined {
  const [, digits] = /_([0-7][0-9a-hjkmnp-tv-z]{25})$/u.exec(id) ?? [];
  return digits === undefined ? undefined : [...digits.slice(0, 10)].reduce((time, digit) => time * 32 + alphabet.indexOf(digit), 0);
}
