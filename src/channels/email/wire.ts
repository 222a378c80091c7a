// A mail as an event, or why it is none.
import type { IncomingFile } from '../../core/channel.ts';
import type { Inbound } from '../../core/inbound.ts';
import { authorOf, programIn } from './author.ts';
import { fieldsOf, idsIn, readable, valuesOf } from './headers.ts';
import type { Mail, Mailbox } from './mailbox.ts';
import { type Thread, threadOf } from './outgoing.ts';
import { partsOf } from './parts.ts';
import { isPassedOn, ownWords, wordsOfHtml } from './words.ts';

export interface HearingSettings {
  readonly address: string;
  readonly authserv?: string | undefined;
  readonly dangerouslyTrustFrom: boolean;
}

export interface Heard {
  readonly event: Inbound;
  readonly files: readonly IncomingFile[];
  readonly thread: Thread;
}

const mostText = 100_000;
/** Encoded. */
export const mostSubject = 4_000;

/** The reason, where it is of nobody or of no person; nothing of its body is fetched for that. */
export async function hear(
  { uid, head, at, structure }: Mail,
  mailbox: Pick<Mailbox, 'words' | 'bytes' | 'uidValidity'>,
  { address, authserv, dangerouslyTrustFrom }: HearingSettings,
  now: number,
): Promise<Heard | string> {
  const fields = fieldsOf(head);
  if (!fields) return 'head-form';
  const author = authorOf(fields, { authserv, blindly: dangerouslyTrustFrom });
  if (typeof author === 'string') return author;
  if (author.address === address) return 'self';
  const program = programIn(fields, structure?.type ?? '');
  if (program !== undefined) return program;

  const [id = `uid-${mailbox.uidValidity}-${uid}`] = idsIn(valuesOf(fields, 'message-id')[0]);
  const [replyTo] = idsIn(valuesOf(fields, 'in-reply-to')[0]);
  const references = idsIn(valuesOf(fields, 'references')[0]);
  const before = references.length > 0 ? references : replyTo === undefined ? [] : [replyTo];
  const root = before[0] ?? id;
  const subject = readable((valuesOf(fields, 'subject')[0] ?? '').slice(0, mostSubject)).trim();

  const { words, files, carriesMail } = partsOf(structure);
  const written = words === undefined ? '' : await mailbox.words(uid, words.part);
  const body = (words?.html === true ? await wordsOfHtml(written) : written).slice(0, mostText);
  const isForwarded = carriesMail || isPassedOn(body, subject);
  const own = isForwarded ? body.replace(/\r\n/gu, '\n').trim() : ownWords(body);
  const isFirst = before.length === 0;
  const text = subject === '' || (!isFirst && own !== '') || own.startsWith('/') ? own : `${subject}${own === '' ? '' : `\n\n${own}`}`;
  return {
    event: {
      ...{
        kind: 'message',
        id,
        chat: { id: author.address, kind: 'direct', thread: root },
        sender: senderOf(author),
        at: Number.isFinite(at) ? Math.min(at, now) : now,
      },
      text: text.slice(0, mostText),
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(isForwarded ? { forwarded: true } : {}),
    },
    files: files.map(({ part, ...file }) => ({ ...file, open: (signal) => mailbox.bytes(uid, part, signal) })),
    thread: threadOf(subject, [root, ...before, id]),
  };
}

const senderOf = ({ address, name }: { address: string; name?: string }) => ({ id: address, ...(name === undefined ? {} : { name }) });
