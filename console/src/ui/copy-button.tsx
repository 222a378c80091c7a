// Puts a text on the clipboard. Browsers allow that to pages over https or on this machine alone.
import { useState } from 'react';
import { useText } from '../settings.tsx';

export interface CopyButtonProps {
  /** A function where making the text costs something. */
  readonly text: string | (() => string);
  /** What it says where "Copy" is not enough. */
  readonly label?: string;
  readonly className?: string;
}

export function CopyButton({ text, label, className }: CopyButtonProps) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
    setCopied(true);
  };
  if (!window.isSecureContext) return null;
  return (
    <button type="button" className={className} onClick={() => void copy()} onBlur={() => setCopied(false)}>
      {copied ? t.copied : (label ?? t.copy)}
    </button>
  );
}
