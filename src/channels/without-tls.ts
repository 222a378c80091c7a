// Channels that may be told to speak without encryption: to the own machine, and to no other unless the settings say that the way there may be read.
import { z } from 'zod';

const plain: ReadonlySet<string> = new Set(['tcp:', 'http:']);
const ownMachine = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/iu;

export const withoutTls = z
  .boolean()
  .default(false)
  .describe('tcp:// and http:// are allowed to other machines too: everybody on the way can read passwords and words along, and put in words of their own.');

interface Addressed {
  readonly url: string;
  readonly dangerouslyWithoutTls: boolean;
}

/** Whether what is said to this address can be read by nobody on the way. */
export function isUnread(url: string): boolean {
  const { protocol = '', hostname = '' } = URL.parse(url) ?? {};
  return !plain.has(protocol) || ownMachine.test(hostname);
}

/** For `refine`: whether that is so, or the settings allow what is not. */
export const isTlsOrOwnMachine = ({ url, dangerouslyWithoutTls }: Addressed): boolean => dangerouslyWithoutTls || isUnread(url);

export const tlsFault = { message: 'tcp:// to another machine can be read on the way, the password too. Give tls://.', path: ['url'] };
