// A button for what cannot be taken back: the first press asks, the second does it.
import { useState } from 'react';
import { useText } from '../settings.tsx';

export function SureButton({
  label,
  sure,
  disabled,
  onSure,
}: {
  readonly label: string;
  readonly sure: string;
  readonly disabled: boolean;
  readonly onSure: () => void;
}) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  if (!asking)
    return (
      <button type="button" className="button-quiet button-small" disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  return (
    <span className="flex flex-wrap gap-2">
      <button type="button" className="button-quiet button-danger button-small" disabled={disabled} onClick={onSure}>
        {sure}
      </button>
      <button type="button" className="button-quiet button-small" onClick={() => setAsking(false)}>
        {t.cancel}
      </button>
    </span>
  );
}
