// Security: what a review found, who is logged in, and which secrets there are.

import { Page } from '../../ui/page.tsx';
import { DeviceList } from './device-list.tsx';
import { FindingList } from './finding-list.tsx';
import { SecretList } from './secret-list.tsx';
import { useSecurityText } from './text.ts';

export function SecurityPage() {
  const words = useSecurityText();
  return (
    <Page name="security" text={words.text}>
      <FindingList />
      <DeviceList />
      <SecretList />
    </Page>
  );
}
