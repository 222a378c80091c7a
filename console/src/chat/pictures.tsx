// Pictures that a tool looked at, as they are in the workspace now.
import { useText } from '../settings.tsx';
import { visible } from '../ui/visible.ts';
import { useWorkspaceFile } from './use-workspace-file.ts';

export function Pictures({ paths }: { readonly paths: readonly string[] }) {
  return paths.map((path) => <Picture key={path} path={path} />);
}

function Picture({ path }: { readonly path: string }) {
  const { content: t, files } = useText();
  const file = useWorkspaceFile(path, true);
  if (file === 'gone') return <p className="text-sm text-muted">{files.notLoaded}</p>;
  if (!file?.type.startsWith('image/')) return null;
  return (
    <figure>
      <img src={file.url} alt={t.picture(visible(path))} className="max-h-80 max-w-full rounded" />
      <figcaption className="mt-1 text-xs text-muted">{t.asItIsNow}</figcaption>
    </figure>
  );
}
