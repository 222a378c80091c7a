// What a file is: images by their first bytes, the rest by name.

const byExtension: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  md: 'text/markdown',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  zip: 'application/zip',
};

/** The media type of a PNG, JPEG, GIF or WebP; twelve bytes are enough. */
export function imageType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  return undefined;
}

/** The media type of any file by its first bytes and its name. */
export function mediaType(name: string, bytes: Uint8Array): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return imageType(bytes) ?? (Object.hasOwn(byExtension, extension) ? byExtension[extension] : undefined) ?? 'application/octet-stream';
}
