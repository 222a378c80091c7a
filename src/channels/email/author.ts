// Who a mail is of. Anybody can write any "From": it counts only where the own mail server says that the domain stands for it (DMARC), in the first
// Authentication-Results of all, which it put there itself. And what no person wrote is not answered, or two programs would talk for ever.
import { cut, type Field, type Mailbox, oneMailbox, valuesOf } from './headers.ts';

export interface Trust {
  /** The name by which the own mail server signs what it found (authserv-id). */
  readonly authserv: string | undefined;
  /** "From" is believed without. */
  readonly blindly: boolean;
}

/** The author, or why there is none; the reason is for the log. */
export function authorOf(fields: readonly Field[], { authserv, blindly }: Trust): Mailbox | string {
  const from = valuesOf(fields, 'from');
  if (from.length !== 1) return 'from-count';
  const author = oneMailbox(from[0] ?? '');
  if (!author) return 'from-form';
  if (blindly) return author;
  return authserv !== undefined && passes(fields, authserv, author.address.slice(author.address.lastIndexOf('@') + 1)) ? author : 'dmarc';
}

/** Further down stands what others wrote, perhaps in the name of the own server. */
function passes(fields: readonly Field[], authserv: string, domain: string): boolean {
  const [first] = valuesOf(fields, 'authentication-results');
  const parts = first === undefined ? undefined : cut(first, ';')?.map((part) => part.trim().toLowerCase());
  const [signer = '', ...results] = parts ?? [];
  if (!/^(\S+)(?:\s+1)?$/u.test(signer) || signer.split(/\s/u, 1)[0] !== authserv.toLowerCase()) return false;
  const dmarc = results.filter((result) => /^dmarc\s*(?:\/\s*1\s*)?=/u.test(result));
  const [said = ''] = dmarc;
  const domains = [...said.matchAll(/\sheader\.from\s*=\s*"?([^\s"]+)"?/gu)].map(([, one = '']) => one.slice(one.lastIndexOf('@') + 1));
  return dmarc.length === 1 && /^dmarc\s*(?:\/\s*1\s*)?=\s*pass(?:\s|$)/u.test(said) && domains.length === 1 && domains[0] === domain;
}

/** Programs that answer by themselves, lists and reports. Undefined: a person may have written it. */
export function programIn(fields: readonly Field[], mediaType: string): string | undefined {
  const value = (name: string): string | undefined => valuesOf(fields, name)[0]?.toLowerCase();
  const submitted = value('auto-submitted');
  if (submitted !== undefined && !/^no(?:\s|;|\(|$)/u.test(submitted)) return 'auto-submitted';
  if (/^(?:bulk|list|junk|auto_reply)/u.test(value('precedence') ?? '')) return 'precedence';
  for (const name of ['list-id', 'list-unsubscribe', 'list-post', 'x-auto-response-suppress', 'x-autoreply', 'x-autorespond', 'feedback-id'])
    if (value(name) !== undefined) return name;
  if (/^<\s*>$/u.test(value('return-path') ?? '')) return 'return-path';
  if (mediaType === 'multipart/report') return 'report';
  const local = oneMailbox(valuesOf(fields, 'from')[0] ?? '')?.address.split('@', 1)[0] ?? '';
  return /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+._-]|$)/u.test(local) ? 'sender' : undefined;
}
