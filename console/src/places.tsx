// The way to the pages beside the conversations.
import { InboxIcon, KeyIcon, PeopleIcon, ShieldIcon } from './icons.tsx';
import { messagesHash, peopleHash, permissionsHash, securityHash } from './route.ts';
import { useText } from './settings.tsx';

export function Places({ page, onChosen }: { readonly page: string; readonly onChosen?: () => void }) {
  const t = useText();
  return (
    <nav className="border-t border-line p-3" aria-label={t.places}>
      <a href={messagesHash} className="session" aria-current={page === 'messages' ? 'page' : undefined} onClick={onChosen}>
        <InboxIcon className="size-4" />
        {t.messages.title}
      </a>
      <a href={peopleHash} className="session" aria-current={page === 'people' ? 'page' : undefined} onClick={onChosen}>
        <PeopleIcon className="size-4" />
        {t.people.title}
      </a>
      <a href={securityHash} className="session" aria-current={page === 'security' ? 'page' : undefined} onClick={onChosen}>
        <KeyIcon className="size-4" />
        {t.security.title}
      </a>
      <a href={permissionsHash} className="session" aria-current={page === 'permissions' ? 'page' : undefined} onClick={onChosen}>
        <ShieldIcon className="size-4" />
        {t.permissions.title}
      </a>
    </nav>
  );
}
