// What a change does before it is made: what is wrong with it, what is in force at once, what waits for a restart, and the difference line by line.
import { useEffect, useRef } from 'react';
import type { SettingsCheckBody } from '../../../../src/http/contract.ts';
import { useSaid, useText } from '../../settings.tsx';
import { Diff } from '../../ui/diff.tsx';
import { visible } from '../../ui/visible.ts';
import { useSettingsText } from './text.ts';

interface SettingsReviewProps {
  readonly check: SettingsCheckBody;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onBack: () => void;
}

export function SettingsReview({ check: { faults, warnings, diff, changed }, busy, onSave, onBack }: SettingsReviewProps) {
  const t = useSettingsText();
  const told = useSaid();
  const [atStart, atOnce] = [true, false].map((wanted) => changed.filter(({ restart }) => restart === wanted).map(({ key }) => key));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="card mb-6 space-y-3 px-5 py-4" aria-labelledby="settings-changes">
      <h2 ref={heading} tabIndex={-1} id="settings-changes" className="text-lg font-semibold">
        {t.changes}
      </h2>
      {faults.length > 0 && (
        <div role="alert" className="text-sm text-danger">
          <p className="font-medium">{t.faults}</p>
          <ul className="list-disc pl-5">
            {faults.map(({ line, key, text }) => (
              <li key={`${line} ${key} ${text}`} className="break-words">
                {[t.line(line), visible(key), visible(told(text))].filter((part) => part !== '').join(' · ')}
              </li>
            ))}
          </ul>
        </div>
      )}
      {warnings.map(({ line, key, text }) => (
        <p key={key} className="text-sm break-words text-warning">
          {t.line(line)} · {visible(told(text))}
        </p>
      ))}
      {diff === '' ? (
        <p className="text-sm text-muted">{t.nothing}</p>
      ) : (
        <div className="code">
          <Diff text={visible(diff)} />
        </div>
      )}
      {faults.length === 0 && <Keys words={t.atOnce} keys={atOnce ?? []} />}
      {faults.length === 0 && <Keys words={t.atStart} keys={atStart ?? []} warn />}
      <div className="flex flex-wrap gap-2">
        {faults.length === 0 && diff !== '' && (
          <button type="button" className="button-primary" disabled={busy} onClick={onSave}>
            {t.save}
          </button>
        )}
        <button type="button" className="button-quiet" disabled={busy} onClick={onBack}>
          {t.back}
        </button>
      </div>
    </section>
  );
}

function Keys({ words, keys, warn = false }: { readonly words: string; readonly keys: readonly string[]; readonly warn?: boolean }) {
  const { marks } = useText();
  if (keys.length === 0) return null;
  return (
    <p className={`text-sm break-words ${warn ? 'text-warning' : 'text-muted'}`}>
      {words} <span className="font-mono text-[0.8125rem]">{keys.map(visible).join(marks.list)}</span>
    </p>
  );
}
