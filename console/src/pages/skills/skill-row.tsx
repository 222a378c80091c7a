// One skill: a line that opens into where it came from, what a fresh scan finds, and what may be done with it.
import { useEffect, useState } from 'react';
import type { SkillAnswer, Skills } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSaid, useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { visible } from '../../ui/visible.ts';
import { useSkillsText } from './text.ts';

type Skill = Skills['skills'][number];

interface SkillRowProps {
  readonly skill: Skill;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onChanged: () => Promise<void>;
  readonly onRemove: () => void;
}

const colours = {
  enabled: 'text-accent',
  disabled: 'text-muted',
  drifted: 'text-danger',
  invalid: 'text-danger',
  missing: 'text-danger',
  unlisted: 'text-danger',
};

export function SkillRow({ skill, open, onOpen, onChanged, onRemove }: SkillRowProps) {
  const words = useSkillsText();
  const { name, state, description } = skill;
  return (
    <>
      <button type="button" className="tool-head" aria-expanded={open} onClick={onOpen}>
        <ChevronIcon className="chevron size-4 text-muted" />
        <span className="min-w-0 flex-1 py-1 text-sm">
          <span className="font-medium break-all">{visible(name)}</span> · <span className={colours[state]}>{words.states[state]}</span>
          {description !== undefined && <span className="block break-words text-muted">{visible(description)}</span>}
        </span>
      </button>
      {open && <Whole key={`${skill.hash} ${state}`} skill={skill} onChanged={onChanged} onRemove={onRemove} />}
    </>
  );
}

function Whole({ skill: { name, state, reason }, onChanged, onRemove }: Omit<SkillRowProps, 'open' | 'onOpen'>) {
  const {
    locale,
    text: { marks },
  } = useSettings();
  const words = useSkillsText();
  const told = useSaid();
  const [report, setReport] = useState<SkillAnswer['skill']>();
  const { busy, problem, run } = useTask();
  useEffect(() => void run(async () => setReport((await api.skill(name)).skill)), [run, name]);
  const act = (what: () => Promise<unknown>) =>
    run(async () => {
      await what();
      await onChanged();
    });
  const why =
    state === 'drifted' || state === 'missing' || state === 'unlisted'
      ? words.reasons[state]
      : state === 'invalid' && reason !== undefined
        ? told(reason)
        : undefined;
  const { hash, source, installedAt, findings } = report ?? {};
  return (
    <div className="space-y-4 border-t border-line px-5 py-4 text-sm">
      {why !== undefined && <p className="text-danger">{visible(why)}</p>}
      <dl className="space-y-1">
        {source && <Fact name={words.from} value={source.path + marks.aside(words.kinds[source.kind])} />}
        {installedAt !== undefined && <Fact name={words.installed} value={shortTime(installedAt, Date.now(), locale)} />}
        {hash !== undefined && <Fact name={words.hash} value={hash} code />}
      </dl>
      {findings && state !== 'missing' && <Findings findings={findings} />}
      <Problem text={problem} className="" />
      <div className="flex flex-wrap gap-2">
        {state === 'enabled' ? (
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void act(() => api.disableSkill(name))}>
            {words.disable}
          </button>
        ) : (
          hash !== undefined &&
          (state === 'disabled' || state === 'drifted') && (
            // It names the hash of what is shown here: where the files changed since, it is refused.
            <SureButton label={words.enable} sure={words.enableSure} disabled={busy} onSure={() => void act(() => api.enableSkill(name, hash))} />
          )
        )}
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={onRemove}>
          {words.remove}
        </button>
      </div>
    </div>
  );
}

function Fact({ name, value, code = false }: { readonly name: string; readonly value: string; readonly code?: boolean }) {
  return (
    <div>
      <dt className="inline text-muted">{name}: </dt>
      <dd className={`inline wrap-anywhere ${code ? 'font-mono text-xs' : ''}`}>{visible(value)}</dd>
    </div>
  );
}

const weights = { high: 'text-danger', medium: 'text-warning', low: 'text-muted' };

function Findings({ findings }: Pick<SkillAnswer['skill'], 'findings'>) {
  const words = useSkillsText();
  const told = useSaid();
  return (
    <section>
      <h2 className="mb-1 font-semibold">{words.findings}</h2>
      {findings.length === 0 && <p className="text-muted">{words.noFindings}</p>}
      <ul className="space-y-2">
        {findings.map(({ id, severity, path, line, detail }) => (
          <li key={`${id} ${path} ${line} ${detail}`} className="break-words">
            <strong className={weights[severity]}>{words.severities[severity]}</strong> · <code>{id}</code> · {visible(words.place(path, line))}
            <span className="block wrap-anywhere text-muted">{visible(told(detail))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
