// The console's side of the HTTP contract. Every call answers or throws an ApiError with words for people.
import type {
  AboutBody,
  AcceptedMessage,
  AcceptResponse,
  ActivityBody,
  AgentAnswer,
  AgentChange,
  Agents,
  Approval,
  ApprovalDecision,
  Approvals,
  ArrivedMessages,
  AuditVerdictBody,
  BackupReportBody,
  Backups,
  ChannelAccountBody,
  ChannelAddedBody,
  ChannelKindsBody,
  Channels,
  ChannelTestBody,
  Commands,
  Detected,
  Devices,
  DreamAnswer,
  Dreams,
  ErrorBody,
  Grants,
  Health,
  History,
  ImportReportBody,
  LearningStates,
  Licences,
  LoginResponse,
  LogPageBody,
  MemoryFindingBody,
  MemoryForgottenBody,
  MemoryListBody,
  MemorySightBody,
  MemorySightsBody,
  MemoryStatsBody,
  MessageLife,
  Models,
  ModelTest,
  NewProviderBody,
  Notice,
  OperatorStatus,
  People,
  PermissionPreview,
  PermissionTable,
  PolicyRule,
  PushRequestBody,
  PushStateBody,
  Reminders,
  RemovedSkillBody,
  ReportBody,
  RestoreOfferBody,
  ReviewBody,
  SecretBody,
  SecretsList,
  SentParts,
  SessionSummary,
  Sessions,
  SessionsFoundBody,
  SettingsCheckBody,
  SettingsPageBody,
  SettingsSchemaBody,
  SkillAnswer,
  Skills,
  TaintReport,
  TextDraftBody,
  TextPageBody,
  TextSavedBody,
  UndoReportBody,
  UploadsBody,
  UsageBody,
} from '../../../src/http/contract.ts';
import type { Text } from '../text/text.ts';
import { ownKey } from './own-key.ts';

export class ApiError extends Error {
  /** The catalogue's code; "unreachable" when nobody answered, "foreign" when somebody else did than CoPaw. */
  readonly code: string;
  readonly next: string | undefined;
  /** Of HTTP; absent when nobody answered. */
  readonly status: number | undefined;

  constructor(code: string, message: string, next?: string, status?: number) {
    super(message);
    this.code = code;
    this.next = next;
    this.status = status;
  }
}

interface Options {
  readonly method?: string;
  /** Sent as JSON; a file as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes out also where the page is left meanwhile. */
  readonly keepalive?: boolean;
}

async function call<T>(path: string, { method = 'GET', body, headers = {}, keepalive = false }: Options = {}): Promise<T> {
  const type = body === undefined ? {} : { 'content-type': body instanceof Blob ? 'application/x-ndjson' : 'application/json' };
  const response = await send(path, {
    ...{ method, keepalive, headers: { accept: 'application/json', ...type, ...headers } },
    ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer as T;
  throw errorOf(response, answer);
}

/** What is no JSON, whole. */
async function file(path: string): Promise<Blob> {
  const response = await send(path, { headers: {} });
  if (response.ok) return response.blob();
  throw errorOf(response, await response.json().catch(() => undefined));
}

async function send(path: string, { headers, ...rest }: RequestInit & { readonly headers: Record<string, string> }): Promise<Response> {
  try {
    return await fetch(path, { ...rest, headers: { ...headers, ...ownKey.headers() } });
  } catch {
    throw new ApiError('unreachable', 'CoPaw does not answer.');
  }
}

/** What an answer that is none says. */
export function errorOf(response: Pick<Response, 'status' | 'statusText'>, answer: unknown): ApiError {
  const error = (answer as Partial<ErrorBody> | null | undefined)?.error;
  return new ApiError(error?.code ?? 'foreign', error?.message ?? `${response.status} ${response.statusText}`, error?.next, response.status);
}

/** What went wrong, to be said later in the language that the page has then. */
export interface Trouble {
  /** Empty where it came from no request. */
  readonly code: string;
  /** In the words of the server: what is wrong, and what to do. */
  readonly text: string;
  readonly next?: string;
}

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError)) return { code: '', text: error instanceof Error ? error.message : String(error) };
  return { code: error.code, text: error.message, ...(error.next === undefined ? {} : { next: error.next }) };
}

type SaidWords = Pick<Text, 'unreachable' | 'said' | 'failure' | 'gap'>;

/** For a person: what is wrong and what to do. */
export function inWords({ code, text, next = '' }: Trouble, t: SaidWords): string {
  if (code === 'unreachable') return t.unreachable;
  return [t.said(text) ?? t.failure(code, text), t.said(next) ?? next].filter((sentence) => sentence !== '').join(t.gap);
}

export const problemOf = (error: unknown, t: SaidWords): string => inWords(troubleOf(error), t);

