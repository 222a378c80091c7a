// The pages beside the conversations, in one table: how each looks in the list, and what it shows. A page is loaded when it is first opened.
import { type ComponentType, lazy } from 'react';
import type { PageName } from './page-names.ts';
import {
  AgentIcon,
  ArchiveIcon,
  BellIcon,
  BookIcon,
  ChartIcon,
  ChipIcon,
  ClockIcon,
  EnvelopeIcon,
  GearIcon,
  InboxIcon,
  InfoIcon,
  KeyIcon,
  ListIcon,
  PeopleIcon,
  PlugIcon,
  ShieldIcon,
  SkillIcon,
} from './ui/icons.tsx';

interface PageEntry {
  readonly Icon: ComponentType<{ readonly className?: string }>;
  readonly View: ComponentType;
}

/** In the order of the list. */
export const pages: Readonly<Record<PageName, PageEntry>> = {
  inbox: { Icon: InboxIcon, View: lazy(async () => ({ default: (await import('./pages/inbox/inbox-page.tsx')).InboxPage })) },
  activity: { Icon: ClockIcon, View: lazy(async () => ({ default: (await import('./pages/activity/activity-page.tsx')).ActivityPage })) },
  messages: { Icon: EnvelopeIcon, View: lazy(async () => ({ default: (await import('./pages/messages/messages-page.tsx')).MessagesPage })) },
  logs: { Icon: ListIcon, View: lazy(async () => ({ default: (await import('./pages/logs/logs-page.tsx')).LogsPage })) },
  reminders: { Icon: BellIcon, View: lazy(async () => ({ default: (await import('./pages/reminders/reminders-page.tsx')).RemindersPage })) },
  memory: { Icon: BookIcon, View: lazy(async () => ({ default: (await import('./pages/memory/memory-page.tsx')).MemoryPage })) },
  channels: { Icon: PlugIcon, View: lazy(async () => ({ default: (await import('./pages/channels/channels-page.tsx')).ChannelsPage })) },
  people: { Icon: PeopleIcon, View: lazy(async () => ({ default: (await import('./pages/people/people-page.tsx')).PeoplePage })) },
  security: { Icon: KeyIcon, View: lazy(async () => ({ default: (await import('./pages/security/security-page.tsx')).SecurityPage })) },
  permissions: { Icon: ShieldIcon, View: lazy(async () => ({ default: (await import('./pages/permissions/permissions-page.tsx')).PermissionsPage })) },
  agents: { Icon: AgentIcon, View: lazy(async () => ({ default: (await import('./pages/agents/agents-page.tsx')).AgentsPage })) },
  models: { Icon: ChipIcon, View: lazy(async () => ({ default: (await import('./pages/models/models-page.tsx')).ModelsPage })) },
  skills: { Icon: SkillIcon, View: lazy(async () => ({ default: (await import('./pages/skills/skills-page.tsx')).SkillsPage })) },
  backups: { Icon: ArchiveIcon, View: lazy(async () => ({ default: (await import('./pages/backups/backups-page.tsx')).BackupsPage })) },
  usage: { Icon: ChartIcon, View: lazy(async () => ({ default: (await import('./pages/usage/usage-page.tsx')).UsagePage })) },
  settings: { Icon: GearIcon, View: lazy(async () => ({ default: (await import('./pages/settings/settings-page.tsx')).SettingsPage })) },
  about: { Icon: InfoIcon, View: lazy(async () => ({ default: (await import('./pages/about/about-page.tsx')).AboutPage })) },
};
