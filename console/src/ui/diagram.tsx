// A diagram, drawn in a frame that has no rights: the source goes in as a message, and only "drawn, so high" or "failed" comes back.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isDark, useSettings, useText } from '../settings.tsx';
import { useKept } from './kept.ts';
import { visible } from './visible.ts';

/** Characters of a source that is drawn. */
export const mostDiagram = 20_000;

const leastHeight = 24;
const mostHeight = 1_200;
const mostMs = 20_000;

type State = { readonly phase: 'drawing' | 'drawn' | 'late' } | { readonly phase: 'failed'; readonly why: string };

interface DiagramProps {
  /** Its own among all that a person can open here. */
  readonly id: string;
  readonly source: string;
  /** Stand in for what could not be drawn. */
  readonly children: ReactNode;
}

export function Diagram({ id, source, children }: DiagramProps) {
  const { content: t } = useText();
  const { theme } = useSettings();
  const frame = useRef<HTMLIFrameElement>(null);
  const [state, setState] = useState<State>({ phase: 'drawing' });
  // Kept, so that what comes back into sight is as high as it was.
  const [height, setHeight] = useKept(`${id}:height`, leastHeight);
  const drawing = state.phase === 'drawing';

  // biome-ignore lint/correctness/useExhaustiveDependencies: the setter of a kept value is new each time, and the same
  useEffect(() => {
    const ask = (): void => frame.current?.contentWindow?.postMessage({ source, dark: isDark(theme) }, '*');
    const onMessage = ({ source: from, data }: MessageEvent<unknown>): void => {
      if (from === null || from !== frame.current?.contentWindow) return;
      const said = data as { readonly state?: unknown; readonly height?: unknown; readonly why?: unknown } | undefined;
      if (said?.state === 'ready') ask();
      if (said?.state === 'drawn' && typeof said.height === 'number') {
        setHeight(Math.min(Math.max(said.height, leastHeight), mostHeight));
        setState({ phase: 'drawn' });
      }
      if (said?.state === 'failed') setState({ phase: 'failed', why: typeof said.why === 'string' ? visible(said.why.slice(0, 500)) : '' });
    };
    addEventListener('message', onMessage);
    ask();
    return () => removeEventListener('message', onMessage);
  }, [source, theme]);
  useEffect(() => {
    if (!drawing) return;
    const timer = setTimeout(() => setState({ phase: 'late' }), mostMs);
    return () => clearTimeout(timer);
  }, [drawing]);

  if (state.phase === 'failed' || state.phase === 'late')
    return (
      <>
        <p role="alert" className="px-3.5 pb-2 text-sm text-warning">
          {state.phase === 'late' ? t.tooLong : t.notDrawn}
          {state.phase === 'failed' && state.why !== '' && <span className="mt-1 block font-mono text-xs whitespace-pre-wrap text-muted">{state.why}</span>}
        </p>
        {children}
      </>
    );
  return (
    <div className="diagram">
      {drawing && height === leastHeight && (
        <p role="status" className="px-3.5 pb-2 text-sm text-muted">
          {t.drawing}
        </p>
      )}
      <iframe ref={frame} title={t.diagram} src="/diagram.html" sandbox="allow-scripts" referrerPolicy="no-referrer" style={{ height }} />
    </div>
  );
}