const channel = (kind: string, account: string): string => `/api/channels/${encodeURIComponent(kind)}/${encodeURIComponent(account)}`;
const session = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;

/** What is empty is not asked for. */
function asQuery(query: Record<string, string>): string {
  return String(new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')));
}

/** Nothing typed is none. */
const withPassphrase = (passphrase: string): { readonly passphrase?: string } => (passphrase === '' ? {} : { passphrase });

/** Without a value the key returns to its default. */
export interface SettingsEdit {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

export const api = {
  health: () => call<Health>('/api/health'),
  login: (code: string, device: string) => call<LoginResponse>('/api/login', { method: 'POST', body: { code, device } }),
  notice: (code: string) => call<Notice>('/api/notice', { headers: { 'x-setup-code': code } }),
  acceptNotice: (body: { readonly code: string; readonly sha256: string; readonly language: 'en' | 'zh' }) =>
    call<AcceptResponse>('/api/notice/accept', { method: 'POST', body }),
  status: (seen = false) => call<OperatorStatus>(`/api/status${seen ? '?seen=true' : ''}`),
  sessions: (limit: number) => call<Sessions>(`/api/sessions?limit=${limit}`),
  pinned: () => call<Sessions>('/api/sessions?limit=200&show=pinned'),
  changeSession: (id: string, body: { readonly title?: string; readonly pinned?: boolean; readonly archived?: boolean; readonly model?: string | null }) =>
    call<{ session: SessionSummary }>(session(id), { method: 'PUT', body }),
  removeSession: (id: string, reminders: boolean, keepalive = false) => call<unknown>(`${session(id)}?reminders=${reminders}`, { method: 'DELETE', keepalive }),
  searchSessions: (text: string, before?: number) =>
    call<SessionsFoundBody>(`/api/sessions/search?${asQuery({ text, limit: '20', before: before === undefined ? '' : String(before) })}`),
  forkSession: (id: string, turnId: string) => call<{ session: SessionSummary }>(`${session(id)}/fork`, { method: 'POST', body: { turnId } }),
  regenerate: (id: string, turnId: string, files: boolean) => call<AcceptedMessage>(`${session(id)}/regenerate`, { method: 'POST', body: { turnId, files } }),
  sayThere: (id: string, text: string, messageId: string) => call<unknown>(`${session(id)}/say`, { method: 'POST', body: { text, messageId } }),
  exportSession: (id: string, format: 'markdown' | 'jsonl') => file(`${session(id)}/export?format=${format}`),
  importSessions: (file: Blob) => call<ImportReportBody>('/api/sessions/import', { method: 'POST', body: file }),
  history: (id: string, limit: number, before?: string) =>
    call<History>(`${session(id)}/messages?limit=${limit}${before === undefined ? '' : `&before=${before}`}`),
  send: (id: string, body: { readonly text: string; readonly messageId: string; readonly attachments?: readonly string[]; readonly model?: string }) =>
    call<AcceptedMessage>(`${session(id)}/messages`, { method: 'POST', body }),
  uploads: () => call<UploadsBody>('/api/uploads'),
  removeUpload: (id: string) => call<unknown>(`/api/uploads/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  workspaceFile: (id: string, path: string) => file(`${session(id)}/files?${asQuery({ path })}`),
  commands: () => call<Commands>('/api/commands'),
  stop: (id: string) => call<{ stopped: boolean }>(`${session(id)}/stop`, { method: 'POST' }),
  approvals: () => call<Approvals>('/api/approvals'),
  answer: (id: string, decision: ApprovalDecision) => call<Approval>(`/api/approvals/${encodeURIComponent(id)}`, { method: 'POST', body: { decision } }),
  models: () => call<Models>('/api/models'),
  detected: () => call<Detected>('/api/models/detected'),
  addModel: (provider: NewProviderBody) => call<unknown>('/api/models', { method: 'POST', body: provider }),
  testModel: (ref: string) => call<ModelTest>('/api/models/test', { method: 'POST', body: { ref } }),
  setDefault: (ref: string) => call<unknown>('/api/models/default', { method: 'PUT', body: { ref } }),
  permissions: (query: Record<string, string>) => call<PermissionTable>(`/api/permissions?${asQuery(query)}`),
  permissionPreview: (query: Record<string, string>) => call<PermissionPreview>(`/api/permissions/preview?${asQuery(query)}`),
  setRules: (body: { readonly agent?: string; readonly rules: readonly PolicyRule[] }) => call<unknown>('/api/permissions/rules', { method: 'PUT', body }),
  grants: () => call<Grants>('/api/permissions/grants'),
  revokeGrant: (id: string) => call<unknown>(`/api/permissions/grants/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  taint: () => call<TaintReport>('/api/taint'),
  clearTaint: (body: { readonly session: string } | { readonly agent: string; readonly path: string }) =>
    call<unknown>('/api/taint/clear', { method: 'POST', body }),
  memory: () => call<MemoryListBody>('/api/memory'),
  memoryStats: () => call<MemoryStatsBody>('/api/memory/stats'),
  memorySearch: (q: string) => call<MemoryFindingBody>(`/api/memory/search?${asQuery({ q })}`),
  memoryFile: (path: string) => call<TextPageBody>(`/api/memory/file?${asQuery({ path })}`),
  saveMemory: (body: TextDraftBody) => call<TextSavedBody>('/api/memory/file', { method: 'PUT', body }),
  forgetMemory: (body: { readonly path: string; readonly note: string }) => call<MemoryForgottenBody>('/api/memory/forget', { method: 'POST', body }),
  reindexMemory: () => call<MemoryStatsBody>('/api/memory/reindex', { method: 'POST', body: {} }),
  memorySight: (session: string) => call<MemorySightBody>(`/api/memory/sight?${asQuery({ session })}`),
  memorySights: () => call<MemorySightsBody>('/api/memory/sights?limit=30'),
  reminders: () => call<Reminders>('/api/reminders'),
  cancelReminder: (id: string) => call<unknown>(`/api/reminders/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  learning: () => call<LearningStates>('/api/learning'),
  setLearning: (agentId: string, change: { readonly facts?: boolean; readonly dreams?: boolean }) =>
    call<unknown>(`/api/learning/${encodeURIComponent(agentId)}`, { method: 'POST', body: change }),
  dreamNow: (agentId: string) => call<Partial<DreamAnswer>>(`/api/learning/${encodeURIComponent(agentId)}/dream`, { method: 'POST' }),
  dreams: (agentId: string) => call<Dreams>(`/api/dreams?${asQuery({ agent: agentId })}`),
  dream: (id: string) => call<DreamAnswer>(`/api/dreams/${encodeURIComponent(id)}`),
  settleDream: (id: string, verb: 'apply' | 'discard' | 'revert') => call<DreamAnswer>(`/api/dreams/${encodeURIComponent(id)}/${verb}`, { method: 'POST' }),
  undo: (body: { readonly turnId: string; readonly force: boolean }) => call<UndoReportBody>('/api/undo', { method: 'POST', body }),
  devices: () => call<Devices>('/api/devices'),
  revokeDevice: (id: string) => call<unknown>(`/api/devices/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  secrets: () => call<SecretsList>('/api/secrets'),
  setSecret: (name: string, body: SecretBody) => call<unknown>(`/api/secrets/${encodeURIComponent(name)}`, { method: 'PUT', body }),
  deleteSecret: (name: string) => call<unknown>(`/api/secrets/${encodeURIComponent(name)}`, { method: 'DELETE' }),
  activity: (query: Record<string, string>) => call<ActivityBody>(`/api/activity?${asQuery(query)}`),
  verifyAudit: () => call<AuditVerdictBody>('/api/audit/verify'),
  review: (options: { readonly fix: boolean; readonly keep: boolean }) => call<ReviewBody>('/api/security/review', { method: 'POST', body: options }),
  logs: (query: Record<string, string>) => call<LogPageBody>(`/api/logs?${asQuery(query)}`),
  usage: (days: string) => call<UsageBody>(`/api/usage?${asQuery({ days })}`),
  about: () => call<AboutBody>('/api/about'),
  licences: () => call<Licences>('/api/about/licences'),
  report: () => call<ReportBody>('/api/about/report'),
  people: () => call<People>('/api/people'),
  inbox: (query: Record<string, string>) => call<ArrivedMessages>(`/api/inbox?${asQuery(query)}`),
  message: (key: string) => call<MessageLife>(`/api/inbox/${encodeURIComponent(key)}`),
  retryMessage: (key: string) => call<unknown>(`/api/inbox/${encodeURIComponent(key)}/retry`, { method: 'POST' }),
  settleMessage: (key: string, settled: boolean) => call<unknown>(`/api/inbox/${encodeURIComponent(key)}/settled`, { method: 'PUT', body: { settled } }),
  outbox: (query: Record<string, string>) => call<SentParts>(`/api/outbox?${asQuery(query)}`),
  answerLife: (answerId: string) => call<MessageLife>(`/api/outbox/${encodeURIComponent(answerId)}`),
  retryPart: (answerId: string, part: number, evenIfSent: boolean) =>
    call<unknown>(`/api/outbox/${encodeURIComponent(answerId)}/${part}/retry`, { method: 'POST', body: { evenIfSent } }),
  settleAnswer: (answerId: string, settled: boolean) =>
    call<unknown>(`/api/outbox/${encodeURIComponent(answerId)}/settled`, { method: 'PUT', body: { settled } }),
  push: () => call<PushStateBody>('/api/push'),
  pushKey: () => call<{ key: string }>('/api/push/key', { method: 'POST' }),
  setPush: (body: PushRequestBody) => call<unknown>('/api/push', { method: 'PUT', body }),
  pushOff: () => call<unknown>('/api/push', { method: 'DELETE' }),
  testPush: () => call<unknown>('/api/push/test', { method: 'POST' }),
  channels: () => call<Channels>('/api/channels'),
  channelKinds: () => call<ChannelKindsBody>('/api/channels/kinds'),
  channelAccount: (kind: string, account: string) => call<ChannelAccountBody>(channel(kind, account)),
  putChannel: (
    kind: string,
    account: string,
    body: { readonly settings: object; readonly secrets: Readonly<Record<string, { readonly value: string }>>; readonly enable?: boolean },
  ) => call<ChannelAddedBody>(channel(kind, account), { method: 'PUT', body }),
  removeChannel: (kind: string, account: string) => call<unknown>(channel(kind, account), { method: 'DELETE' }),
  switchChannel: (kind: string, account: string, enabled: boolean) => call<unknown>(`${channel(kind, account)}/enabled`, { method: 'PUT', body: { enabled } }),
  restartChannel: (kind: string, account: string) => call<unknown>(`${channel(kind, account)}/restart`, { method: 'POST' }),
  testChannel: (kind: string, account: string) => call<ChannelTestBody>(`${channel(kind, account)}/test`, { method: 'POST', body: {} }),
  approvePairing: (code: string, operator: boolean) =>
    call<unknown>(`/api/pairings/${encodeURIComponent(code)}/approve`, { method: 'POST', body: { operator } }),
  denyPairing: (code: string) => call<unknown>(`/api/pairings/${encodeURIComponent(code)}/deny`, { method: 'POST' }),
  backups: () => call<Backups>('/api/backups'),
  createBackup: (passphrase: string) => call<unknown>('/api/backups', { method: 'POST', body: withPassphrase(passphrase) }),
  verifyBackup: (name: string, passphrase: string) =>
    call<BackupReportBody>(`/api/backups/${encodeURIComponent(name)}/verify`, { method: 'POST', body: withPassphrase(passphrase) }),
  planRestore: (name: string, passphrase: string) =>
    call<RestoreOfferBody>(`/api/backups/${encodeURIComponent(name)}/plan`, { method: 'POST', body: withPassphrase(passphrase) }),
  backupFile: (name: string) => file(`/api/backups/${encodeURIComponent(name)}/file`),
  config: () => call<SettingsPageBody>('/api/config'),
  configSchema: () => call<SettingsSchemaBody>('/api/config/schema'),
  checkConfig: (body: { readonly text: string; readonly changes: readonly SettingsEdit[] }) =>
    call<SettingsCheckBody>('/api/config/check', { method: 'POST', body }),
  saveConfig: (body: { readonly text: string; readonly hash: string }) => call<SettingsPageBody>('/api/config', { method: 'PUT', body }),
  undoConfig: (hash: string) => call<SettingsPageBody>('/api/config/undo', { method: 'POST', body: { hash } }),
  agents: () => call<Agents>('/api/agents'),
  changeAgent: (id: string, body: AgentChange) => call<AgentAnswer>(`/api/agents/${encodeURIComponent(id)}`, { method: 'PUT', body }),
  agentFile: (id: string, path: string) => call<TextPageBody>(`/api/agents/${encodeURIComponent(id)}/file?${asQuery({ path })}`),
  saveAgentFile: (id: string, body: TextDraftBody) => call<TextSavedBody>(`/api/agents/${encodeURIComponent(id)}/file`, { method: 'PUT', body }),
  skills: () => call<Skills>('/api/skills'),
  skill: (name: string) => call<SkillAnswer>(`/api/skills/${encodeURIComponent(name)}`),
  installSkill: (body: { readonly path: string; readonly replace?: boolean }) => call<SkillAnswer>('/api/skills', { method: 'POST', body }),
  enableSkill: (name: string, hash: string) => call<unknown>(`/api/skills/${encodeURIComponent(name)}/enable`, { method: 'POST', body: { hash } }),
  disableSkill: (name: string) => call<unknown>(`/api/skills/${encodeURIComponent(name)}/disable`, { method: 'POST' }),
  removeSkill: (name: string) => call<RemovedSkillBody>(`/api/skills/${encodeURIComponent(name)}`, { method: 'DELETE' }),
  restoreSkill: (trash: string) => call<unknown>('/api/skills/restore', { method: 'POST', body: { trash } }),
  removeModel: (id: string) => call<unknown>(`/api/models/${encodeURIComponent(id)}`, { method: 'DELETE' }),
};

/** A fresh id; the random source also works where the page is not a secure context. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `${prefix}_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
