// A modal dialog of the browser's own: it keeps the focus inside, closes at Escape, and gives the focus back to where it was.
import { type ReactNode, useEffect, useRef } from 'react';

export function Modal({
  open,
  onClose,
  label,
  className,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!open) return;
    if (dialog.current?.open === false) dialog.current.showModal();
    return () => {
      dialog.current?.close();
      focusAnew();
    };
  }, [open]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a modal dialog by itself; the click is the one beside it
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      {open && children}
    </dialog>
  );
}

/** Where a field that was typed into is taken away with its dialog, Chromium leaves the field that has the focus again without a caret. */
function focusAnew(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return;
  field.blur();
  field.focus({ preventScroll: true });
}
