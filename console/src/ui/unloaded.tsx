// What could not be done, and where nothing could be loaded a way to try again; that is tried by itself once CoPaw is back.
import { useEffect, useRef } from 'react';
import { useLiveState } from '../live/use-live.ts';
import { useText } from '../settings.tsx';
import { Problem } from './problem.tsx';

export interface UnloadedProps {
  readonly problem: string;
  /** Loads what there is to see; undefined where that is there. */
  readonly again?: (() => unknown) | undefined;
}

export function Unloaded({ problem, again, className }: UnloadedProps & { readonly className: string }) {
  const t = useText();
  const open = useLiveState((state) => state.connection === 'open');
  const was = useRef(open);
  useEffect(() => {
    if (open && !was.current && problem !== '') again?.();
    was.current = open;
  }, [open, problem, again]);
  if (problem === '') return null;
  return (
    <div className={className}>
      <Problem text={problem} className="" />
      {again && (
        <button type="button" className="button-quiet button-small mt-2" onClick={() => void again()}>
          {t.retry}
        </button>
      )}
    </div>
  );
}
