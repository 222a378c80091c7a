// Files of a message that is still being written: sent as soon as they are there, whatever is looked at meanwhile, kept with the draft, let go with the message.
import type { UploadBody, UploadsBody } from '../../../src/http/contract.ts';
import { remember, remembered } from '../settings.tsx';
import type { Text } from '../text/text.ts';
import { fileSize } from '../ui/format.ts';
import { api, newId, problemOf } from './api.ts';
import { sendFile } from './upload.ts';

/** In the language that the page has when it is shown. */
type Said = (t: Text) => string;

export interface WaitingFile {
  readonly key: string;
  readonly name: string;
  readonly size: number;
  /** From 0 to 1. */
  readonly share: number;
  /** It is there. */
  readonly upload?: UploadBody;
  /** Why it is not. */
  readonly problem?: Said;
  /** To send it again; absent where that cannot help. */
  readonly file?: Blob;
  /** Where this browser has it, of a picture that was chosen here. */
  readonly picture?: string;
}

export interface Waiting {
  readonly files: readonly WaitingFile[];
  /** Of all of them: too many. */
  readonly problem?: Said | undefined;
}

export class WaitingFiles {
  #now: Waiting = { files: [] };
  readonly #place: string;
  readonly #listeners = new Set<() => void>();
  readonly #sending = new Map<string, AbortController>();
  #left = false;

  constructor(sessionId: string) {
    this.#place = `files.${sessionId}`;
  }

  readonly snapshot = (): Waiting => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Finds those of the draft that was left here. */
  readonly find = (): void => {
    this.takeBack(
      remembered(this.#place)
        .split(' ')
        .filter((id) => id !== ''),
    );
  };

  readonly say = (problem: Said | undefined): void => this.#put({ ...this.#now, problem });

  readonly add = async (given: readonly File[]): Promise<void> => {
    const limits: UploadsBody['limits'] | undefined = await api.uploads().then(
      (answer) => answer.limits,
      () => undefined, // the upload itself says why
    );
    if (this.#left) return;
    const room = Math.max(0, (limits?.messageFiles ?? given.length) - this.#now.files.length);
    this.say(limits && given.length > room ? (t) => t.files.tooMany(limits.messageFiles) : undefined);
    for (const file of given.slice(0, room)) {
      const { name, size } = file;
      const key = newId('f');
      if (limits && size > limits.fileBytes) {
        this.#change((all) => [...all, { key, name, size, share: 0, problem: (t) => t.files.tooLarge(fileSize(limits.fileBytes)) }]);
        continue;
      }
      const picture = pictures.has(file.type) ? { picture: URL.createObjectURL(file) } : {};
      this.#change((all) => [...all, { key, name, size, share: 0, file, ...picture }]);
      void this.#send(key, file, name);
    }
  };

  readonly remove = (key: string): void => {
    this.#sending.get(key)?.abort();
    const id = this.#now.files.find((file) => file.key === key)?.upload?.id;
    if (id !== undefined) void api.removeUpload(id).catch(() => undefined); // it expires
    this.say(undefined);
    this.#change((all) => all.filter((file) => file.key !== key));
  };

  readonly retry = (key: string): void => {
    const found = this.#now.files.find((file) => file.key === key);
    if (found?.file) void this.#send(key, found.file, found.name);
  };

  /** Those of the message that goes out now; the next one begins without. */
  readonly take = (): readonly UploadBody[] => {
    const taken = this.#now.files.flatMap(({ upload }) => upload ?? []);
    this.say(undefined);
    this.#change(() => []);
    return taken;
  };

  /** Those of a message that was not sent after all, as far as CoPaw still has them. */
  readonly takeBack = (ids: readonly string[]): void => {
    const isHere = (id: string): boolean => this.#now.files.some(({ upload }) => upload?.id === id);
    const away = ids.filter((id) => !isHere(id));
    if (away.length === 0) return;
    api.uploads().then(
      ({ uploads }) => {
        const found = uploads.filter(({ id }) => away.includes(id) && !isHere(id));
        this.#change((all) => [...found.map((upload) => asWaiting(upload)), ...all]);
      },
      () => undefined, // then the next message goes without them, and they expire
    );
  };

  /** The page is left: nothing more is sent, and what is there is kept with the draft. */
  readonly leave = (): void => {
    this.#left = true;
    for (const one of this.#sending.values()) one.abort();
    letGo(this.#now.files);
  };

  async #send(key: string, file: Blob, name: string): Promise<void> {
    const leaving = new AbortController();
    this.#sending.set(key, leaving);
    this.#set(key, ({ problem: _, ...rest }) => ({ ...rest, share: 0 }));
    try {
      const upload = await sendFile(file, name, (share) => this.#set(key, (one) => ({ ...one, share })), leaving.signal);
      // Taken away while the last bytes went through.
      if (leaving.signal.aborted) await api.removeUpload(upload.id);
      else this.#set(key, ({ picture }) => ({ ...asWaiting(upload, key), ...(picture === undefined ? {} : { picture }) }));
    } catch (error) {
      if (!leaving.signal.aborted) this.#set(key, (one) => ({ ...one, problem: (t) => problemOf(error, t) }));
    } finally {
      this.#sending.delete(key);
    }
  }

  #set(key: string, change: (file: WaitingFile) => WaitingFile): void {
    this.#change((all) => all.map((file) => (file.key === key ? change(file) : file)));
  }

  #change(change: (files: readonly WaitingFile[]) => readonly WaitingFile[]): void {
    if (this.#left) return;
    const { files: before } = this.#now;
    const files = change(before);
    letGo(before.filter(({ key }) => !files.some((file) => file.key === key)));
    remember(this.#place, files.flatMap(({ upload }) => upload?.id ?? []).join(' '));
    this.#put({ ...this.#now, files });
  }

  #put(now: Waiting): void {
    this.#now = now;
    for (const listener of this.#listeners) listener();
  }
}

/** Those that every browser draws, and that hold nothing but a picture. */
const pictures: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function letGo(files: readonly WaitingFile[]): void {
  for (const { picture } of files) if (picture !== undefined) URL.revokeObjectURL(picture);
}

const asWaiting = (upload: UploadBody, key = upload.id): WaitingFile => ({ key, name: upload.name, size: upload.size, share: 1, upload });
