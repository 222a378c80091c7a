// A file of a conversation's workspace, as the operator looks at it: through the path door, in pieces.
import { CoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { WorkspaceFile } from '../core/media.ts';
import type { Store } from '../core/store.ts';
import { sniffBytes, sniffType } from '../lib/media-type.ts';

const pieceBytes = 1024 * 1024;

/** Rejects with `not-found` for a session that is not there, and as the path door does. */
export async function workspaceFile(
  { store, files }: { readonly store: Pick<Store, 'sessions'>; readonly files: (agentId: string) => Files },
  sessionId: string,
  path: string,
): Promise<WorkspaceFile> {
  const session = await store.sessions.get(sessionId);
  if (!session) throw new CoPawError('not-found', `There is no session ${sessionId}.`);
  const door = files(session.agentId);
  const head = await door.read(path, { offset: 0, length: sniffBytes });
  const size = (await door.stat(path))?.size ?? 0;
  return { mediaType: sniffType(head), size, bytes: piecesOf(door, path, size) };
}

/** As many bytes as were told of, whatever happens to the file. */
async function* piecesOf(door: Files, path: string, size: number): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < size; ) {
    const piece = await door.read(path, { offset, length: Math.min(pieceBytes, size - offset) });
    if (piece.length === 0) throw new CoPawError('conflict', `${JSON.stringify(path)} became shorter while it was read.`);
    yield piece;
    offset += piece.length;
  }
}
