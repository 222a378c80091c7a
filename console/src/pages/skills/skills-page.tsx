// Skills: what is installed and in which state, reviewed before it is enabled, removed with a way back.
import { useCallback, useEffect, useState } from 'react';
import type { Skills } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { Page } from '../../ui/page.tsx';
import { visible } from '../../ui/visible.ts';
import { InstallSkill } from './install-skill.tsx';
import { SkillRow } from './skill-row.tsx';
import { useSkillsText } from './text.ts';

export function SkillsPage() {
  const t = useText();
  const words = useSkillsText();
  const [skills, setSkills] = useState<Skills['skills']>();
  const [open, setOpen] = useState<string>();
  const [gone, setGone] = useState<{ readonly name: string; readonly trash: string | undefined }>();
  const { busy, problem, run } = useTask();
  const look = useCallback(async (): Promise<void> => setSkills((await api.skills()).skills), []);
  useEffect(() => void run(look), [run, look]);
  const remove = (name: string) =>
    run(async () => {
      const { trash } = await api.removeSkill(name);
      setGone({ name, trash });
      setOpen(undefined);
      await look();
    });
  const bringBack = (trash: string) =>
    run(async () => {
      await api.restoreSkill(trash);
      setGone(undefined);
      await look();
    });
  const installed = async (name: string): Promise<void> => {
    setGone(undefined);
    await look();
    setOpen(name);
  };
  return (
    <Page name="skills" text={words.text} problem={problem} again={skills ? undefined : () => run(look)}>
      {skills === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {skills?.length === 0 && <p className="mb-3 text-muted">{words.none}</p>}
      <div role="status">
        {gone && (
          <p className="mb-3 flex flex-wrap items-center gap-3 text-sm">
            {words.removed(visible(gone.name))}
            {gone.trash !== undefined && (
              <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => void bringBack(gone.trash ?? '')}>
                {words.undo}
              </button>
            )}
          </p>
        )}
      </div>
      <ul className="mb-8 space-y-2">
        {skills?.map((skill) => (
          <li key={skill.name} className="tool">
            <SkillRow
              skill={skill}
              open={open === skill.name}
              onOpen={() => setOpen(open === skill.name ? undefined : skill.name)}
              onChanged={look}
              onRemove={() => void remove(skill.name)}
            />
          </li>
        ))}
      </ul>
      <InstallSkill onInstalled={installed} />
    </Page>
  );
}
