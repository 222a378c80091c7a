// Every request and response body of the HTTP API. The console and the CLI import from here and from nowhere else in http/.
import { type output, type ZodType, z } from 'zod';
import { providerKinds } from '../core/config.ts';
import { type ModelInfo, windowSources } from '../core/model.ts';
import type { CapabilityReport, NewProvider, OperatorStatus, ProviderSummary, SessionSummary } from '../core/operator.ts';
import { sessionFilters } from '../core/session.ts';
import type { SaidThere } from '../core/sessions.ts';
import type { SkillFinding, SkillInstall, SkillReport, SkillSource, SkillSummary } from '../core/skill.ts';
import { address, approval, decision, errorCode, placedEvent, time } from './event-schema.ts';
import { device } from './security-schema.ts';
import { sessionSummary } from './sessions-schema.ts';

export type { PolicyRule } from '../core/config.ts';
export type { ArrivedMessage, InboxFilter, LifeStep, MessageLife, OutboxFilter, SentPart } from '../core/messages.ts';
export type { PermissionPreview, PermissionTable } from '../core/permissions.ts';
export type { Approval, ApprovalDecision, Plan } from '../core/policy.ts';
export type { TaintReport } from '../core/taint.ts';
export type { AssistantMessage, PlacedEvent, ToolOutcome, TurnOutcome, UserMessage } from '../core/turn-event.ts';
export type { AgentAnswer, AgentChange, Agents } from './agents-schema.ts';
export type { BackupReportBody, Backups, RestoreOfferBody } from './backups-schema.ts';
export type { ChannelAccountBody, ChannelAddedBody, ChannelKindsBody, Channels, ChannelTestBody } from './channels-schema.ts';
export type { Commands } from './commands-schema.ts';
export type { DreamAnswer, Dreams, LearningStates } from './learning-schema.ts';
export type {
  MemoryFindingBody,
  MemoryForgottenBody,
  MemoryListBody,
  MemorySightBody,
  MemorySightsBody,
  MemoryStatsBody,
} from './memory-schema.ts';
export type { ArrivedMessages, SentParts } from './messages-schema.ts';
export type { AboutBody, ActivityBody, Licences, LogPageBody, ReportBody } from './observe-schema.ts';
export type { People } from './people-schema.ts';
export type { Grants } from './permission-schema.ts';
export type { PushRequestBody, PushStateBody } from './push-schema.ts';
export type { Reminders } from './reminders-schema.ts';
export {
  type AuditVerdictBody,
  auditPage,
  auditRecords,
  auditVerdict,
  configChanges,
  type Devices,
  devices,
  type ReviewBody,
  review,
  reviewRequest,
  type SecretBody,
  type SecretsList,
  secretRequest,
  secrets,
} from './security-schema.ts';
export type { ImportReportBody, SessionsFoundBody } from './sessions-schema.ts';
export type { SettingsCheckBody, SettingsPageBody, SettingsSchemaBody } from './settings-schema.ts';
export type { TextDraftBody, TextPageBody, TextSavedBody } from './text-page-schema.ts';
export type { UndoReportBody } from './undo-schema.ts';
export type { UploadBody, UploadsBody } from './uploads-schema.ts';
export type { UsageBody } from './usage-schema.ts';
export type { CapabilityReport, ModelInfo, OperatorStatus, ProviderSummary, SessionSummary };
export { approval, placedEvent };

export const errorBody = z.object({
  error: z.object({
    code: errorCode,
    message: z.string().describe('What is wrong, for people.'),
    next: z.string().exactOptional().describe('What to do, one sentence.'),
    rule: z.string().exactOptional().describe('The boundary that refused, for example "R6".'),
  }),
});
export type ErrorBody = output<typeof errorBody>;

export const health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  setup: z.boolean().describe('True before the security notice was accepted: only the notice is served.'),
});
export type Health = output<typeof health>;

export const ready = z.object({ ready: z.boolean() });

