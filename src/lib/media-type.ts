// What a file is, by its bytes. A name can only say more of what the bytes already are; it never makes a file something else.

/** First bytes that are enough for `sniffType`. */
export const sniffBytes = 4096;

/** What some names say of text, and of containers that many formats are kept in. */
const refined: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'text/plain': { csv: 'text/csv', html: 'text/html', json: 'application/json', md: 'text/markdown', svg: 'image/svg+xml' },
  // A container, of which the name says that it holds sound alone.
  'video/mp4': { m4a: 'audio/mp4' },
  'application/zip': {
    docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    epub: 'application/epub+zip',
    odt: 'application/vnd.oasis.opendocument.text',
    pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
};

const beginnings: readonly (readonly [begins: string, type: string])[] = [
  ['%PDF-', 'application/pdf'],
  ['PK\x03\x04', 'application/zip'],
  ['PK\x05\x06', 'application/zip'],
  ['\x1f\x8b', 'application/gzip'],
  ['OggS', 'audio/ogg'],
  ['ID3', 'audio/mpeg'],
  ['\xff\xfb', 'audio/mpeg'],
  ['\xff\xf3', 'audio/mpeg'],
  ['\xff\xf2', 'audio/mpeg'],
  ['\xff\xf1', 'audio/aac'],
  ['#!AMR', 'audio/amr'],
  ['fLaC', 'audio/flac'],
];

/** The media type of a PNG, JPEG, GIF or WebP; twelve bytes are enough. */
export function imageType(bytes: Uint8Array): string | undefined {
  const head = latin(bytes, 12);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  return undefined;
}

/** The media type of a file by its first bytes, and by its name where they leave that open. */
export function mediaType(name: string, bytes: Uint8Array): string {
  const type = sniffType(bytes);
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const more = refined[type] ?? {};
  return (Object.hasOwn(more, extension) ? more[extension] : undefined) ?? type;
}

/** By the bytes alone. */
export function sniffType(bytes: Uint8Array): string {
  const head = latin(bytes, sniffBytes);
  const known = imageType(bytes) ?? beginnings.find(([begins]) => head.startsWith(begins))?.[1];
  if (known !== undefined) return known;
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WAVE') return 'audio/wav';
  // Matroska says what is in it by the names of its codecs.
  if (head.startsWith('\x1a\x45\xdf\xa3')) return /V_(?:VP|AV1|MPEG|THEORA)/u.test(head) ? 'video/webm' : 'audio/webm';
  if (head.slice(4, 8) === 'ftyp') return /^(?:M4A|M4B)/u.test(head.slice(8, 12)) ? 'audio/mp4' : 'video/mp4';
  return isText(bytes.subarray(0, sniffBytes)) ? 'text/plain' : 'application/octet-stream';
}

const latin = (bytes: Uint8Array, length: number): string => Buffer.from(bytes.subarray(0, length)).toString('latin1');

/** UTF-8 without NUL; the last character may be cut. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
