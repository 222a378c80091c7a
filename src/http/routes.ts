// The one route table. A route that is not here does not exist; one that is here is validated, guarded and documented.
import { z } from 'zod';
import { agentRoutes } from './agents.ts';
import { approvalRoutes } from './approvals.ts';
import { backupRoutes } from './backups.ts';
import { channelRoutes } from './channels.ts';
import { commandRoutes } from './commands.ts';
import { eventRoutes } from './events.ts';
import { hookRoutes } from './hooks.ts';
import { learningRoutes } from './learning.ts';
import { loginRoutes } from './login.ts';
import { memoryRoutes } from './memory.ts';
import { messageRoutes } from './messages.ts';
import { modelRoutes } from './models.ts';
import { observeRoutes } from './observe.ts';
import { describeApi } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { peopleRoutes } from './people.ts';
import { permissionRoutes } from './permissions.ts';
import { pushRoutes } from './push.ts';
import { reminderRoutes } from './reminders.ts';
import { type Route, route } from './route.ts';
import { securityRoutes } from './security.ts';
import { sessionRoutes } from './sessions.ts';
import { sessionAdminRoutes } from './sessions-admin.ts';
import { settingsRoutes } from './settings.ts';
import { skillRoutes } from './skills.ts';
import { undoRoutes } from './undo.ts';
import { uploadRoutes } from './uploads.ts';
import { usageRoutes } from './usage.ts';

export const routes: readonly Route<HttpParts>[] = [
  ...loginRoutes,
  ...sessionRoutes,
  ...sessionAdminRoutes,
  ...uploadRoutes,
  ...approvalRoutes,
  ...eventRoutes,
  ...modelRoutes,
  ...agentRoutes,
  ...skillRoutes,
  ...securityRoutes,
  ...settingsRoutes,
  ...permissionRoutes,
  ...peopleRoutes,
  ...channelRoutes,
  ...hookRoutes,
  ...messageRoutes,
  ...observeRoutes,
  ...usageRoutes,
  ...undoRoutes,
  ...learningRoutes,
  ...memoryRoutes,
  ...backupRoutes,
  ...pushRoutes,
  ...reminderRoutes,
  ...commandRoutes,
  route({
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    response: z.record(z.string(), z.unknown()),
    handle: ({ version }: HttpParts) => describeApi(routes, version.version),
  }),
];
