// A double of the endpoint that writes speech down, as OpenAI, Groq and servers of whisper speak it: it refuses what they refuse, and says what that was.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { providerWords } from '../../src/testing/model-server.ts';
import { bodyOf, listen } from '../platforms/loopback.ts';

/** One answer. */
export interface SpeechReply {
  readonly text?: string;
  /** As the provider says it; absent: it says nothing of what it took. */
  readonly usage?: object;
  readonly status?: number;
  /** Seconds of the `retry-after` header. */
  readonly retryAfter?: number;
  /** The whole body of a good answer, in place of JSON. */
  readonly raw?: string;
  /** The answer waits for this. */
  readonly hold?: Promise<unknown>;
  /** The connection is cut without an answer. */
  readonly cut?: true;
}

export interface SpeechRequest {
  readonly model: string;
  readonly language: string | undefined;
  readonly file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array };
}

export interface SpeechServer {
  readonly baseUrl: string;
  /** Those that a provider would take. */
  readonly requests: readonly SpeechRequest[];
  /** What was wrong with the others. */
  readonly faults: readonly string[];
  /** Answers request n with reply n, the last one again and again. */
  play(...replies: readonly SpeechReply[]): void;
  close(): Promise<void>;
}

/** Endings that are taken, with the types that go with them and the bytes such a file begins with. "oga" is none: https://github.com/chigwell/telegram-mcp/issues/219 */
const formats: Readonly<Record<string, readonly [type: string, begins: RegExp]>> = {
  flac: ['audio/flac', /^fLaC/],
  m4a: ['audio/mp4', /^....ftyp/s],
  mp3: ['audio/mpeg', /^(?:ID3|\xff[\xfb\xf3\xf2])/],
  ogg: ['audio/ogg', /^OggS/],
  wav: ['audio/wav', /^RIFF....WAVE/s],
  webm: ['audio/webm', /^.E\xdf\xa3/s],
};
const fields = new Set(['model', 'response_format', 'language', 'file']);

/** `key`: without it a request is refused. */
export async function startSpeechServer(parts: { readonly key?: string; readonly model: string }, ...first: readonly SpeechReply[]): Promise<SpeechServer> {
  const requests: SpeechRequest[] = [];
  const faults: string[] = [];
  let replies = first;
  const server = createServer((request, response) => {
    const refuse = (status: number, fault: string): void => {
      faults.push(fault);
      error(response, status);
    };
    void (async () => {
      const body = await bodyOf(request);
      const { method, url, headers } = request;
      if (method !== 'POST' || url !== '/v1/audio/transcriptions') return refuse(404, `${method} ${url}`);
      if (parts.key !== undefined && headers.authorization !== `Bearer ${parts.key}`) return refuse(401, 'key');
      if (Number(headers['content-length']) !== body.byteLength) return refuse(411, 'length');
      const type = headers['content-type'] ?? '';
      const form = type.startsWith('multipart/form-data; boundary=')
        ? await new Response(body, { headers: { 'content-type': type } }).formData().catch(() => undefined)
        : undefined;
      if (!form) return refuse(400, `no form: ${type}`);
      for (const name of form.keys()) if (!fields.has(name) || form.getAll(name).length > 1) return refuse(400, `field ${name}`);
      const [model, format, language, file] = ['model', 'response_format', 'language', 'file'].map((name) => form.get(name));
      if (model !== parts.model) return refuse(404, `model ${String(model)}`);
      if (format !== null && format !== 'json') return refuse(400, `response_format ${String(format)}`);
      if (language != null && !(typeof language === 'string' && /^[a-z]{2}$/.test(language))) return refuse(400, `language ${String(language)}`);
      if (!(file instanceof File)) return refuse(400, 'no file');
      const bytes = new Uint8Array(await file.arrayBuffer());
      const [known, begins] = formats[file.name.split('.').at(-1) ?? ''] ?? ['', /^$/];
      if (file.type !== known || !begins.test(Buffer.from(bytes.subarray(0, 16)).toString('latin1'))) return refuse(400, `${file.name} ${file.type}`);
      requests.push({ model: parts.model, language: typeof language === 'string' ? language : undefined, file: { name: file.name, type: file.type, bytes } });
      await answer(response, replies[Math.min(requests.length, replies.length) - 1] ?? {});
    })();
  });
  const port = await listen(server);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    faults,
    play(...next) {
      requests.length = 0;
      replies = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(response: ServerResponse, { text = '', usage, status = 200, retryAfter, raw, hold, cut }: SpeechReply): Promise<void> {
  if (hold) await Promise.race([hold, once(response, 'close')]);
  if (cut || response.destroyed) return void response.destroy();
  if (status !== 200) return error(response, status, retryAfter);
  response.writeHead(200, { 'content-type': 'application/json' }).end(raw ?? JSON.stringify({ text, ...(usage === undefined ? {} : { usage }) }));
}

function error(response: ServerResponse, status: number, retryAfter?: number): void {
  const headers = { 'content-type': 'application/json', ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }) };
  response.writeHead(status, headers).end(JSON.stringify({ error: { message: providerWords, type: 'invalid_request_error' } }));
}

/** A recording as a phone sends it, by its beginning and, of Opus in Ogg, its length; nothing of it can be heard. */
export function recording(seconds = 3): Buffer {
  const page = Buffer.alloc(28 + 19);
  page.write('OggS', 0, 'latin1');
  page.write('OpusHead', 28, 'latin1');
  const last = Buffer.alloc(28);
  last.write('OggS', 0, 'latin1');
  last.writeBigInt64LE(BigInt(Math.round(seconds * 48_000)), 6);
  return Buffer.concat([page, Buffer.alloc(64, 7), last]);
}