// Logging in
export const loginRequest = z.strictObject({ code: z.string().min(1).max(200), device: z.string().trim().min(1).max(80).exactOptional() });
export const loginResponse = z.object({
  device: z.object({ id: z.string(), name: z.string() }),
  key: z.string().describe('Goes with the cookie, as the header x-copaw-key of every request. The cookie alone is refused.'),
});
export type LoginResponse = output<typeof loginResponse>;
export const loginCode = z.object({ code: z.string(), expiresAt: time });
export const tokenRequest = z.strictObject({ name: z.string().trim().min(1).max(80) });
export const tokenResponse = z.object({
  token: z.string().describe('Shown once; only its hash is kept.'),
  device,
});

// The notice, in setup mode
export const notice = z.object({ text: z.string().describe('Markdown.'), sha256: z.string() });
export type Notice = output<typeof notice>;
export const acceptRequest = z.strictObject({
  code: z.string().min(1).max(200),
  sha256: z.string().max(64),
  language: z.enum(['en', 'zh']).exactOptional().describe('Of the first files and of what CoPaw itself says; absent: as the machine has it.'),
});
export const acceptResponse = z.object({ accepted: z.literal(true), link: z.string().exactOptional().describe('Where to log in, when the server knows it.') });
export type AcceptResponse = output<typeof acceptResponse>;

// State
export const status = z.object({
  version: z.string(),
  agentId: z.string(),
  model: z.string(),
  offline: z.boolean(),
  window: z
    .object({
      tokens: z.number().describe('Of a request and its answer together.'),
      source: z
        .enum(windowSources)
        .describe('declared: by config. list, refusal: what the provider says in its list, or said when it refused a longer request. default: assumed.'),
    })
    .exactOptional()
    .describe('How much the model takes.'),
  modelProblem: z.string().exactOptional(),
  sandbox: z.string(),
  startedAt: time.exactOptional(),
  channels: z.array(z.object({ channel: z.string(), account: z.string() })),
  outbox: z.object({ open: z.number(), unknown: z.number(), dead: z.number() }),
  waiting: z
    .object({
      ...{ approvals: z.number(), pairings: z.number(), messages: z.number(), answers: z.number(), channels: z.number(), proposals: z.number() },
    })
    .describe('How much waits for the person. channels: accounts that are down or refused.'),
  storage: z.enum(['ok', 'full', 'read-only']).describe('full, read-only: nothing new is accepted until there is room.'),
  openTurns: z.number(),
  openMessages: z.array(
    z.object({ key: z.string(), state: z.enum(['accepted', 'assigned', 'answered', 'cancelled', 'refused', 'interrupted', 'failed']), receivedAt: time }),
  ),
  today: z.object({ tokens: z.number(), cost: z.number() }),
}) satisfies ZodType<OperatorStatus>;

// Sessions
/** A page: at most `limit` items older than `before` (a time for sessions, an event number for messages). */
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.coerce.number().nonnegative().exactOptional(),
});
export const sessionPage = page.extend({ show: z.enum(sessionFilters).default('all').describe('active: without archived ones.') });
export const sessions = z.object({ sessions: z.array(sessionSummary) });
export type Sessions = output<typeof sessions>;
export const history = z.object({ session: sessionSummary, events: z.array(placedEvent) });
export type History = output<typeof history>;
export const messageRequest = z.strictObject({
  text: z.string(),
  attachments: z.array(z.string().max(64)).max(100).exactOptional().describe('Ids of uploads that go with it; see POST /api/uploads.'),
  model: z.string().min(3).max(240).exactOptional().describe('"provider/model" of a session that begins with this message.'),
  messageId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .exactOptional()
    .describe("The client's own id; the same id again is the same message."),
});
export const accepted = z.object({ sessionId: z.string(), messageId: z.string(), turnId: z.string(), duplicate: z.boolean() });
export type AcceptedMessage = output<typeof accepted>;
export const saidThere = accepted.extend({
  to: address.describe('The chat: of a conversation of several the one that was used last.'),
}) satisfies ZodType<SaidThere>;
export const stopped = z.object({ stopped: z.boolean() });

// Events
export const eventFilter = z.strictObject({
  session: z.string().max(200).exactOptional(),
  turn: z.string().max(200).exactOptional().describe('Ends after that turn.'),
  after: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .exactOptional()
    .describe('Last event id seen. The Last-Event-ID header goes before it.'),
});

