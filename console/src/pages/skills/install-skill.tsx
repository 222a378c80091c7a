// A form that installs a skill from a path on the machine CoPaw runs on.
import { type FormEvent, useState } from 'react';
import { ApiError, api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { PageSection } from '../../ui/page-section.tsx';
import { visible } from '../../ui/visible.ts';
import { useSkillsText } from './text.ts';

export function InstallSkill({ onInstalled }: { readonly onInstalled: (name: string) => Promise<void> }) {
  const words = useSkillsText();
  const [path, setPath] = useState('');
  const [taken, setTaken] = useState(false);
  const [said, setSaid] = useState('');
  const { busy, problem, run } = useTask();
  const install = (replace: boolean) =>
    run(async () => {
      setSaid('');
      try {
        const { skill } = await api.installSkill({ path: path.trim(), ...(replace ? { replace } : {}) });
        setTaken(false);
        setPath('');
        setSaid(words.done(visible(skill.name)));
        await onInstalled(skill.name);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'conflict') throw error;
        setTaken(true);
      }
    });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void install(false);
  };
  return (
    <PageSection id="install-skill" title={words.install} text={words.installText} problem={problem}>
      <form className="card space-y-3 px-5 py-4" onSubmit={submit}>
        <label className="field">
          <span>{words.path}</span>
          <input
            value={path}
            required
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setPath(event.target.value);
              setTaken(false);
            }}
          />
          <small>{words.pathHint}</small>
        </label>
        {taken && (
          <p role="alert" className="text-sm text-warning">
            {words.taken}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-3">
          {taken ? (
            <button type="button" className="button-primary" disabled={busy} onClick={() => void install(true)}>
              {words.replace}
            </button>
          ) : (
            <button type="submit" className="button-primary" disabled={busy}>
              {words.install}
            </button>
          )}
          <span role="status" className="text-sm text-muted">
            {said}
          </span>
        </div>
      </form>
    </PageSection>
  );
}
