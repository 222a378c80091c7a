// A file that stands in JSON whole, as the generic webhook and MQTT bring them.
import { z } from 'zod';
import type { IncomingFile } from '../core/channel.ts';

export const base64File = z.object({ name: z.string().min(1).max(1_000), base64: z.base64() });

export function fileOf({ name, base64 }: z.output<typeof base64File>): IncomingFile {
  const bytes = Buffer.from(base64, 'base64');
  return { name, size: bytes.byteLength, open: async () => inOnePiece(bytes) };
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
