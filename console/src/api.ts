// The console's side of the HTTP contract. Every call answers or throws an ApiError with words for people.
import type {
  AcceptedMessage,
  AcceptResponse,
  Approval,
  ApprovalDecision,
  Approvals,
  Detected,
  ErrorBody,
  Health,
  History,
  Models,
  ModelTest,
  NewProviderBody,
  Notice,
  OperatorStatus,
  Sessions,
} from '../../src/http/contract.ts';

export class ApiError extends Error {
  /** The catalogue's code, or "unreachable" when nobody answered. */
  readonly code: string;
  readonly next: string | undefined;

  constructor(code: string, message: string, next?: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

async function call<T>(path: string, options: { method?: string; body?: unknown; headers?: Record<string, string> } = {}): Promise<T> {
  const { method = 'GET', body, headers = {} } = options;
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError('unreachable', 'CoPaw does not answer.');
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer as T;
  const error = (answer as Partial<ErrorBody> | undefined)?.error;
  throw new ApiError(error?.code ?? 'internal', error?.message ?? `${response.status} ${response.statusText}`, error?.next);
}

/** For a person: what is wrong and what to do. `unreachable` is said where nobody answered. */
export function problemOf(error: unknown, unreachable: string): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'unreachable') return unreachable;
  return error.next === undefined ? error.message : `${error.message} ${error.next}`;
}

const session = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;

export const api = {
  health: () => call<Health>('/api/health'),
  login: (code: string, device: string) => call<unknown>('/api/login', { method: 'POST', body: { code, device } }),
  notice: (code: string) => call<Notice>('/api/notice', { headers: { 'x-setup-code': code } }),
  acceptNotice: (code: string, sha256: string) => call<AcceptResponse>('/api/notice/accept', { method: 'POST', body: { code, sha256 } }),
  status: () => call<OperatorStatus>('/api/status'),
  sessions: (limit: number) => call<Sessions>(`/api/sessions?limit=${limit}`),
  history: (id: string, limit: number, before?: string) =>
    call<History>(`${session(id)}/messages?limit=${limit}${before === undefined ? '' : `&before=${before}`}`),
  send: (id: string, text: string, messageId: string) => call<AcceptedMessage>(`${session(id)}/messages`, { method: 'POST', body: { text, messageId } }),
  stop: (id: string) => call<{ stopped: boolean }>(`${session(id)}/stop`, { method: 'POST' }),
  approvals: () => call<Approvals>('/api/approvals'),
  answer: (id: string, decision: ApprovalDecision) => call<Approval>(`/api/approvals/${encodeURIComponent(id)}`, { method: 'POST', body: { decision } }),
  models: () => call<Models>('/api/models'),
  detected: () => call<Detected>('/api/models/detected'),
  addModel: (provider: NewProviderBody) => call<unknown>('/api/models', { method: 'POST', body: provider }),
  testModel: (ref: string) => call<ModelTest>('/api/models/test', { method: 'POST', body: { ref } }),
  setDefault: (ref: string) => call<unknown>('/api/models/default', { method: 'PUT', body: { ref } }),
  removeModel: (id: string) => call<unknown>(`/api/models/${encodeURIComponent(id)}`, { method: 'DELETE' }),
};

/** A fresh id; the random source also works where the page is not a secure context. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `${prefix}_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
