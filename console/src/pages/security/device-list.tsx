// Browsers and scripts that hold a token. A browser that revokes itself lands on the login page.
import { useCallback, useEffect, useState } from 'react';
import type { Devices } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useLive } from '../../live/use-live.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { PageSection } from '../../ui/page-section.tsx';
import { SureButton } from '../../ui/sure-button.tsx';
import { visible } from '../../ui/visible.ts';
import { useSecurityText } from './text.ts';

export function DeviceList() {
  const { text: t, locale } = useSettings();
  const words = useSecurityText();
  const live = useLive();
  const [list, setList] = useState<Devices>();
  const { busy, problem, run } = useTask();
  const load = useCallback(async (): Promise<void> => setList(await api.devices()), []);
  useEffect(() => {
    void run(load);
  }, [run, load]);
  const revoke = async (id: string): Promise<void> => {
    if (id === list?.current) return live.logOut();
    await api.revokeDevice(id);
    await load();
  };
  const when = (at: number): string => shortTime(at, Date.now(), locale);
  return (
    <PageSection id="devices" title={words.devices} text={words.devicesText} problem={problem} again={list ? undefined : () => run(load)}>
      {list === undefined && problem === '' && <p className="text-sm text-muted">{t.loading}</p>}
      {list?.devices.length === 0 && <p className="text-sm text-muted">{words.noDevices}</p>}
      <ul className="space-y-2">
        {list?.devices.map(({ id, name, createdAt, seenAt }) => (
          <li key={id} className="card flex flex-wrap items-center gap-3 px-5 py-3">
            <span className="min-w-0 flex-1">
              <span className="flex flex-wrap items-center gap-2 font-medium break-words">
                {visible(name)}
                {id === list.current && <span className="badge">{words.thisDevice}</span>}
              </span>
              <span className="block text-sm break-all text-muted">
                {id} · {words.seen(when(createdAt), when(seenAt))}
              </span>
            </span>
            <SureButton
              label={id === list.current ? words.revokeOwn : words.revoke}
              sure={words.revokeSure}
              disabled={busy}
              onSure={() => void run(() => revoke(id))}
            />
          </li>
        ))}
      </ul>
    </PageSection>
  );
}
