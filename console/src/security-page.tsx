// Security: what a review found, who is logged in, which secrets there are, and what was written down.
import { AuditList } from './audit-list.tsx';
import { DeviceList } from './device-list.tsx';
import { FindingList } from './finding-list.tsx';
import { Page } from './page.tsx';
import { SecretList } from './secret-list.tsx';
import { useText } from './settings.tsx';

export function SecurityPage() {
  const t = useText();
  return (
    <Page title={t.security.title} text={t.security.text}>
      <FindingList />
      <DeviceList />
      <SecretList />
      <AuditList />
    </Page>
  );
}
