// Security: what a review found, who is logged in, which secrets there are, and what was written down.
import { AuditList } from './audit-list.tsx';
import { DeviceList } from './device-list.tsx';
import { FindingList } from './finding-list.tsx';
import { BackIcon } from './icons.tsx';
import { SecretList } from './secret-list.tsx';
import { useText } from './settings.tsx';

export function SecurityPage() {
  const t = useText();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-3xl px-4 pt-6 pb-20 sm:px-6">
        <a href="#/" className="button-quiet button-small mb-5 w-fit">
          <BackIcon className="size-4" />
          {t.backToChat}
        </a>
        <h1 className="text-2xl font-semibold tracking-tight">{t.security.title}</h1>
        <p className="mt-2 mb-6 leading-relaxed text-muted">{t.security.text}</p>
        <FindingList />
        <DeviceList />
        <SecretList />
        <AuditList />
      </div>
    </div>
  );
}
