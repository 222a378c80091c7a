// Files that came with a message of a chat: fetched once its sender was let in, checked by their bytes, and put where the conversation may read them.
import { groupFolder } from '../core/address.ts';
import type { IncomingFile } from '../core/channel.ts';
import { isMachineCode, toCoPawError } from '../core/error.ts';
import type { StreamedFiles } from '../core/files.ts';
import type { Attachment, Envelope, InboundMessage } from '../core/inbound.ts';
import type { MediaStore } from '../core/media.ts';
import type { Redact } from '../core/secret.ts';
import type { Clock } from '../lib/clock.ts';
import { portableName } from '../lib/portable-name.ts';
import { escapeForDisplay } from '../lib/visible-text.ts';
import type { Words } from './words.ts';

/** All files of a message have so long to come, milliseconds. */
const patience = 120_000;

export interface KeepFilesParts {
  readonly media: MediaStore;
  readonly files: (agentId: string) => Pick<StreamedFiles, 'write'>;
  /** Of the conversation a message belongs to. */
  agentId(envelope: Envelope): Promise<string>;
  readonly clock: Clock;
  readonly redact: Redact;
  words(): Words;
}

/** A file that cannot be had is said in the message: the words are not lost for it. Where the disk takes no more it rejects, and the platform delivers again. */
export function createKeepFiles(parts: KeepFilesParts) {
  /** What a group sends goes into its own folder: nothing else is read there. */
  const take = async (envelope: Envelope, ids: readonly string[]): Promise<readonly Attachment[]> => {
    const {
      channel,
      account,
      inbound: { chat },
    } = envelope;
    const workspace = parts.files(await parts.agentId(envelope));
    if (chat.kind !== 'group') return parts.media.take(ids, workspace);
    const folder = groupFolder({ channel, account, chat: chat.id });
    const taken = await parts.media.take(ids, { write: (path, data) => workspace.write(`${folder}/${path}`, data) });
    return taken.map((one) => ({ ...one, path: `${folder}/${one.path}` }));
  };

  return async (envelope: Envelope, message: InboundMessage, incoming: readonly IncomingFile[]): Promise<InboundMessage> => {
    const { media, clock } = parts;
    const { messageFiles } = await media.limits();
    const late = new AbortController();
    const timer = clock.after(patience, () => late.abort());
    const ids: string[] = [];
    const notes: string[] = [];
    try {
      for (const [index, file] of incoming.entries()) {
        const name = escapeForDisplay(portableName(file.name)).slice(0, 100);
        if (index >= messageFiles) {
          notes.push(parts.words().notKept(name, `> ${messageFiles}`));
          continue;
        }
        try {
          const { name: called, size, voice } = file;
          const more = { ...(size === undefined ? {} : { size }), ...(voice === undefined ? {} : { voice }) };
          ids.push((await media.add({ name: called, bytes: opened(file, late.signal), ...more }, late.signal)).id);
        } catch (error) {
          const { code, message: why } = toCoPawError(error);
          if (isMachineCode(code)) throw error;
          notes.push(parts.words().notKept(name, code === 'internal' ? '…' : parts.redact(why).slice(0, 200)));
        }
      }
      const attachments = await take(envelope, ids);
      return {
        ...message,
        text: [message.text, ...notes].filter((text) => text !== '').join('\n\n'),
        ...(attachments.length === 0 ? {} : { attachments: [...(message.attachments ?? []), ...attachments] }),
      };
    } finally {
      timer.cancel();
      await media.letGo(ids);
    }
  };
}

async function* opened(file: IncomingFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* await file.open(signal);
}
