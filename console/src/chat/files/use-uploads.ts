// Files of a message that is still being written: sent as soon as they are there, kept with the draft, let go with the message.
import { useEffect, useRef, useState } from 'react';
import type { UploadBody, UploadsBody } from '../../../../src/http/contract.ts';
import { api, newId, problemOf } from '../../live/api.ts';
import { sendFile } from '../../live/upload.ts';
import { remember, remembered, useText } from '../../settings.tsx';
import { fileSize } from '../../ui/format.ts';

export interface Waiting {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** From 0 to 1. */
  readonly share: number;
  /** It is there. */
  readonly upload?: UploadBody;
  /** Why it is not. */
  readonly problem?: string;
  /** To send it again; absent where that cannot help. */
  readonly file?: Blob;
  /** Where this browser has it, of a picture that was chosen here. */
  readonly picture?: string;
}

export interface WaitingFiles {
  readonly files: readonly Waiting[];
  /** Of all of them: too many. */
  readonly problem: string | undefined;
  say(problem: string): void;
  add(files: readonly File[]): Promise<void>;
  remove(key: string): void;
  retry(key: string): void;
  /** Those of the message that goes out now; the next one begins without. */
  take(): readonly UploadBody[];
  /** Those of a message that was not sent after all, as far as CoPaw still has them. */
  takeBack(ids: readonly string[]): void;
}

export function useUploads(sessionId: string): WaitingFiles {
  const t = useText();
  const place = `files.${sessionId}`;
  const [files, setFiles] = useState<readonly Waiting[]>([]);
  const [problem, setProblem] = useState<string>();
  const sending = useRef(new Map<string, AbortController>());
  const now = useRef(files);
  const left = useRef(false);

  const put = (change: (files: readonly Waiting[]) => readonly Waiting[]): void => {
    const before = now.current;
    now.current = change(before);
    letGo(before.filter(({ key }) => !now.current.some((file) => file.key === key)));
    setFiles(now.current);
    const done = now.current.flatMap(({ upload }) => upload?.id ?? []);
    remember(place, done.join(' '));
  };
  const set = (key: string, change: (file: Waiting) => Waiting): void => put((all) => all.map((file) => (file.key === key ? change(file) : file)));

  const find = (ids: readonly string[]): void => {
    if (ids.length > 0)
      api.uploads().then(
        ({ uploads }) => put((all) => [...uploads.filter(({ id }) => ids.includes(id)).map((upload) => asWaiting(upload)), ...all]),
        () => undefined, // then the next message goes without them, and they expire
      );
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for the draft that was left here
  useEffect(() => {
    left.current = false;
    find(
      remembered(place)
        .split(' ')
        .filter((id) => id !== ''),
    );
    return () => {
      for (const one of sending.current.values()) one.abort();
      left.current = true;
      letGo(now.current);
    };
  }, []);

  const send = async (key: string, file: Blob, name: string): Promise<void> => {
    const leaving = new AbortController();
    sending.current.set(key, leaving);
    set(key, ({ problem: _, ...rest }) => ({ ...rest, share: 0 }));
    try {
      const upload = await sendFile(file, name, (share) => set(key, (one) => ({ ...one, share })), leaving.signal);
      // Taken away while the last bytes went through.
      if (leaving.signal.aborted) await api.removeUpload(upload.id);
      else set(key, ({ picture }) => ({ ...asWaiting(upload, key), ...(picture === undefined ? {} : { picture }) }));
    } catch (error) {
      if (!leaving.signal.aborted) set(key, (one) => ({ ...one, problem: problemOf(error, t) }));
    } finally {
      sending.current.delete(key);
    }
  };

  return {
    files,
    problem,
    say: setProblem,
    async add(given) {
      const limits: UploadsBody['limits'] | undefined = await api.uploads().then(
        (answer) => answer.limits,
        () => undefined, // the upload itself says why
      );
      const room = Math.max(0, (limits?.messageFiles ?? given.length) - now.current.length);
      setProblem(limits && given.length > room ? t.files.tooMany(limits.messageFiles) : undefined);
      for (const file of given.slice(0, room)) {
        const key = newId('f');
        const large = limits && file.size > limits.fileBytes ? { problem: t.files.tooLarge(fileSize(limits.fileBytes)) } : undefined;
        // Nobody would let go what is made once the page has left.
        const picture = large || left.current || !pictures.has(file.type) ? {} : { picture: URL.createObjectURL(file) };
        put((all) => [...all, { key, name: file.name, size: file.size, share: 0, ...picture, ...(large ?? { file }) }]);
        if (!large) void send(key, file, file.name);
      }
    },
    remove(key) {
      sending.current.get(key)?.abort();
      const id = now.current.find((file) => file.key === key)?.upload?.id;
      if (id !== undefined) void api.removeUpload(id).catch(() => undefined); // it expires
      put((all) => all.filter((file) => file.key !== key));
      setProblem(undefined);
    },
    retry(key) {
      const found = now.current.find((file) => file.key === key);
      if (found?.file) void send(key, found.file, found.name);
    },
    take() {
      const taken = now.current.flatMap(({ upload }) => upload ?? []);
      put(() => []);
      setProblem(undefined);
      return taken;
    },
    takeBack: find,
  };
}

/** Those that every browser draws, and that hold nothing but a picture. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function letGo(files: readonly Waiting[]): void {
  for (const { picture } of files) if (picture !== undefined) URL.revokeObjectURL(picture);
}

const asWaiting = (upload: UploadBody, key = upload.id): Waiting => ({ key, name: upload.name, size: upload.size, share: 1, upload });
