// Files of a message: name, size, and where in the workspace they are. Pictures are shown, sound can be heard, text can be looked into, all can be saved.
import { useContext, useState } from 'react';
import { api } from '../live/api.ts';
import type { Attachment, Heard } from '../live/chat-items.ts';
import { useText } from '../settings.tsx';
import { fileSize } from '../ui/format.ts';
import { ChevronIcon, FileIcon, PlayIcon, SaveIcon } from '../ui/icons.tsx';
import { useKept } from '../ui/kept.ts';
import { LongText } from '../ui/long-text.tsx';
import { Problem } from '../ui/problem.tsx';
import { saveFile } from '../ui/save-file.ts';
import { readable, visible } from '../ui/visible.ts';
import { SessionId } from './session-id.ts';
import { TextPreview } from './text-preview.tsx';
import { useWorkspaceFile } from './use-workspace-file.ts';

/** Bytes of a picture that is loaded without being asked for. */
const mostShown = 10 * 1024 * 1024;
/** Bytes of a text that is fetched for its beginning. */
const mostPreviewed = 1024 * 1024;

export function Attachments({ files, heard = [] }: { readonly files: readonly Attachment[]; readonly heard?: readonly Heard[] | undefined }) {
  const t = useText();
  if (files.length === 0) return null;
  return (
    <ul aria-label={t.attachments} className="mt-2 flex flex-wrap gap-2">
      {files.map((file) => (
        <li key={file.path} className="max-w-full rounded-lg border border-line bg-surface px-3 py-2 text-sm">
          <OneFile file={file} />
          {heard
            .filter(({ path }) => path === file.path)
            .map(({ text, failed }) => (
              <Words key={file.path} path={file.path} text={text} failed={failed} />
            ))}
        </li>
      ))}
    </ul>
  );
}

function Words({ path, text, failed }: Heard) {
  const { files: t } = useText();
  return (
    <section aria-label={t.heard} className={`mt-2 max-w-prose border-t border-line pt-2 whitespace-pre-wrap ${failed ? 'text-muted' : ''}`} dir="auto">
      <LongText text={text} id={`heard:${path}`}>
        {readable}
      </LongText>
    </section>
  );
}

function OneFile({ file }: { readonly file: Attachment }) {
  const { files: t } = useText();
  const sessionId = useContext(SessionId);
  const [failed, setFailed] = useState(false);
  const [wanted, setWanted] = useState(file.mediaType.startsWith('image/') && file.size <= mostShown);
  const found = useWorkspaceFile(file.path, wanted);
  const address = found === 'gone' ? undefined : found;
  const name = visible(file.name);
  const [looking, setLooking] = useKept(`preview:${file.path}:open`, false);
  const isText = /^(?:text\/|application\/json$)/u.test(file.mediaType) && file.size <= mostPreviewed;
  const save = async (): Promise<void> => {
    try {
      // As bytes: what the browser keeps is never opened in this place.
      const content = await api.workspaceFile(sessionId, file.path);
      saveFile(new Blob([content], { type: 'application/octet-stream' }), file.name);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      {address?.type.startsWith('image/') && <img src={address.url} alt={name} className="mb-2 max-h-64 max-w-full rounded" />}
      {address?.type.startsWith('audio/') && (
        // biome-ignore lint/a11y/useMediaCaption: what a voice note says stands below where a model wrote it down
        <audio src={address.url} controls className="mb-2 max-w-full" aria-label={name} />
      )}
      <span className="flex items-center gap-2">
        <FileIcon className="size-4 text-muted" />
        <span className="min-w-0">
          <span className="block truncate font-medium">{name}</span>
          <span className="block break-all text-xs text-muted">
            {fileSize(file.size)} · {visible(file.path)}
          </span>
        </span>
        {file.mediaType.startsWith('audio/') && !wanted && (
          <button type="button" className="button-icon" aria-label={t.play(name)} title={t.play(name)} onClick={() => setWanted(true)}>
            <PlayIcon className="size-4" />
          </button>
        )}
        {isText && (
          <button
            type="button"
            className="button-icon"
            aria-expanded={looking}
            aria-label={t.preview(name)}
            title={t.preview(name)}
            onClick={() => setLooking(!looking)}
          >
            <ChevronIcon className="chevron size-4" />
          </button>
        )}
        <button type="button" className="button-icon" aria-label={t.save(name)} title={t.save(name)} onClick={() => void save()}>
          <SaveIcon className="size-4" />
        </button>
      </span>
      {looking && <TextPreview path={file.path} />}
      <Problem text={failed ? t.notLoaded : undefined} className="mt-1 text-xs" />
    </>
  );
}
