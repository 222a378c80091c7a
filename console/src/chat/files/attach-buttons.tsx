// Beside the text: pick files, and record a voice note where the browser lets this page use the microphone, else pick a recording.
import { type ChangeEvent, useRef } from 'react';
import { useText } from '../../settings.tsx';
import type { Text } from '../../text/text.ts';
import { AttachIcon, MicrophoneIcon, StopIcon } from '../../ui/icons.tsx';
import { canRecord, useRecorder } from './use-recorder.ts';

export function AttachButtons({
  onFiles,
  onProblem,
}: {
  readonly onFiles: (files: readonly File[]) => void;
  readonly onProblem: (problem: (t: Text) => string) => void;
}) {
  const { files: t } = useText();
  const files = useRef<HTMLInputElement>(null);
  const voice = useRef<HTMLInputElement>(null);
  const recorder = useRecorder(onFiles, () => {
    onProblem((now) => now.files.noMicrophone);
    voice.current?.click();
  });
  const picked = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    onFiles([...(target.files ?? [])]);
    target.value = ''; // the same file can be picked again
  };
  const recording = recorder.seconds !== undefined;
  const voiceName = recorder.seconds !== undefined ? t.stopRecording(recorder.seconds) : canRecord() ? t.record : t.pickVoice;
  const onVoice = (): void => {
    if (recording) recorder.stop();
    else if (canRecord()) void recorder.start();
    else voice.current?.click();
  };
  return (
    <>
      <input ref={files} type="file" multiple hidden data-files onChange={picked} />
      <input ref={voice} type="file" accept="audio/*" hidden data-voice onChange={picked} />
      <button type="button" className="round round-plain" aria-label={t.attach} title={t.attach} onClick={() => files.current?.click()}>
        <AttachIcon />
      </button>
      <button
        type="button"
        className={recording ? 'round round-quiet' : 'round round-plain'}
        aria-label={voiceName}
        title={voiceName}
        aria-pressed={recording}
        onClick={onVoice}
      >
        {recording ? <StopIcon /> : <MicrophoneIcon />}
      </button>
    </>
  );
}
