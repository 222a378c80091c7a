// What the numerics mean that answer a message (RFC 1459, section 6, and what servers have added since).
import { CoPawError } from '../../core/error.ts';
import { isChannel } from './line.ts';

const askedWaitMs = 10_000;
const meanings: Readonly<Record<string, (said: string) => CoPawError>> = {
  '263': (said) => new CoPawError('busy', said, { retryAfterMs: askedWaitMs }),
  '401': (said) => new CoPawError('channel-down', said, { retryable: true }),
  '403': (said) => new CoPawError('send-refused', said),
  '404': (said) => new CoPawError('send-refused', said),
  '407': (said) => new CoPawError('send-refused', said),
  '417': (said) => new CoPawError('send-refused', said),
  '439': (said) => new CoPawError('busy', said, { retryAfterMs: askedWaitMs }),
  '442': (said) => new CoPawError('send-refused', said),
  '477': (said) => new CoPawError('unauthenticated', said, { next: 'The account has to be logged in to speak there: copaw channels add irc.' }),
  '531': (said) => new CoPawError('send-refused', said),
  '716': (said) => new CoPawError('send-refused', said),
};

export const isRefusal = (command: string): boolean => Object.hasOwn(meanings, command);

/** `lines`: of the part. What was refused in part may have been read in part. */
export function sendRefused(refusals: readonly string[], lines: number, target: string): CoPawError | undefined {
  const [first] = refusals;
  if (first === undefined) return undefined;
  const said = `The server did not pass on what was said to ${target} (${first}).`;
  if (refusals.length < lines) return new CoPawError('channel-down', said, { retryable: false });
  return meanings[first === '401' && isChannel(target) ? '403' : first]?.(said);
}
