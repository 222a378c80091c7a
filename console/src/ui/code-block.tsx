// Code with its language and a copy button; diffs with coloured lines.
import { CopyButton } from './copy-button.tsx';

export function CodeBlock({ text, language }: { readonly text: string; readonly language: string }) {
  return (
    <figure className="code">
      <figcaption>
        <span>{language}</span>
        <CopyButton text={text} />
      </figcaption>
      {language === 'diff' ? <Diff text={text} /> : <Scroller text={text} />}
    </figure>
  );
}

export function Diff({ text }: { readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <pre tabIndex={0}>
      {text
        .replace(/\n$/u, '')
        .split('\n')
        .map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines do not move
          <span key={index} className={lineClass(line)}>
            {line}
            {'\n'}
          </span>
        ))}
    </pre>
  );
}

export function Scroller({ text }: { readonly text: string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  return <pre tabIndex={0}>{text}</pre>;
}

function lineClass(line: string): string | undefined {
  if (line.startsWith('+++') || line.startsWith('---') || line.startsWith('@@')) return 'diff-head';
  if (line.startsWith('+')) return 'diff-added';
  return line.startsWith('-') ? 'diff-removed' : undefined;
}
