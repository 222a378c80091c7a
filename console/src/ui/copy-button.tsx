// Puts a text on the clipboard. Browsers allow that to pages over https or on this machine alone.
import { useState } from 'react';
import { useText } from '../settings.tsx';

export function CopyButton({ text, className }: { readonly text: string; readonly className?: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  if (!window.isSecureContext) return null;
  return (
    <button type="button" className={className} onClick={() => void copy()} onBlur={() => setCopied(false)}>
      {copied ? t.copied : t.copy}
    </button>
  );
}
