// Records what the microphone hears into one file. Nothing is heard before the person says so, and the microphone is let go with the recording.
import { useEffect, useRef, useState } from 'react';
import { Recording } from '../../live/upload.ts';

/** Browsers give the microphone only to pages that came over HTTPS or from this machine. */
export const canRecord = (): boolean => window.isSecureContext && 'mediaDevices' in navigator && 'MediaRecorder' in window;

export interface Recorder {
  /** While it records: for how long. */
  readonly seconds: number | undefined;
  start(): Promise<void>;
  stop(): void;
}

export function useRecorder(onDone: (files: readonly File[]) => void, onRefused: () => void): Recorder {
  const [seconds, setSeconds] = useState<number>();
  const running = useRef<MediaRecorder>(undefined);
  const recording = seconds !== undefined;
  useEffect(() => {
    if (!recording) return;
    const timer = setInterval(() => setSeconds((before) => (before ?? 0) + 1), 1000);
    return () => clearInterval(timer);
  }, [recording]);
  useEffect(
    () => () => {
      if (!running.current) return;
      running.current.ondataavailable = null;
      running.current.onstop = null;
      letGo(running.current.stream);
    },
    [],
  );
  return {
    seconds,
    async start() {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
        const recorder = new MediaRecorder(stream);
        const pieces: Blob[] = [];
        recorder.ondataavailable = ({ data }) => pieces.push(data);
        recorder.onstop = () => {
          letGo(stream);
          running.current = undefined;
          setSeconds(undefined);
          const ending = recorder.mimeType.includes('mp4') ? 'm4a' : recorder.mimeType.includes('ogg') ? 'ogg' : 'webm';
          const time = new Date().toISOString().slice(0, 16).replaceAll(/[:T]/gu, '-');
          onDone([new Recording(pieces, `voice-${time}.${ending}`, { type: recorder.mimeType })]);
        };
        recorder.start();
        running.current = recorder;
        setSeconds(0);
      } catch {
        onRefused(); // there is none, or the person said no
      }
    },
    stop: () => running.current?.stop(),
  };
}

function letGo(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
