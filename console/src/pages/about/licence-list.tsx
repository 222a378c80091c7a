// The packages that are part of CoPaw, each with the text of its licence.
import { useCallback, useEffect, useState } from 'react';
import type { Licences } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { Scroller } from '../../ui/code-frame.tsx';
import { ChevronIcon } from '../../ui/icons.tsx';
import { PageSection } from '../../ui/page-section.tsx';
import { useAboutText } from './text.ts';

export function LicenceList() {
  const t = useText();
  const words = useAboutText();
  const [packages, setPackages] = useState<Licences['packages']>();
  const [open, setOpen] = useState<string>();
  const { problem, run } = useTask();
  const load = useCallback(() => run(async () => setPackages((await api.licences()).packages)), [run]);
  useEffect(() => void load(), [load]);
  return (
    <PageSection id="licences" title={words.licences} text={words.licencesText} problem={problem} again={packages ? undefined : load}>
      {packages === undefined && problem === '' && <p className="text-sm text-muted">{t.loading}</p>}
      {packages?.length === 0 && <p className="text-sm text-muted">{words.noLicences}</p>}
      <ul className="space-y-2">
        {packages?.map(({ name, version, licence, text }) => (
          <li key={`${name} ${version}`} className="tool">
            <button type="button" className="tool-head" aria-expanded={open === name} onClick={() => setOpen(open === name ? undefined : name)}>
              <ChevronIcon className="chevron size-4 text-muted" />
              <span className="min-w-0 flex-1 break-words">
                {name} <span className="text-muted">{version}</span>
              </span>
              <span className="text-sm text-muted">{licence}</span>
            </button>
            {open === name && (
              <div className="code rounded-none border-x-0 border-b-0">
                <Scroller>{text}</Scroller>
              </div>
            )}
          </li>
        ))}
      </ul>
    </PageSection>
  );
}
