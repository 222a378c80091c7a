// Files of a message: name, size, and where in the workspace they are.
import type { Attachment } from '../live/chat-state.ts';
import { useText } from '../settings.tsx';
import { fileSize } from '../ui/format.ts';
import { FileIcon } from '../ui/icons.tsx';
import { visible } from '../ui/visible.ts';

export function Attachments({ files }: { readonly files: readonly Attachment[] }) {
  const t = useText();
  if (files.length === 0) return null;
  return (
    <ul aria-label={t.attachments} className="mt-2 flex flex-wrap gap-2">
      {files.map((file) => (
        <li key={file.path} className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-surface px-3 py-2 text-sm">
          <FileIcon className="size-4 text-muted" />
          <span className="min-w-0">
            <span className="block truncate font-medium">{visible(file.name)}</span>
            <span className="block break-all text-xs text-muted">
              {fileSize(file.size)} · {visible(file.path)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
