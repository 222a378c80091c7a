// The palette and the sheet of keys: opened by keys or a button, loaded when they are first wanted.
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useState } from 'react';
import { newId } from '../live/api.ts';
import { chatHash, go, pageHash } from '../route.ts';
import { remembered } from '../settings.tsx';
import { isMac, isTyping, shortcutOf } from './shortcut.ts';

const loadPalette = () => import('./palette.tsx');
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./shortcut-sheet.tsx')).ShortcutSheet }));

/** How long after the console opened the palette is loaded where nobody asked for it. */
const loadAfterMs = 2_000;

type Shown = 'palette' | 'help';

export function usePalette(current: string | undefined): { readonly open: () => void; readonly parts: ReactNode } {
  const [shown, setShown] = useState<Shown>();
  /** What was wanted once stays in the page, so that closing gives the focus back. */
  const [wanted, setWanted] = useState<ReadonlySet<Shown>>(new Set());
  const show = useCallback((what: Shown): void => {
    setWanted((before) => new Set(before).add(what));
    setShown(what);
  }, []);
  /** Closing one may come after the other was opened from it. */
  const close = useCallback((what: Shown): void => setShown((now) => (now === what ? undefined : now)), []);
  const closePalette = useCallback((): void => close('palette'), [close]);
  const closeHelp = useCallback((): void => close('help'), [close]);
  // Once all else is there, so that what is typed right after the keys goes into its field.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), loadAfterMs);
    return () => clearTimeout(timer);
  }, []);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      const { key, keyCode, ctrlKey, metaKey, altKey, isComposing, repeat } = event;
      const typing = isTyping(event.target);
      const shortcut = shortcutOf({ key, keyCode, ctrlKey, metaKey, altKey, isComposing, repeat, typing }, isMac(), remembered('keys') !== 'off');
      if (shortcut === undefined) return;
      // Under a dialog nothing happens; the palette's own keys close it.
      if (document.querySelector('dialog[open]') && !(shortcut === 'palette' && shown === 'palette')) return;
      event.preventDefault();
      if (shortcut === 'palette') shown === 'palette' ? closePalette() : show('palette');
      else if (shortcut === 'help') show('help');
      else if (shortcut === 'write') document.getElementById('composer')?.focus();
      else go(shortcut === 'inbox' ? pageHash('inbox') : chatHash(newId('s')));
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [shown, show, closePalette]);

  const parts = (
    <Suspense>
      {wanted.has('palette') && <Palette open={shown === 'palette'} onClose={closePalette} onHelp={() => show('help')} current={current} />}
      {wanted.has('help') && <ShortcutSheet open={shown === 'help'} onClose={closeHelp} />}
    </Suspense>
  );
  return { open: () => show('palette'), parts };
}
