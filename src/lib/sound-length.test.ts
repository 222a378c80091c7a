// Lengths that containers say, and nothing where they say none.
import { expect, test } from 'vitest';
import { soundSeconds } from './sound-length.ts';

const ogg = (head: string, samples: number): Buffer => {
  const last = Buffer.alloc(28);
  last.write('OggS', 0, 'latin1');
  last.writeBigInt64LE(BigInt(samples), 6);
  return Buffer.concat([Buffer.from(`OggS${'\0'.repeat(24)}${head}${'\0'.repeat(80)}`, 'latin1'), last]);
};
const wav = (seconds: number): Buffer => {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16_000, 28);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(0xffff_ffff, 40);
  return Buffer.concat([head, Buffer.alloc(16_000 * seconds)]);
};
const mp4 = (version: 0 | 1): Buffer => {
  const box = Buffer.alloc(60);
  box.write('mvhd', 0, 'latin1');
  box[4] = version;
  box.writeUInt32BE(1_000, version === 1 ? 24 : 16);
  if (version === 1) box.writeBigUInt64BE(61_500n, 28);
  else box.writeUInt32BE(61_500, 20);
  return Buffer.concat([Buffer.from('\0\0\0\x20ftypM4A ', 'latin1'), box]);
};

test.each([
  ['Opus', 'audio/ogg', ogg('OpusHead', 48_000 * 90), 90],
  ['Vorbis', 'audio/ogg', ogg('\x01vorbis\0\0\0\0\x02\x44\xac\0\0', 44_100 * 5), 5],
  ['a stream whose length nobody wrote', 'audio/wav', wav(2), 2],
  ['MP4', 'audio/mp4', mp4(0), 61.5],
  ['long MP4', 'audio/mp4', mp4(1), 61.5],
])('%s', (_what, type, bytes, seconds) => {
  expect(soundSeconds(type, bytes)).toBe(seconds);
});

test.each([
  ['audio/ogg', 'OggS'],
  ['audio/ogg', `OggS${'\0'.repeat(40)}`],
  ['audio/wav', 'RIFF\0\0\0\0WAVE'],
  ['audio/wav', `RIFF\0\0\0\0WAVEfmt ${'\0'.repeat(20)}data\0\0\0\0`],
  ['audio/mp4', '\0\0\0\x20ftypM4A mvhd'],
  ['audio/mpeg', 'ID3'],
])('%s that says nothing', (type, bytes) => {
  expect(soundSeconds(type, Buffer.from(bytes, 'latin1'))).toBeUndefined();
});
