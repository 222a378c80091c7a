// Values of buttons that only we can have made, and that only count for the one person they were sent to.
import { createHmac, randomBytes } from 'node:crypto';
import { canonical } from './canonical-json.ts';
import { sameText } from './same-text.ts';

/** The key lives as long as the process, as the questions do that its buttons answer. */
export function createChoiceSigner(): { sign(parts: readonly string[]): string; verify(parts: readonly string[], mac: string): boolean } {
  const key = randomBytes(32);
  const sign = (parts: readonly string[]): string => createHmac('sha256', key).update(canonical(parts)).digest('base64url').slice(0, 22);
  return { sign, verify: (parts, mac) => sameText(sign(parts), mac) };
}
