// Proof of the password without showing it, and of the server too: SCRAM (RFC 5802, RFC 7677), and plain words only inside TLS.
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { CoPawError } from '../../core/error.ts';

const derive = promisify(pbkdf2);
/** What a server may ask for; more would stand still. */
const iterations = { least: 4_096, most: 1_000_000 };

export interface Login {
  readonly mechanism: string;
  readonly first: string;
  /** The answer to a challenge. */
  answer(challenge: string): Promise<string>;
  /** Whether the last words of the server prove that it knows the password. */
  proved(last: string): boolean;
}

/** The best that both know; undefined where there is none. */
export function loginFor(offered: readonly string[], secure: boolean, user: string, password: string): Login | undefined {
  if (offered.includes('SCRAM-SHA-256')) return scram('SCRAM-SHA-256', 'sha256', user, password);
  if (offered.includes('SCRAM-SHA-1')) return scram('SCRAM-SHA-1', 'sha1', user, password);
  if (!secure || !offered.includes('PLAIN')) return undefined;
  return { mechanism: 'PLAIN', first: `\0${user}\0${password}`, answer: () => Promise.reject(untrue()), proved: () => true };
}

function scram(mechanism: string, hash: 'sha1' | 'sha256', user: string, password: string): Login {
  const nonce = randomBytes(18).toString('base64');
  const bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  const hmac = (key: Uint8Array, text: string): Buffer => createHmac(hash, key).update(text).digest();
  let signature: Buffer | undefined;
  return {
    mechanism,
    first: `n,,${bare}`,
    async answer(challenge) {
      const { r = '', s = '', i = '' } = Object.fromEntries(challenge.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
      const count = /^\d{1,7}$/u.test(i) ? Number(i) : 0;
      if (signature || !r.startsWith(nonce) || r === nonce || s === '' || count < iterations.least || count > iterations.most) throw untrue();
      const salted = await derive(password.normalize('NFKC'), Buffer.from(s, 'base64'), count, hash === 'sha1' ? 20 : 32, hash);
      const ending = `c=biws,r=${r}`;
      const all = `${bare},${challenge},${ending}`;
      const key = hmac(salted, 'Client Key');
      const mine = hmac(createHash(hash).update(key).digest(), all);
      signature = hmac(hmac(salted, 'Server Key'), all);
      return `${ending},p=${Buffer.from(key.map((byte, index) => byte ^ (mine[index] ?? 0))).toString('base64')}`;
    },
    proved(last) {
      const given = Buffer.from(/^v=([^,]+)/u.exec(last)?.[1] ?? '', 'base64');
      return signature !== undefined && given.length === signature.length && timingSafeEqual(given, signature);
    },
  };
}

const untrue = (): CoPawError =>
  new CoPawError('channel-down', 'The server does not log in as XMPP servers do.', { next: 'See whether "server" is the right one.' });
