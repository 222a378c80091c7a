// Secrets: names and uses; values go in and never come out.
import { useCallback, useEffect, useState } from 'react';
import type { SecretsList } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { SecretForm } from './secret-form.tsx';
import { useSecurityText } from './text.ts';

export function SecretList() {
  const t = useText();
  const words = useSecurityText();
  const [secrets, setSecrets] = useState<SecretsList['secrets']>();
  const { busy, problem, run } = useTask();
  const load = useCallback(async (): Promise<void> => setSecrets((await api.secrets()).secrets), []);
  useEffect(() => {
    void run(load);
  }, [run, load]);
  const wayOf = (use: SecretsList['secrets'][number]['use']): string => {
    if (use === undefined) return words.ownUse;
    const ways = use.origins.length === 0 ? [] : [words.sentTo(use.header, use.origins.join(t.marks.list))];
    return [...ways, ...(use.env === undefined ? [] : [words.inCommand(use.env)])].join(' · ');
  };
  return (
    <PageSection id="secrets" title={words.secrets} text={words.secretsText} problem={problem} again={secrets ? undefined : () => run(load)}>
      {secrets === undefined && problem === '' && <p className="text-sm text-muted">{t.loading}</p>}
      {secrets?.length === 0 && <p className="text-sm text-muted">{words.noSecrets}</p>}
      <ul className="space-y-2">
        {secrets?.map(({ name, use }) => (
          <li key={name} className="card flex flex-wrap items-center gap-3 px-5 py-3">
            <span className="min-w-0 flex-1">
              <span className="block font-mono text-sm break-all">{name}</span>
              <span className="block text-sm break-words text-muted">{wayOf(use)}</span>
            </span>
            <SureButton
              label={words.delete}
              sure={words.deleteSure}
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
