// Secrets: names and uses; values go in and never come out.
import { useCallback, useEffect, useState } from 'react';
import type { SecretsList } from '../../src/http/contract.ts';
import { api } from './api.ts';
import { PageSection } from './page-section.tsx';
import { SecretForm } from './secret-form.tsx';
import { useText } from './settings.tsx';
import { SureButton } from './sure-button.tsx';
import { useTask } from './use-task.ts';

export function SecretList() {
  const t = useText();
  const [secrets, setSecrets] = useState<SecretsList['secrets']>();
  const { busy, problem, run } = useTask();
  const load = useCallback(async (): Promise<void> => setSecrets((await api.secrets()).secrets), []);
  useEffect(() => {
    void run(load);
  }, [run, load]);
  const wayOf = (use: SecretsList['secrets'][number]['use']): string => {
    if (use === undefined) return t.security.ownUse;
    const ways = use.origins.length === 0 ? [] : [t.security.sentTo(use.header, use.origins.join(', '))];
    return [...ways, ...(use.env === undefined ? [] : [t.security.inCommand(use.env)])].join(' · ');
  };
  return (
    <PageSection id="secrets" title={t.security.secrets} text={t.security.secretsText} problem={problem}>
      {secrets === undefined && problem === '' && <p className="text-sm text-muted">{t.loading}</p>}
      {secrets?.length === 0 && <p className="text-sm text-muted">{t.security.noSecrets}</p>}
      <ul className="space-y-2">
        {secrets?.map(({ name, use }) => (
          <li key={name} className="card flex flex-wrap items-center gap-3 px-5 py-3">
            <span className="min-w-0 flex-1">
              <span className="block font-mono text-sm break-all">{name}</span>
              <span className="block text-sm break-words text-muted">{wayOf(use)}</span>
            </span>
            <SureButton
              label={t.security.delete}
              sure={t.security.deleteSure}
              disabled={busy}
              onSure={() =>
                void run(async () => {
                  await api.deleteSecret(name);
                  await load();
                })
              }
            />
          </li>
        ))}
      </ul>
      <SecretForm onSet={load} />
    </PageSection>
  );
}
