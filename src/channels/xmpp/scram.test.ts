// The proofs of SCRAM with the values that RFC 7677 gives, as far as the nonce is ours to choose, and what a false server says.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { expect, test } from 'vitest';
import { loginFor } from './scram.ts';

const salt = Buffer.from('a salt of the server');

/** As a server does (RFC 5802, 3.), from the password alone. */
function serverSide(hash: 'sha1' | 'sha256', first: string, password: string, count = 4_096) {
  const bare = first.slice(3);
  const challenge = `r=${/r=(.+)$/u.exec(bare)?.[1]}more,s=${salt.toString('base64')},i=${count}`;
  const hmac = (key: Uint8Array, text: string) => createHmac(hash, key).update(text).digest();
  const salted = pbkdf2Sync(password, salt, count, hash === 'sha1' ? 20 : 32, hash);
  const storedKey = createHash(hash).update(hmac(salted, 'Client Key')).digest();
  return {
    challenge,
    check(answer: string) {
      const [ending = '', proof = ''] = answer.split(',p=');
      const all = `${bare},${challenge},${ending}`;
      const mine = hmac(storedKey, all);
      const key = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (mine[index] ?? 0));
      return createHash(hash).update(key).digest().equals(storedKey) ? `v=${hmac(hmac(salted, 'Server Key'), all).toString('base64')}` : 'e=invalid-proof';
    },
  };
}

const login = (offered: readonly string[] = ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'], secure = false) => {
  const made = loginFor(offered, secure, 'a=b,c', 'pencil');
  if (!made) throw new Error('There is no way.');
  return made;
};

test.each([
  ['SCRAM-SHA-256', 'sha256'],
  ['SCRAM-SHA-1', 'sha1'],
] as const)('%s proves the password, and wants the same of the server', async (mechanism, hash) => {
  const one = login([mechanism, 'PLAIN'], true);
  expect(one.mechanism).toBe(mechanism);
  expect(one.first).toMatch(/^n,,n=a=3Db=2Cc,r=/u);
  const server = serverSide(hash, one.first, 'pencil');
  expect(one.proved('v=')).toBe(false);
  const last = server.check(await one.answer(server.challenge));
  expect(last).toMatch(/^v=/u);
  expect(one.proved(last)).toBe(true);
  expect(one.proved('')).toBe(false);
  expect(one.proved(`v=${Buffer.alloc(hash === 'sha1' ? 20 : 32).toString('base64')}`)).toBe(false);
});

test('a server that does not know the password proves nothing', async () => {
  const one = login();
  const server = serverSide('sha256', one.first, 'another');
  expect(server.check(await one.answer(server.challenge))).toBe('e=invalid-proof');
});

test('a challenge with a nonce of another, no salt, or too little or too much work is refused', async () => {
  for (const change of [
    (challenge: string) => challenge.replace('r=', 'r=x'),
    (challenge: string) => challenge.replace('more', ''),
    (challenge: string) => challenge.replace(/s=[^,]*/u, 's='),
    (challenge: string) => challenge.replace('4096', '1'),
    (challenge: string) => challenge.replace('4096', '99999999999'),
  ]) {
    const one = login();
    await expect(one.answer(change(serverSide('sha256', one.first, 'pencil').challenge))).rejects.toMatchObject({ code: 'channel-down' });
  }
});

test('a password is said plainly inside TLS alone, and only where nothing better is offered', () => {
  expect(loginFor(['PLAIN'], false, 'a', 'b')).toBeUndefined();
  expect(loginFor(['PLAIN'], true, 'a', 'b')).toMatchObject({ mechanism: 'PLAIN', first: '\0a\0b' });
  expect(loginFor(['ANONYMOUS', 'EXTERNAL'], true, 'a', 'b')).toBeUndefined();
});
