// How long a recording is, where its container says so in a place that is quickly found. Nothing is decoded.

/** Seconds; undefined where they cannot be told. What a file says of itself may be wrong. */
export function soundSeconds(mediaType: string, bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seconds = readers[mediaType]?.(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), view);
  return seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

type Reader = (bytes: Buffer, view: DataView) => number | undefined;

const readers: Readonly<Partial<Record<string, Reader>>> = {
  /** The last page says how many samples there were: 48,000 a second in Opus (RFC 7845), whatever the head says of the source. */
  'audio/ogg': (bytes, view) => {
    const last = bytes.lastIndexOf('OggS');
    if (last < 0 || last + 14 > bytes.length) return undefined;
    const samples = Number(view.getBigInt64(last + 6, true));
    const vorbis = bytes.subarray(0, 4096).indexOf('\x01vorbis', 0, 'latin1');
    if (vorbis >= 0 && vorbis + 16 <= bytes.length) return samples / view.getUint32(vorbis + 12, true);
    return bytes.subarray(0, 4096).includes('OpusHead') ? samples / 48_000 : undefined;
  },
  'audio/wav': (bytes, view) => {
    const format = bytes.subarray(0, 4096).indexOf('fmt ');
    const data = bytes.subarray(0, 65_536).indexOf('data', Math.max(0, format) + 16);
    if (format < 0 || data < 0 || format + 20 > bytes.length || data + 8 > bytes.length) return undefined;
    return Math.min(view.getUint32(data + 4, true), bytes.length - data - 8) / view.getUint32(format + 16, true);
  },
  /** The head of the film, which may stand behind the sound. */
  'audio/mp4': (bytes, view) => {
    const head = bytes.lastIndexOf('mvhd');
    if (head < 0 || head + 36 > bytes.length) return undefined;
    const long = bytes[head + 4] === 1;
    return long ? Number(view.getBigUint64(head + 28)) / view.getUint32(head + 24) : view.getUint32(head + 20) / view.getUint32(head + 16);
  },
};
