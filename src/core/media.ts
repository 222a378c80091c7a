// Files on their way into a conversation. Whatever a person or a channel brings waits here first, outside every workspace, until a message takes it.
import type { StreamedFiles } from './files.ts';
import type { Attachment, Voice } from './inbound.ts';

/** A file that waits for its message. */
export interface Upload {
  readonly id: string;
  /** As it will be called in the workspace: safe on every system, whatever it was called before. */
  readonly name: string;
  /** By its bytes. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly voice?: Voice;
  /** Milliseconds since the epoch; then it is gone, unless a message took it. */
  readonly expiresAt: number;
}

export interface UploadLimits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Files of one message. */
  readonly messageFiles: number;
  /** Files that wait at a time, those that are still coming in among them, and their bytes. */
  readonly waitingFiles: number;
  readonly waitingBytes: number;
  /** Milliseconds a file waits. */
  readonly waitMs: number;
}

/** What the operator's surfaces see of it. */
export interface Uploads {
  limits(): Promise<UploadLimits>;
  /** Oldest first. */
  list(): Promise<readonly Upload[]>;
  /**
   * Keeps a file as it comes in, or nothing of it: `too-large` as soon as it is known to be, `busy` where too much waits, `cancelled` once `signal`
   * aborts. `size`: bytes, where they are known before.
   */
  add(
    file: { readonly name: string; readonly bytes: AsyncIterable<Uint8Array>; readonly size?: number; readonly voice?: Voice },
    signal?: AbortSignal,
  ): Promise<Upload>;
  /** False where there was none. */
  remove(id: string): Promise<boolean>;
}

/** The store itself, for whoever makes a message of what waits: the operator's surfaces, and later the channels. */
export interface MediaStore extends Uploads {
  /**
   * Copies what waits into a workspace and says how a message names it. Each goes to the same place every time, so that after a crash nothing is there
   * twice. It goes on waiting until it is let go. Rejects with `not-found` where one does not wait any more, and then copies none.
   */
  take(ids: readonly string[], workspace: Pick<StreamedFiles, 'write'>): Promise<readonly Attachment[]>;
  /** Once the message is stored. */
  letGo(ids: readonly string[]): Promise<void>;
  /** Removes what waited too long; how many. */
  expire(): Promise<number>;
}

/** A file of a workspace, to be handed out. */
export interface WorkspaceFile {
  /** By its bytes. */
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** In pieces; the file may change meanwhile. */
  readonly bytes: AsyncIterable<Uint8Array>;
}
