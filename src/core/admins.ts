// Everything the operator's surfaces (console, CLI, HTTP API) may look at and change of a running CoPaw, beside its conversations.
import type { AgentsAdmin } from './agents.ts';
import type { HomeBackups } from './backup.ts';
import type { ChannelsAdmin } from './channels-admin.ts';
import type { LearningAdmin } from './learning.ts';
import type { LogsAdmin } from './log-page.ts';
import type { MemoryAdmin } from './memory-admin.ts';
import type { MessagesAdmin } from './messages.ts';
import type { ModelsAdmin } from './operator.ts';
import type { PeopleAdmin } from './people.ts';
import type { PermissionsAdmin } from './permissions.ts';
import type { PushAdmin } from './push.ts';
import type { RemindersAdmin } from './reminder.ts';
import type { SessionsAdmin } from './sessions.ts';
import type { SettingsAdmin } from './settings.ts';
import type { SkillsAdmin } from './skill.ts';
import type { UndoAdmin } from './undo.ts';
import type { UsageAdmin } from './usage.ts';

/** `by` is for the audit: "cli", "console:device-id". */
export interface Admins {
  readonly logs: LogsAdmin;
  readonly push: PushAdmin;
  agents(by: string): Promise<AgentsAdmin>;
  channels(by: string): Promise<ChannelsAdmin>;
  models(by: string): ModelsAdmin;
  backups(by: string): Promise<HomeBackups>;
  learning(by: string): Promise<LearningAdmin>;
  memory(by: string): Promise<MemoryAdmin>;
  messages(by: string): Promise<MessagesAdmin>;
  people(by: string): Promise<PeopleAdmin>;
  permissions(by: string): Promise<PermissionsAdmin>;
  reminders(by: string): Promise<RemindersAdmin>;
  sessions(by: string): Promise<SessionsAdmin>;
  settings(by: string): Promise<SettingsAdmin>;
  skills(by: string): Promise<SkillsAdmin>;
  undo(by: string): Promise<UndoAdmin>;
  /** Looks only: whoever asks. */
  usage(): Promise<UsageAdmin>;
}
