// Tries the model that writes voice notes down the way a turn uses it: a second of silence, and whatever it makes of that.
import { CoPawError } from '../core/error.ts';
import type { ModelProvider } from '../core/model.ts';
import type { CapabilityReport } from '../core/operator.ts';

const rate = 16_000;
const limitMs = 60_000;

export async function probeSpeech(provider: ModelProvider, model: string, signal: AbortSignal): Promise<readonly CapabilityReport[]> {
  try {
    if (!provider.transcribe) throw new CoPawError('model-missing', 'This provider writes no speech down.');
    const { usage, seconds } = await provider.transcribe({ model, sound: silence(), mediaType: 'audio/wav', limitMs }, signal);
    const counted = seconds !== undefined || usage.input > 0;
    return [
      { capability: 'connect', ok: true, detail: 'The provider answered.' },
      { capability: 'speech', ok: true, detail: 'It takes sound, and answers with words.' },
      // Seconds are counted here where a file says its own.
      {
        capability: 'usage',
        ok: true,
        detail: counted ? 'What it takes is reported.' : 'The provider does not say what it takes: recordings are counted by their own length.',
      },
    ];
  } catch (error) {
    if (!(error instanceof CoPawError)) throw error;
    return [{ capability: 'connect', ok: false, detail: [error.message, error.next].filter(Boolean).join(' ') }];
  }
}

/** A second of it, as WAV with one channel of 16 bits. */
function silence(): Uint8Array {
  const bytes = Buffer.alloc(44 + rate * 2);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(rate * 2, 40);
  return bytes;
}
