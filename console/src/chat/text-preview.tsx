// The beginning of a text file, once it is asked for.
import { useEffect, useState } from 'react';
import { useText } from '../settings.tsx';
import { CodeFrame, Scroller } from '../ui/code-frame.tsx';
import { Highlighted } from '../ui/highlighted.tsx';
import { visible } from '../ui/visible.ts';
import { useWorkspaceFile } from './use-workspace-file.ts';

/** Bytes that are shown. */
const most = 16_000;

export function TextPreview({ path }: { readonly path: string }) {
  const { content: t, files } = useText();
  const file = useWorkspaceFile(path, true);
  const [beginning, setBeginning] = useState<string>();
  useEffect(() => {
    if (file === undefined || file === 'gone') return;
    let gone = false;
    // What a cut leaves of a character at the end is no part of the text.
    const decode = async (): Promise<string> =>
      new TextDecoder().decode(await file.content.slice(0, most).arrayBuffer(), { stream: file.content.size > most }).replaceAll('\r\n', '\n');
    decode().then(
      (text) => gone || setBeginning(text),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [file]);
  if (file === 'gone') return <p className="mt-2 text-sm text-muted">{files.notLoaded}</p>;
  if (file === undefined || beginning === undefined) return null;
  const text = visible(beginning);
  return (
    <div className="mt-2">
      <CodeFrame id={`preview:${path}`} title={file.content.size > most ? t.beginning : ''} text={beginning}>
        <Scroller>
          <Highlighted text={text} language={/\.(\w{1,12})$/u.exec(path)?.[1] ?? ''} />
        </Scroller>
      </CodeFrame>
    </div>
  );
}
