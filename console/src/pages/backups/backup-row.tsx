// One backup: its age and size, a check of it, what going back to it would change, and the file itself.
import { type FormEvent, useState } from 'react';
import type { BackupReportBody, Backups, RestoreOfferBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { Field } from '../../ui/field.tsx';
import { age, fileSize, shortTime } from '../../ui/format.ts';
import { CheckIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { LeftOut } from './left-out.tsx';
import { RestorePlan } from './restore-plan.tsx';
import { useBackupsText } from './text.ts';

type Look = 'verify' | 'plan';

export function BackupRow({ backup: { name, kind, at, bytes, encrypted } }: { readonly backup: Backups['backups'][number] }) {
  const { locale } = useSettings();
  const words = useBackupsText();
  const { busy, problem, run } = useTask();
  /** What waits for the passphrase. */
  const [asking, setAsking] = useState<Look>();
  const [report, setReport] = useState<BackupReportBody['backup']>();
  const [plan, setPlan] = useState<RestoreOfferBody['plan']>();
  const look = (what: Look, passphrase: string): Promise<void> => {
    setReport(undefined);
    setPlan(undefined);
    return run(async () => {
      if (what === 'verify') setReport((await api.verifyBackup(name, passphrase)).backup);
      else setPlan((await api.planRestore(name, passphrase)).plan);
      setAsking(undefined);
    });
  };
  const begin = (what: Look): void => (encrypted ? setAsking(what) : void look(what, ''));
  const onPassphrase = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (asking) void look(asking, String(new FormData(event.currentTarget).get('passphrase') ?? ''));
  };

  return (
    <li className="card px-5 py-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            {shortTime(at, Date.now(), locale)}
            <span className="badge">{words.kind[kind]}</span>
            {kind === 'archive' && <span className="badge">{encrypted ? words.encrypted : words.open}</span>}
          </p>
          <p className="wrap-anywhere text-sm text-muted">
            {age(at, Date.now(), locale)} · {fileSize(bytes)} · <span className="font-mono text-xs">{name}</span>
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => begin('verify')}>
            {words.verify}
          </button>
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => begin('plan')}>
            {words.restore}
          </button>
          <button
            type="button"
            className="button-quiet button-small"
            disabled={busy}
            onClick={() => void run(async () => saveFile(await api.backupFile(name), name))}
          >
            {words.download}
          </button>
        </div>
      </div>
      {asking && (
        <form className="mt-4 flex flex-wrap items-end gap-3" onSubmit={onPassphrase} autoComplete="off">
          <div className="min-w-0 flex-1 basis-56">
            <Field name="passphrase" label={words.passphrase} hint={words.passphraseOld} type="password" required />
          </div>
          <button type="submit" className="button-quiet" disabled={busy}>
            {asking === 'verify' ? words.verify : words.restore}
          </button>
        </form>
      )}
      <Problem text={problem} className="mt-3 text-sm" />
      <div role="status" className="text-sm">
        {busy && <p className="mt-3 text-muted">{words.verifying}</p>}
        {report && <Report report={report} />}
      </div>
      {plan && <RestorePlan plan={plan} encrypted={encrypted} />}
    </li>
  );
}

function Report({ report: { sessions, entries, files, madeHere, leftOut } }: { readonly report: BackupReportBody['backup'] }) {
  const words = useBackupsText();
  return (
    <div className="mt-3 space-y-1">
      <p className="flex items-center gap-1.5 font-medium">
        <CheckIcon className="size-4" />
        {words.good}
      </p>
      <p className="text-muted">
        {words.holds(sessions, entries)} {files > 0 && words.holdsFiles(files)}
      </p>
      <p className={madeHere ? 'text-muted' : 'text-warning'}>{madeHere ? words.ours : words.theirs}</p>
      <LeftOut all={leftOut} />
    </div>
  );
}
