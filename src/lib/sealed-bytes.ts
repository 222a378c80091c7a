// Bytes under a passphrase: scrypt, then AES-256-GCM over the whole, with the header as part of what is checked.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/** First line of such a file. Its costs are part of the format: no file may ask for more memory. */
const magic = Buffer.from('CoPaw sealed backup 1\n');
const cost = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = magic.length + saltBytes + nonceBytes;

export function isSealed(bytes: Uint8Array): boolean {
  return magic.equals(bytes.subarray(0, magic.length));
}

/** magic, salt, nonce, ciphertext, tag. */
export async function sealBytes(bytes: Uint8Array, passphrase: string): Promise<Buffer> {
  const header = Buffer.concat([magic, randomBytes(saltBytes + nonceBytes)]);
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, header), header.subarray(-nonceBytes));
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined with another passphrase, and when anything was changed. */
export async function openBytes(sealed: Uint8Array, passphrase: string): Promise<Buffer | undefined> {
  if (!isSealed(sealed) || sealed.length < headerBytes + tagBytes) return undefined;
  const header = Buffer.from(sealed.subarray(0, headerBytes));
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, header), header.subarray(-nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(header);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(headerBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

function keyOf(passphrase: string, header: Buffer): Promise<Buffer> {
  const salt = header.subarray(magic.length, magic.length + saltBytes);
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
