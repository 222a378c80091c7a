// The side list on phones.
import type { ReactNode } from 'react';
import { useText } from '../settings.tsx';
import { CloseIcon } from './icons.tsx';
import { Modal } from './modal.tsx';

export function Drawer({
  open,
  onClose,
  label,
  children,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly label: string;
  readonly children: ReactNode;
}) {
  const t = useText();
  return (
    <Modal open={open} onClose={onClose} label={label} className="drawer">
      <div className="flex h-full flex-col overflow-y-auto">
        <button type="button" className="button-icon mt-2 ml-2" aria-label={t.close} onClick={onClose}>
          <CloseIcon />
        </button>
        {children}
      </div>
    </Modal>
  );
}
