// Texts that can be read only with a key, and not be changed unnoticed: AES-256-GCM.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** All in base64. */
export interface SealedText {
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** A new random nonce each time. `key` has 32 bytes. */
export function sealText(text: string, key: Uint8Array): SealedText {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const data = Buffer.concat([cipher.update(text), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), data: data.toString('base64') };
}

/** Throws when anything was changed, or with another key. */
export function openText({ iv, tag, data }: SealedText, key: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString('utf8');
}
