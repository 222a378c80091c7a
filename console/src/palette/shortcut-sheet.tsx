// All keys of the console on one sheet, and the switch for those that are a single one.
import { useState } from 'react';
import { remember, remembered, useText } from '../settings.tsx';
import { CloseIcon } from '../ui/icons.tsx';
import { Modal } from '../ui/modal.tsx';
import { keysOf, shortcuts } from './shortcut.ts';
import { usePaletteText } from './text.ts';

export function ShortcutSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const t = useText();
  return (
    <Modal open={open} onClose={onClose} label={t.frame.shortcuts} className="palette">
      <Sheet onClose={onClose} />
    </Modal>
  );
}

function Sheet({ onClose }: { readonly onClose: () => void }) {
  const t = useText();
  const { sheet } = usePaletteText();
  const [single, setSingle] = useState(() => remembered('keys') !== 'off');
  return (
    <div className="overflow-y-auto p-5">
      <div className="mb-3 flex items-center justify-between">
        <h2 className="text-lg font-semibold tracking-tight">{t.frame.shortcuts}</h2>
        <button type="button" className="button-icon" aria-label={t.close} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <Keys title={sheet.always} rows={shortcuts.map((one) => [keysOf(one), sheet.shortcut[one]] as const)} />
      <Keys title={sheet.writing} rows={sheet.composer} />
      <label className="mt-4 flex min-h-11 items-center gap-3 text-sm">
        <input
          type="checkbox"
          className="size-5"
          checked={single}
          onChange={(event) => {
            setSingle(event.target.checked);
            remember('keys', event.target.checked ? '' : 'off');
          }}
        />
        {sheet.single}
      </label>
    </div>
  );
}

function Keys({ title, rows }: { readonly title: string; readonly rows: readonly (readonly string[])[] }) {
  return (
    <section className="mb-3">
      <h3 className="label">{title}</h3>
      <dl>
        {rows.map(([keys = '', words]) => (
          <div key={keys} className="flex items-center justify-between gap-4 py-1.5 text-sm">
            <dt>{words}</dt>
            <dd className="flex shrink-0 gap-1">
              {keys.split(' ').map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
