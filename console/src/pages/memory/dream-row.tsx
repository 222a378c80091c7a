// One proposal for MEMORY.md: a line that opens into its diff, what leaves and why, and the answer to it.
import { useEffect, useState } from 'react';
import type { DreamAnswer, Dreams } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings, useText } from '../../settings.tsx';
import { Diff } from '../../ui/diff.tsx';
import { shortTime } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { useLearningText } from './text-learning.ts';

type Dream = DreamAnswer['dream'];

export function DreamRow({ dream, onChanged }: { readonly dream: Dreams['dreams'][number]; readonly onChanged: () => void }) {
  const { locale } = useSettings();
  const words = useLearningText();
  const [open, setOpen] = useState(dream.state === 'proposed');
  return (
    <>
      <button type="button" className="tool-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="min-w-0 flex-1 text-sm">
          <span className={dream.state === 'proposed' ? 'font-medium' : 'text-muted'}>{words.states[dream.state]}</span>
          <span className="text-muted">
            {' · '}
            {shortTime(dream.at, Date.now(), locale)}
            {' · '}
            {words.lines(dream.added, dream.removed)}
          </span>
        </span>
        <ChevronIcon className="chevron size-4 text-muted" />
      </button>
      {open && <Whole id={dream.id} state={dream.state} onChanged={onChanged} />}
    </>
  );
}

function Whole({ id, state, onChanged }: { readonly id: string; readonly state: Dream['state']; readonly onChanged: () => void }) {
  const words = useLearningText();
  const { marks } = useText();
  const [dream, setDream] = useState<Dream>();
  const { busy, problem, run } = useTask();
  useEffect(() => void run(async () => setDream((await api.dream(id)).dream)), [run, id]);
  const settle = (verb: 'apply' | 'discard' | 'revert') =>
    run(async () => {
      await api.settleDream(id, verb);
      onChanged();
    });
  return (
    <div className="space-y-3 border-t border-line px-4 py-3">
      <Problem text={problem} className="" />
      {dream && (
        <div className="code">
          <Diff text={visible(dream.diff)} />
        </div>
      )}
      {dream && dream.dropped.length > 0 && (
        <section>
          <h4 className="label">{words.leaves}</h4>
          <ul className="space-y-1 text-sm">
            {dream.dropped.map(({ text, why }) => (
              <li key={text} className="wrap-anywhere">
                {visible(text)}
                <span className="text-muted">{marks.aside(visible(why))}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {dream && dream.putBack.length > 0 && (
        <section>
          <h4 className="label">{words.stays}</h4>
          <ul className="space-y-1 text-sm">
            {dream.putBack.map((line) => (
              <li key={line} className="wrap-anywhere">
                {visible(line)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <div className="flex flex-wrap gap-2">
        {state === 'proposed' && (
          <>
            <button type="button" className="button button-small" disabled={busy} onClick={() => void settle('apply')}>
              {words.apply}
            </button>
            <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void settle('discard')}>
              {words.discard}
            </button>
          </>
        )}
        {state === 'applied' && (
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void settle('revert')}>
            {words.revert}
          </button>
        )}
      </div>
    </div>
  );
}
