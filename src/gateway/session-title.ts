// What a conversation is called before anybody names it.
import type { Admitted } from '../core/brand.ts';
import { spokenText } from './route.ts';

export const titleOf = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, 60) ?? '';

/** The words of its first message; of one that only brings files, the name of the first. */
export function titleOfMessage(envelope: Admitted): string {
  const { inbound } = envelope;
  return titleOf(spokenText(envelope)) || titleOf(inbound.kind === 'message' ? (inbound.attachments?.[0]?.name ?? '') : '');
}
