// What is said becomes the parts that one channel can send, when it is stored: part n of an answer is the same words also after a restart.
import type { Address } from '../core/address.ts';
import type { ChannelLimits, Outgoing } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { Files } from '../core/files.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Redact } from '../core/secret.ts';
import type { Turn } from '../core/session.ts';
import type { RenderedPart } from './render/render.ts';
import type { Words } from './words.ts';

export interface OutgoingParts {
  /** undefined where there is no such channel, or it was never made. */
  limits(address: Address): ChannelLimits | undefined;
  files(agentId: string): Pick<Files, 'write'>;
  words(): Words;
  /** Before markup and cuts could hide a secret from it. */
  readonly redact: Redact;
}

export interface Composer {
  /** An answer in Markdown. What would fill too many parts goes along as a file. At least one part. */
  answer(turn: Pick<Turn, 'address' | 'agentId' | 'answerId'>, message: Outgoing): Promise<readonly Outgoing[]>;
  /** Words of CoPaw itself that must show as they are. At least one part. */
  literal(address: Address, message: Outgoing): Promise<readonly Outgoing[]>;
}

export function createComposer(parts: OutgoingParts): Composer {
  return {
    async answer({ address, agentId, answerId }, message) {
      const limits = limitsOf(parts, address);
      if (!limits) return [message];
      const { render } = await import('./render/render.ts');
      const rendered = render(parts.redact(message.text), limits, (name) => parts.words().asFile(name));
      const files: Attachment[] = [];
      for (const { name, mediaType, text } of rendered.files) {
        const path = `.copaw/output/${answerId}-${name}`;
        await parts.files(agentId).write(path, text);
        files.push({ name, mediaType, size: Buffer.byteLength(text), path });
      }
      return inOrder(rendered.parts, { ...message, files: [...files, ...(message.files ?? [])] });
    },
    async literal(address, message) {
      const limits = limitsOf(parts, address);
      if (!limits) return [message];
      const { renderLiteral } = await import('./render/render.ts');
      return inOrder(renderLiteral(parts.redact(message.text), limits), message);
    },
  };
}

/** CoPaw's own surfaces read the log, and write Markdown themselves. */
const limitsOf = (parts: OutgoingParts, address: Address): ChannelLimits | undefined => (ownChannels.has(address.channel) ? undefined : parts.limits(address));

/** Files and choices come with the last part; what shows nothing is one part all the same. */
function inOrder(rendered: readonly RenderedPart[], { files = [], choices = [] }: Outgoing): readonly Outgoing[] {
  const shown = rendered.length > 0 ? rendered : [{ text: '…' }];
  const last = { ...(files.length > 0 ? { files } : {}), ...(choices.length > 0 ? { choices } : {}) };
  return shown.map((part, index) => (index === shown.length - 1 ? { ...part, ...last } : part));
}
