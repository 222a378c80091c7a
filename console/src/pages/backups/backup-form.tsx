// Makes a backup of everything: the form, how far it is, and what came of it.
import type { FormEvent } from 'react';
import type { Backups } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSaid, useSettings, useText } from '../../settings.tsx';
import { Field } from '../../ui/field.tsx';
import { fileSize, shortTime } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { LeftOut } from './left-out.tsx';
import { useBackupsText } from './text.ts';

/** As the server has it. */
const shortest = 12;

export function BackupForm({ work, onBegun }: { readonly work: Backups['work']; readonly onBegun: () => Promise<void> }) {
  const { locale } = useSettings();
  const words = useBackupsText();
  const told = useSaid();
  const { gap } = useText();
  const { busy, problem, run } = useTask();
  const running = busy || work?.state === 'running';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const passphrase = String(fields.get('passphrase') ?? '');
    void run(async () => {
      // A slip of a finger would lock the file for good.
      if (passphrase !== fields.get('again')) throw new Error(words.different);
      if (passphrase !== '' && passphrase.length < shortest) throw new Error(words.tooShort);
      await api.createBackup(passphrase);
      form.reset();
      await onBegun();
    });
  };
  return (
    <form className="card mt-4 space-y-4 px-5 py-5" onSubmit={submit} autoComplete="off" aria-label={words.create}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field name="passphrase" label={words.passphrase} hint={words.passphraseNew} type="password" />
        <Field name="again" label={words.again} hint={words.againHint} type="password" />
      </div>
      <Problem text={problem} className="" />
      <button type="submit" className="button-primary" disabled={running}>
        {words.create}
      </button>
      <div role="status" className="text-sm">
        {work?.state === 'running' && <Progress work={work} />}
        {work?.made && <p>{words.made(shortTime(work.made.at, Date.now(), locale), work.made.files, fileSize(work.made.bytes))}</p>}
        {work?.problem && (
          <p className="text-danger">
            {words.notMade} {[work.problem.message, work.problem.next ?? ''].map(told).join(gap)}
          </p>
        )}
      </div>
      {work?.made && <LeftOut all={work.made.leftOut} />}
    </form>
  );
}

function Progress({ work: { step, files } }: { readonly work: NonNullable<Backups['work']> }) {
  const words = useBackupsText().step[step];
  return (
    <p className="flex items-center gap-2 text-muted">
      <span className="pulse" aria-hidden="true" />
      {typeof words === 'string' ? words : words(files)}
    </p>
  );
}
