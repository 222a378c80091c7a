// Above the composer: the files that go with the message, how far they are, and what went wrong.
import { useState } from 'react';
import type { Waiting, WaitingFile } from '../../live/waiting-files.ts';
import { useText } from '../../settings.tsx';
import { focusComposer } from '../../ui/focus.ts';
import { fileSize } from '../../ui/format.ts';
import { CloseIcon, FileIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';

export function WaitingList({
  files,
  problem,
  onRemove,
  onRetry,
}: Waiting & { readonly onRemove: (key: string) => void; readonly onRetry: (key: string) => void }) {
  const text = useText();
  const t = text.files;
  // Its own button is gone then.
  const andBack =
    (does: (key: string) => void, key: string): (() => void) =>
    () => {
      does(key);
      focusComposer();
    };
  return (
    <>
      <Problem text={problem?.(text)} className="mb-2 text-sm" />
      {files.length > 0 && (
        <ul aria-label={t.waiting} className="mb-2 flex flex-wrap gap-2">
          {files.map((file) => (
            <OneWaiting key={file.key} file={file} onRemove={andBack(onRemove, file.key)} onRetry={andBack(onRetry, file.key)} />
          ))}
        </ul>
      )}
      {files.some((file) => file.problem !== undefined) && <p className="mb-2 text-sm text-muted">{t.holdsUp}</p>}
      <p role="status" className="sr-only">
        {files.map((file) => (file.upload ? t.uploaded(visible(file.name)) : '')).join(' ')}
      </p>
    </>
  );
}

function OneWaiting({ file, onRemove, onRetry }: { readonly file: WaitingFile; readonly onRemove: () => void; readonly onRetry: () => void }) {
  const text = useText();
  const t = text.files;
  // Called a picture, and none.
  const [broken, setBroken] = useState(false);
  const name = visible(file.name);
  return (
    <li className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm">
      {file.picture === undefined || broken ? (
        <FileIcon className="size-4 text-muted" />
      ) : (
        <img src={file.picture} alt="" className="size-10 shrink-0 rounded object-cover" onError={() => setBroken(true)} />
      )}
      <span className="min-w-0">
        <span className="block truncate font-medium">{name}</span>
        {file.problem === undefined ? (
          <span className="flex items-center gap-2 text-xs text-muted">
            {fileSize(file.size)}
            {!file.upload && <progress className="h-1.5 w-20" max={1} value={file.share} aria-label={t.uploading(name, Math.round(file.share * 100))} />}
          </span>
        ) : (
          <span role="alert" className="block text-xs text-danger">
            {file.problem(text)}
          </span>
        )}
      </span>
      {file.problem !== undefined && file.file && (
        <button type="button" className="button-quiet button-small" aria-label={t.again(name)} onClick={onRetry}>
          {text.retry}
        </button>
      )}
      <button type="button" className="button-icon" aria-label={t.cancel(name)} title={t.cancel(name)} onClick={onRemove}>
        <CloseIcon className="size-4" />
      </button>
    </li>
  );
}
