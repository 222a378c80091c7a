// Channels that may be told to speak without encryption: to the own machine, and to no other unless the settings say that the way there may be read.
import { z } from 'zod';

const ownMachine = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/iu;

export const withoutTls = z
  .boolean()
  .default(false)
  .describe('tcp:// is allowed to other machines too: everybody on the way can read passwords and words along, and put in words of their own.');

interface Addressed {
  readonly url: string;
  readonly dangerouslyWithoutTls: boolean;
}

/** For `refine`: whether what is said to this address can be read by nobody on the way, or that was allowed. */
export function isTlsOrOwnMachine({ url, dangerouslyWithoutTls }: Addressed): boolean {
  const { protocol, hostname = '' } = URL.parse(url) ?? {};
  return dangerouslyWithoutTls || protocol !== 'tcp:' || ownMachine.test(hostname);
}

export const tlsFault = { message: 'tcp:// to another machine can be read on the way, the password too. Give tls://.', path: ['url'] };
