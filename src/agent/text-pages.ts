// Files of a workspace for the operator to read and change: what is there is kept for an undo, and nothing that somebody else wrote meanwhile is lost.
import { CoPawError } from '../core/error.ts';
import type { FileInfo, Files } from '../core/files.ts';
import type { Kept, TextPage, TextPages } from '../core/text-page.ts';
import { sha256 } from '../lib/canonical-json.ts';

/** A larger file is for an editor. */
const mostPage = 512 * 1024;

export interface TextPagesParts {
  readonly files: (agentId: string) => Files;
  readonly redact: (text: string) => string;
  readonly tainted: (agentId: string, path: string, content: Uint8Array) => Promise<boolean>;
  /** Makes one change with what is there kept first. */
  readonly keep: <T>(agentId: string, path: string, make: () => Promise<T>) => Promise<Kept & { readonly made: T }>;
  /** Nobody else writes memory of this agent while `work` runs. */
  readonly alone: <T>(agentId: string, work: () => Promise<T>) => Promise<T>;
}

export function createTextPages({ files, redact, tainted, keep, alone }: TextPagesParts): TextPages {
  const held = async (agentId: string, path: string): Promise<{ readonly bytes: Uint8Array; readonly info: FileInfo } | undefined> => {
    const info = await files(agentId).stat(path);
    if (info === undefined) return undefined;
    if (info.size > mostPage) throw new CoPawError('too-large', `${path} has ${info.size} bytes; a page takes ${mostPage}.`, { next: 'Open it in an editor.' });
    return { bytes: await files(agentId).read(path), info };
  };
  /** As it may be shown, and why a text made from that would lose what is there. */
  const looked = (bytes: Uint8Array): { readonly shown: string; readonly fixed: TextPage['fixed'] } => {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const shown = redact(text);
    return { shown, fixed: shown !== text ? 'secret' : Buffer.from(text).equals(bytes) ? undefined : 'encoding' };
  };
  return {
    async show(agentId, path) {
      const file = await held(agentId, path);
      if (!file) throw new CoPawError('path-missing', `There is no file ${path}.`, { next: 'Look at the list of files again.' });
      const { shown, fixed } = looked(file.bytes);
      return {
        ...{ agentId, path, text: shown, hash: sha256(file.bytes), modifiedAt: file.info.modifiedAt },
        tainted: await tainted(agentId, path, file.bytes),
        ...(fixed === undefined ? {} : { fixed }),
      };
    },
    async save(agentId, { path, text, hash }) {
      if (redact(text) !== text) throw new CoPawError('invalid', 'The text holds the value of a secret; it was not saved.', { rule: 'R23' });
      const write = async (): Promise<string> => {
        const file = await held(agentId, path);
        if ((file ? sha256(file.bytes) : 'absent') !== hash)
          throw new CoPawError('conflict', `${path} was changed meanwhile; nothing was saved.`, { next: 'Read it again, then make your change there.' });
        const fixed = file && looked(file.bytes).fixed;
        if (fixed !== undefined)
          throw new CoPawError(
            'invalid',
            `${path} holds ${fixed === 'secret' ? 'the value of a secret' : 'bytes that are no text'}: a text from here would lose it.`,
            {
              next: 'Change it with an editor.',
              ...(fixed === 'secret' ? { rule: 'R23' } : {}),
            },
          );
        await files(agentId).write(path, text);
        return sha256(Buffer.from(text));
      };
      const { made, ...kept } = await keep(agentId, path, () => alone(agentId, write));
      return { ...kept, hash: made };
    },
  };
}
