// The audit log from its end, with the conversation each record belongs to. Read a few records at a time, so that a rare kind is looked for beside the turns.
import { type ActivityPage, type ActivityQuery, type ActivityRecord, outcomeOf, subjectOf } from '../core/activity.ts';
import type { AuditRecord } from '../core/audit.ts';
import type { Store } from '../core/store.ts';
import { breath } from '../lib/clock.ts';

type ActivityStore = {
  readonly audit: Pick<Store['audit'], 'before'>;
  readonly approvals: Pick<Store['approvals'], 'get'>;
  readonly sessions: Pick<Store['sessions'], 'get'>;
  readonly turns: Pick<Store['turns'], 'get' | 'byAnswer'>;
};

const atOnce = 500;

export async function readActivity(store: ActivityStore, query: ActivityQuery): Promise<ActivityPage> {
  const { limit, subject, outcome, agent } = query;
  const records: ActivityRecord[] = [];
  for (let before = query.before ?? Number.MAX_SAFE_INTEGER; ; ) {
    const some = await store.audit.before(before, atOnce);
    for (const { mac: _, ...record } of some) {
      const about = { subject: subjectOf(record.kind), outcome: outcomeOf(record.kind) };
      if ((subject !== undefined && about.subject !== subject) || (outcome !== undefined && about.outcome !== outcome)) continue;
      const place = await placeOf(store, record.detail);
      if (agent !== undefined && place.agentId !== agent) continue;
      records.push({ ...record, ...about, ...place });
      if (records.length === limit) return { records, older: record.seq };
    }
    const last = some.at(-1);
    if (last === undefined || some.length < atOnce) return { records };
    before = last.seq;
    await breath();
  }
}

/** What the record says itself, or the turn, answer or approval that it names. A conversation may have moved since: the turn knows where. */
async function placeOf(store: ActivityStore, detail: AuditRecord['detail']): Promise<Pick<ActivityRecord, 'agentId' | 'sessionId'>> {
  const named = (name: string): string | undefined => (typeof detail[name] === 'string' ? detail[name] : undefined);
  const [turnId, answerId, approvalId] = [named('turnId'), named('answerId'), named('approvalId')];
  const approved = approvalId === undefined ? undefined : (await store.approvals.get(approvalId))?.plan.place;
  const ofTurn = turnId ?? approved?.turnId;
  const turn = ofTurn !== undefined ? await store.turns.get(ofTurn) : answerId !== undefined ? await store.turns.byAnswer(answerId) : undefined;
  const sessionId = turn?.sessionId ?? approved?.sessionId ?? named('sessionId');
  const session = sessionId === undefined ? undefined : await store.sessions.get(sessionId);
  const agentId = named('agentId') ?? turn?.agentId ?? approved?.agentId ?? session?.agentId;
  return { ...(agentId === undefined ? {} : { agentId }), ...(session === undefined ? {} : { sessionId: session.id }) };
}
