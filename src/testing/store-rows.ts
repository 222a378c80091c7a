// Sample rows for tests of a store: valid, small, with what matters to a test given by it.
import type { Approval, Plan } from '../core/policy.ts';
import type { InboxRow, Job, OutboxRow, Session, Step, Turn, UsageRow } from '../core/session.ts';
import type { DurableEvent } from '../core/turn-event.ts';

export const sampleAddress = { channel: 'console', account: 'local', chat: 's1' } as const;

export const session = (id: string, more: Partial<Session> = {}): Session => ({
  id,
  agentId: 'main',
  key: `main:${id}`,
  address: { ...sampleAddress, chat: id },
  title: `Title of ${id}`,
  tainted: false,
  createdAt: 1,
  updatedAt: 1,
  ...more,
});

export const turn = (id: string, more: Partial<Turn> = {}): Turn => ({
  id,
  sessionId: 's1',
  agentId: 'main',
  address: sampleAddress,
  origin: 'operator',
  sender: { id: 'operator' },
  answerId: `ans-${id}`,
  startedAt: 1,
  ...more,
});

export const inboxRow = (key: string, more: Partial<InboxRow> = {}): InboxRow => ({
  key,
  envelope: {
    key,
    channel: 'console',
    account: 'local',
    inbound: { kind: 'message', id: key, text: `text of ${key}`, chat: { id: 's1', kind: 'direct' }, sender: { id: 'operator' }, at: 1 },
    receivedAt: 1,
  },
  state: 'accepted',
  receivedAt: 1,
  ...more,
});

export const outboxRow = (answerId: string, part: number, more: Partial<OutboxRow> = {}): OutboxRow => ({
  answerId,
  part,
  sessionId: 's1',
  address: sampleAddress,
  outgoing: { text: `${answerId} ${part}` },
  state: 'pending',
  attempts: 0,
  nextAt: 1,
  ...more,
});

export const notice = (text: string): DurableEvent => ({ type: 'notice', level: 'info', code: 'retry', text });

export const entry = (sessionId: string, turnId: string, text: string) => ({ sessionId, turnId, at: 1, event: notice(text) });

export const step = (turnId: string, ref: string, state: Step['state'], more: Partial<Step> = {}): Step => ({
  turnId,
  kind: 'tool',
  ref,
  sideEffect: 'none',
  state,
  at: 1,
  ...more,
});

export const job = (id: string, dueAt: number): Job => ({
  id,
  agentId: 'main',
  sessionId: 's1',
  address: sampleAddress,
  dueAt,
  text: `text of ${id}`,
  state: 'scheduled',
  createdAt: 1,
});

export const usageRow = (model: string, at: number, more: Partial<UsageRow> = {}): UsageRow => ({
  turnId: 't1',
  sessionId: 's1',
  agentId: 'main',
  model,
  usage: { input: 10, cachedInput: 4, output: 3, reasoning: 1 },
  at,
  ...more,
});

export const plan = (id: string): Plan => ({
  id,
  digest: `digest of ${id}`,
  tool: 'run_command',
  sideEffect: 'outside',
  args: { argv: ['git', 'status'] },
  effects: [{ kind: 'run', argv: ['git', 'status'], cwd: '.', network: false, sandboxed: true }],
  place: { agentId: 'main', sessionId: 's1', turnId: 't1', callId: `call-${id}`, address: sampleAddress, timezone: 'UTC', now: 1, sandbox: true },
  origin: 'operator',
  senderId: 'operator',
  executables: [{ path: '/usr/bin/git', sha256: 'ab' }],
  sandbox: 'full',
  policyVersion: '1',
  nonce: 'n',
});

export const approval = (id: string, askedAt = 1): Approval => ({
  id,
  plan: plan(`plan-${id}`),
  reason: 'Commands ask here.',
  scopes: ['once', 'always'],
  warnings: ['It deletes files.'],
  state: 'pending',
  askedAt,
  expiresAt: askedAt + 1_000,
});
