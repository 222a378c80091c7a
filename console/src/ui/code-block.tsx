// Code of a text: coloured once it is complete, diffs with their lines, diagrams drawn when that is asked for.
import { useContext } from 'react';
import { useText } from '../settings.tsx';
import { CodeFrame, Scroller } from './code-frame.tsx';
import { Diagram, mostDiagram } from './diagram.tsx';
import { Diff } from './diff.tsx';
import { Highlighted } from './highlighted.tsx';
import { PlaceContext, useKept } from './kept.ts';

export interface CodeBlockProps {
  readonly text: string;
  readonly language: string;
  /** Its end has not been seen: it stays plain. */
  readonly growing?: boolean;
}

export function CodeBlock({ text, language, growing = false }: CodeBlockProps) {
  const { content: t } = useText();
  const id = `${useContext(PlaceContext)}:code:${text}`;
  const [drawn, setDrawn] = useKept(`${id}:drawn`, false);
  const canDraw = language === 'mermaid' && !growing && text.length <= mostDiagram;
  const actions = canDraw && (
    <button type="button" onClick={() => setDrawn(!drawn)}>
      {drawn ? t.showSource : t.draw}
    </button>
  );
  const plain = language === 'diff' ? <Diff text={text} /> : <Scroller>{growing ? text : <Highlighted text={text} language={language} />}</Scroller>;
  return (
    <CodeFrame id={id} title={language} text={text} growing={growing || drawn} actions={actions}>
      {drawn ? (
        <Diagram id={id} source={text}>
          {plain}
        </Diagram>
      ) : (
        plain
      )}
    </CodeFrame>
  );
}
