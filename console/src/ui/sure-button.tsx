// A button for what cannot be taken back: the first press asks, the second does it.
import { type KeyboardEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
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
  const first = useRef<HTMLButtonElement>(null);
  // The button that was pressed makes way: the keyboard goes on at the one in its place.
  const turn = (asks: boolean): void => {
    flushSync(() => setAsking(asks));
    first.current?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // A key that is held down is one press.
    if (event.repeat && event.key !== 'Tab') event.preventDefault();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    turn(false);
  };
  if (!asking)
    return (
      <button ref={first} type="button" className="button-quiet button-small" disabled={disabled} onClick={() => turn(true)}>
        {label}
      </button>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons in it
    <span className="flex flex-wrap gap-2" onKeyDown={onKeyDown}>
      <button ref={first} type="button" className="button-quiet button-danger button-small" disabled={disabled} onClick={onSure}>
        {sure}
      </button>
      <button type="button" className="button-quiet button-small" onClick={() => turn(false)}>
        {t.cancel}
      </button>
    </span>
  );
}
