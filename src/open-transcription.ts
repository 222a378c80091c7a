// Composition of voice notes: the model that writes them down, what it is given, and what people are told where it cannot.
import type { Hear, Heard } from './agent/parts.ts';
import type { ConfigSource } from './core/config.ts';
import { CoPawError, toCoPawError } from './core/error.ts';
import type { Files } from './core/files.ts';
import type { Attachment } from './core/inbound.ts';
import type { Log } from './core/log.ts';
import { type ReadyModel, speechCost, spokenTypes } from './core/model.ts';
import type { Words } from './gateway/words.ts';
import { soundSeconds } from './lib/sound-length.ts';
import { escapeForDisplay } from './lib/visible-text.ts';

interface TranscriptionParts {
  readonly config: Pick<ConfigSource, 'current'>;
  readonly resolve: (agentId: string, asked: string) => ReadyModel;
  readonly files: (agentId: string) => Pick<Files, 'stat' | 'read'>;
  readonly words: () => Words['unheard'];
  readonly log: Log;
}

/** Undefined while `transcription` is not set: then no sound leaves. */
export function createHearing({ config, resolve, files, words, log }: TranscriptionParts): () => Hear | undefined {
  const failed = (file: Attachment, why: string): Heard => ({ text: words().text(escapeForDisplay(file.name).slice(0, 100), why), failed: true });

  return () => {
    const set = config.current().transcription;
    if (!set) return undefined;
    const { model: ref, language, maxMinutes, maxMegabytes, timeoutSeconds } = set;
    return async (turn, file, signal) => {
      try {
        if (spokenTypes[file.mediaType] === undefined) return failed(file, words().type);
        const { size = 0 } = (await files(turn.agentId).stat(file.path)) ?? {};
        if (size > maxMegabytes * 1024 ** 2) return failed(file, words().large(maxMegabytes));
        const sound = await files(turn.agentId).read(file.path);
        const length = soundSeconds(file.mediaType, sound);
        if (length !== undefined && length > maxMinutes * 60) return failed(file, words().long(maxMinutes));
        const { provider, info } = resolve(turn.agentId, ref);
        if (!provider.transcribe) throw new CoPawError('model-missing', `${ref} writes no speech down.`, { next: 'Choose another model for transcription.' });
        const request = { model: info.id, sound, mediaType: file.mediaType, limitMs: timeoutSeconds * 1000, ...(language === undefined ? {} : { language }) };
        const { text, usage, seconds = length } = await provider.transcribe(request, signal);
        const cost = speechCost({ usage, ...(seconds === undefined ? {} : { seconds }) }, info.price);
        const call = { model: ref, usage, seconds: seconds ?? 0, ...(cost === undefined ? {} : { cost }) };
        return text === '' ? { ...failed(file, words().silent), call } : { text, failed: false, call };
      } catch (error) {
        if (signal.aborted) return undefined;
        const { code, message, cause } = toCoPawError(error);
        log('warn', 'speech-failed', { turnId: turn.id, model: ref, code, detail: cause instanceof Error ? cause.message : message });
        return failed(file, words().why[code] ?? words().broken);
      }
    };
  };
}
