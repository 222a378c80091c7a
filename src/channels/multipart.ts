// The bytes of multipart/form-data (RFC 7578), for platforms that take files in no other way.
import { createHash } from 'node:crypto';

export interface FormPart {
  readonly name: string;
  readonly value: string | Uint8Array;
  /** Makes it a file. */
  readonly fileName?: string;
  readonly mediaType?: string;
}

const mediaTypeShape = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.+-]+)*$/u;

/** No name and no content can end a part early: the boundary is a digest of all that it stands between. */
export function multipart(parts: readonly FormPart[]): { readonly contentType: string; readonly body: Uint8Array } {
  const hash = createHash('sha256');
  for (const { name, value, fileName = '' } of parts) hash.update(JSON.stringify([name, fileName])).update(value);
  const boundary = `copaw-${hash.digest('hex').slice(0, 40)}`;
  const pieces: Uint8Array[] = [];
  for (const part of parts) pieces.push(Buffer.from(`--${boundary}\r\n${headOf(part)}\r\n`), bytesOf(part.value), Buffer.from('\r\n'));
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(pieces) };
}

function headOf({ name, fileName, mediaType }: FormPart): string {
  const file = fileName === undefined ? '' : `; filename="${quotable(safeName(fileName))}"`;
  const type = mediaType ?? (fileName === undefined ? undefined : 'application/octet-stream');
  const typeLine = type === undefined ? '' : `Content-Type: ${mediaTypeShape.test(type) ? type : 'application/octet-stream'}\r\n`;
  return `Content-Disposition: form-data; name="${quotable(name)}"${file}\r\n${typeLine}`;
}

/** The last part of a path, without what is not shown. */
function safeName(name: string): string {
  const last = name.toWellFormed().split(/[\\/]/u).at(-1) ?? '';
  return last.replace(/\p{Cc}/gu, '_') || 'file';
}

/** As the WHATWG form encoding has it. */
const quotable = (text: string): string => text.replace(/\r/gu, '%0D').replace(/\n/gu, '%0A').replaceAll('"', '%22');
const bytesOf = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? Buffer.from(value) : value);
