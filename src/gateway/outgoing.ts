// What is said becomes the parts that one channel can send, when it is stored: part n of an answer is the same words also after a restart.
import type { Address } from '../core/address.ts';
import type { ChannelLimits, Outgoing } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import { isMachineCode, toCoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Redact } from '../core/secret.ts';
import type { Turn } from '../core/session.ts';
import type { RenderedPart } from './render/render.ts';
import type { Words } from './words.ts';

export interface OutgoingParts {
  /** undefined where there is no such channel, or it cannot be made. */
  limits(address: Address): ChannelLimits | undefined;
  files(agentId: string): Pick<Files, 'write'>;
  /** Before a file of this turn is written: marks it where strangers' words are in the session. */
  mark(turn: Pick<Turn, 'agentId' | 'sessionId'>, path: string): Promise<void>;
  words(): Words;
  /** Whether answers grow there: their first part takes the place of a message, and no edit brings files. */
  grows(address: Address): boolean;
  /** Before markup and cuts could hide a secret from it. */
  readonly redact: Redact;
  readonly onFault: (error: unknown) => void;
}

/** CoPaw's own surfaces read the log, and write Markdown themselves: for them nothing is changed. */
export interface Composer {
  /** An answer in Markdown. What would fill too many parts goes along as a file. At least one part. Throws only where the disk takes no more. */
  answer(turn: Pick<Turn, 'address' | 'agentId' | 'answerId' | 'sessionId'>, message: Outgoing): Promise<readonly Outgoing[]>;
  /** Words of CoPaw itself that must show as they are. At least one part. */
  literal(address: Address, message: Outgoing): Promise<readonly Outgoing[]>;
}

export function createComposer(parts: OutgoingParts): Composer {
  return {
    async answer(turn, message) {
      if (ownChannels.has(turn.address.channel)) return [message];
      const limits = parts.limits(turn.address);
      if (!limits) return [{ ...message, unwritten: true }];
      const { render, renderLiteral } = await import('./render/render.ts');
      const text = parts.redact(message.text);
      const say = (name: string): string => parts.words().asFile(name);
      const withFiles = (address: Address, rendered: readonly RenderedPart[], all: Outgoing): readonly Outgoing[] => {
        const shown = atLeastOne(rendered);
        const names = shown.length === 1 && parts.grows(address) ? (all.files ?? []).map(({ name }) => name) : [];
        return inOrder([...shown, ...(names.length > 0 ? renderLiteral(names.join('\n'), limits).slice(0, 1) : [])], all);
      };
      const written = async (media: boolean): Promise<readonly Outgoing[]> => {
        const rendered = render(text, { ...limits, media }, say);
        const files: Attachment[] = [];
        for (const file of rendered.files) {
          const path = `.copaw/output/${turn.answerId}-${file.name}`;
          await parts.mark(turn, path);
          await parts.files(turn.agentId).write(path, file.text);
          files.push({ name: file.name, mediaType: file.mediaType, size: Buffer.byteLength(file.text), path });
        }
        return withFiles(turn.address, rendered.parts, { ...message, files: [...files, ...(message.files ?? [])] });
      };
      // The turn ends with this: what cannot be written well is written plainly.
      const ways = [
        () => written(limits.media),
        () => written(false),
        async () => withFiles(turn.address, renderLiteral(text, limits), message),
        async () => withFiles(turn.address, renderLiteral(parts.words().unwritable, limits), message),
      ];
      for (const way of ways) {
        try {
          return await way();
        } catch (error) {
          if (isMachineCode(toCoPawError(error).code)) throw error;
          parts.onFault(error);
        }
      }
      return inOrder([], message);
    },
    async literal(address, message) {
      if (ownChannels.has(address.channel)) return [message];
      const limits = parts.limits(address);
      if (!limits) return [{ ...message, unwritten: true }];
      const { renderLiteral } = await import('./render/render.ts');
      return inOrder(renderLiteral(parts.redact(message.text), limits), message);
    },
  };
}

/** What shows nothing is one part all the same. */
const atLeastOne = (rendered: readonly RenderedPart[]): readonly RenderedPart[] => (rendered.length > 0 ? rendered : [{ text: '…' }]);

/** Files and choices come with the last part. */
function inOrder(rendered: readonly RenderedPart[], { files = [], choices = [] }: Outgoing): readonly Outgoing[] {
  const shown = atLeastOne(rendered);
  const last = { ...(files.length > 0 ? { files } : {}), ...(choices.length > 0 ? { choices } : {}) };
  return shown.map((part, index) => (index === shown.length - 1 ? { ...part, ...last } : part));
}