// Approvals
export const approvals = z.object({ approvals: z.array(approval) });
export type Approvals = output<typeof approvals>;
export const answerRequest = z.strictObject({ decision });

// Models
const providerSummary = z.object({
  id: z.string(),
  kind: z.string(),
  baseUrl: z.string().exactOptional(),
  models: z.array(z.string()),
  key: z.string(),
  isDefault: z.boolean(),
}) satisfies ZodType<ProviderSummary>;
const secretRef = z.union([z.strictObject({ vault: z.string() }), z.strictObject({ env: z.string() })]);
export const newProvider = z.strictObject({
  id: z.string().min(1).max(32),
  kind: z.enum(providerKinds),
  baseUrl: z.url().exactOptional(),
  model: z.string().min(1).max(200),
  headers: z.record(z.string(), z.string()).exactOptional(),
  key: secretRef.exactOptional(),
  keyValue: z.string().min(1).max(4096).exactOptional().describe('The key itself; it goes to the vault and is never answered back.'),
  makeDefault: z.boolean().exactOptional(),
}) satisfies ZodType<NewProvider>;
export type NewProviderBody = output<typeof newProvider>;
export const models = z.object({ providers: z.array(providerSummary) });
export type Models = output<typeof models>;
export const detected = z.object({ offers: z.array(newProvider.omit({ keyValue: true }).extend({ found: z.string() })) });
export type Detected = output<typeof detected>;
export const provider = z.object({ provider: providerSummary });
export const modelRef = z.strictObject({ ref: z.string().min(3).max(240).describe('"provider/model"') });
export const modelTest = z.object({
  ref: z.string(),
  ok: z.boolean(),
  reports: z.array(
    z.object({
      capability: z.enum(['connect', 'stream', 'tool-call', 'usage', 'image', 'speech']),
      ok: z.boolean(),
      detail: z.string(),
    }) satisfies ZodType<CapabilityReport>,
  ),
  info: z.object({
    id: z.string(),
    contextTokens: z.number().exactOptional(),
    images: z.boolean().exactOptional(),
    tools: z.boolean().exactOptional(),
    price: z.object({ input: z.number(), cachedInput: z.number().exactOptional(), output: z.number() }).exactOptional(),
  }) satisfies ZodType<ModelInfo>,
});
export type ModelTest = output<typeof modelTest>;
export const done = z.object({ done: z.literal(true) });

// Skills
const skillSource = z.object({ kind: z.enum(['directory', 'zip', 'tar', 'tar.gz']), path: z.string() }) satisfies ZodType<SkillSource>;
const skillSummary = z.object({
  name: z.string(),
  state: z.enum(['enabled', 'disabled', 'drifted', 'invalid', 'missing', 'unlisted']),
  reason: z.string().exactOptional(),
  description: z.string().exactOptional(),
  source: skillSource.exactOptional(),
  hash: z.string().exactOptional().describe('Stands for all files as they are now; enabling names it.'),
  installedAt: time.exactOptional(),
  enabledAt: time.exactOptional(),
}) satisfies ZodType<SkillSummary>;
const skillFinding = z.object({
  id: z.string(),
  severity: z.enum(['high', 'medium', 'low']),
  path: z.string(),
  line: z.number(),
  detail: z.string(),
}) satisfies ZodType<SkillFinding>;
export const skills = z.object({ skills: z.array(skillSummary) });
export const skill = z.object({ skill: skillSummary });
export const skillReport = z.object({ skill: skillSummary.extend({ findings: z.array(skillFinding) }) satisfies ZodType<SkillReport> });
export const skillInstall = z.strictObject({
  path: z.string().min(1).max(4096).describe('Absolute path on the machine CoPaw runs on.'),
  name: z.string().max(64).exactOptional(),
  replace: z.boolean().exactOptional(),
}) satisfies ZodType<SkillInstall>;
export const skillEnable = z.strictObject({ hash: z.string().regex(/^[0-9a-f]{64}$/u) });
export const removedSkill = z.object({ trash: z.string().exactOptional() });
export const skillRestore = z.strictObject({ trash: z.string().max(100).describe('As removing it answered.') });
export type Skills = output<typeof skills>;
export type SkillAnswer = output<typeof skillReport>;
export type RemovedSkillBody = output<typeof removedSkill>;
