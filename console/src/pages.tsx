// The pages beside the conversations, in one table: what each is called, how it looks in the list, and what it shows.
import type { ComponentType } from 'react';
import { BackupsPage } from './backups-page.tsx';
import { ArchiveIcon, BellIcon, BookIcon, ChipIcon, InboxIcon, KeyIcon, PeopleIcon, ShieldIcon } from './icons.tsx';
import { MemoryPage } from './memory-page.tsx';
import { MessagesPage } from './messages-page.tsx';
import { ModelsPage } from './models-page.tsx';
import { PeoplePage } from './people-page.tsx';
import { PermissionsPage } from './permissions-page.tsx';
import { RemindersPage } from './reminders-page.tsx';
import type { PageName } from './route.ts';
import { SecurityPage } from './security-page.tsx';
import type { Text } from './text.ts';

interface PageEntry {
  readonly title: (text: Text) => string;
  readonly Icon: ComponentType<{ readonly className?: string }>;
  readonly View: ComponentType;
  /** Reached from elsewhere: the header. */
  readonly unlisted?: true;
}

/** In the order of the list. */
export const pages: Readonly<Record<PageName, PageEntry>> = {
  messages: { title: (t) => t.messages.title, Icon: InboxIcon, View: MessagesPage },
  reminders: { title: (t) => t.reminders.title, Icon: BellIcon, View: RemindersPage },
  memory: { title: (t) => t.memory.title, Icon: BookIcon, View: MemoryPage },
  people: { title: (t) => t.people.title, Icon: PeopleIcon, View: PeoplePage },
  security: { title: (t) => t.security.title, Icon: KeyIcon, View: SecurityPage },
  permissions: { title: (t) => t.permissions.title, Icon: ShieldIcon, View: PermissionsPage },
  backups: { title: (t) => t.backups.title, Icon: ArchiveIcon, View: BackupsPage },
  models: { title: (t) => t.modelsTitle, Icon: ChipIcon, View: ModelsPage, unlisted: true },
};
