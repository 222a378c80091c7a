// Byte streams: read whole up to a limit, or handed on under the global types.

/** All bytes, or undefined as soon as there are more than `most`. */
export async function readAtMost(stream: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, most: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(reason?: unknown): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: { getReader(): Reader } | null;
}

/** A library's own response as the global one. */
export function toWebResponse({ status, statusText, headers, body }: Answer): Response {
  const empty = [204, 205, 304].includes(status);
  return new Response(empty || !body ? null : toWebStream(body.getReader()), { status, statusText, headers: [...headers] });
}

function toWebStream(reader: Reader): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done || value === undefined) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
