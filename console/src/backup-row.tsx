// One backup: its age and size, a check of it, what going back to it would change, and the file itself.
import { type FormEvent, useState } from 'react';
import type { BackupReportBody, Backups, RestoreOfferBody } from '../../src/http/contract.ts';
import { api } from './api.ts';
import { Field } from './field.tsx';
import { age, fileSize, shortTime } from './format.ts';
import { CheckIcon } from './icons.tsx';
import { LeftOut } from './left-out.tsx';
import { Problem } from './problem.tsx';
import { RestorePlan } from './restore-plan.tsx';
import { saveFile } from './save-file.ts';
import { useSettings, useText } from './settings.tsx';
import { useTask } from './use-task.ts';

type Look = 'verify' | 'plan';

export function BackupRow({ backup: { name, kind, at, bytes, encrypted } }: { readonly backup: Backups['backups'][number] }) {
  const { text: t, locale } = useSettings();
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
            <span className="badge">{t.backups.kind[kind]}</span>
            {kind === 'archive' && <span className="badge">{encrypted ? t.backups.encrypted : t.backups.open}</span>}
          </p>
          <p className="wrap-anywhere text-sm text-muted">
            {age(at, Date.now(), locale)} · {fileSize(bytes)} · <span className="font-mono text-xs">{name}</span>
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => begin('verify')}>
            {t.backups.verify}
          </button>
          <button type="button" className="button-quiet button-small" disabled={busy} onClick={() => begin('plan')}>
            {t.backups.restore}
          </button>
          <button
            type="button"
            className="button-quiet button-small"
            disabled={busy}
            onClick={() => void run(async () => saveFile(await api.backupFile(name), name))}
          >
            {t.backups.download}
          </button>
        </div>
      </div>
      {asking && (
        <form className="mt-4 flex flex-wrap items-end gap-3" onSubmit={onPassphrase} autoComplete="off">
          <div className="min-w-0 flex-1 basis-56">
            <Field name="passphrase" label={t.backups.passphrase} hint={t.backups.passphraseOld} type="password" required />
          </div>
          <button type="submit" className="button-quiet" disabled={busy}>
            {asking === 'verify' ? t.backups.verify : t.backups.restore}
          </button>
        </form>
      )}
      <Problem text={problem} className="mt-3 text-sm" />
      <div role="status" className="text-sm">
        {busy && <p className="mt-3 text-muted">{t.backups.verifying}</p>}
        {report && <Report report={report} />}
      </div>
      {plan && <RestorePlan plan={plan} encrypted={encrypted} />}
    </li>
  );
}

function Report({ report: { sessions, entries, files, madeHere, leftOut } }: { readonly report: BackupReportBody['backup'] }) {
  const t = useText();
  return (
    <div className="mt-3 space-y-1">
      <p className="flex items-center gap-1.5 font-medium">
        <CheckIcon className="size-4" />
        {t.backups.good}
      </p>
      <p className="text-muted">
        {t.backups.holds(sessions, entries)} {files > 0 && t.backups.holdsFiles(files)}
      </p>
      <p className={madeHere ? 'text-muted' : 'text-warning'}>{madeHere ? t.backups.ours : t.backups.theirs}</p>
      <LeftOut all={leftOut} />
    </div>
  );
}
