// Questions of all agents and conversations, the oldest first, with the card that the conversation itself shows.
import type { Approval } from '../../../../src/http/contract.ts';
import { ApprovalCard } from '../../chat/approval-card.tsx';
import { useLiveState } from '../../live/use-live.ts';
import { chatHash } from '../../route.ts';
import { sessionName } from '../../sessions/session-name.ts';
import { useText } from '../../settings.tsx';
import { useInboxText } from './text.ts';

export function ApprovalList({ approvals }: { readonly approvals: readonly Approval[] }) {
  return (
    <ul className="space-y-4">
      {approvals.map((approval) => (
        <li key={approval.id}>
          <Where approval={approval} />
          <ApprovalCard item={{ kind: 'approval', key: approval.id, at: approval.askedAt, turnId: approval.plan.place.turnId, approval }} />
        </li>
      ))}
    </ul>
  );
}

function Where({ approval }: { readonly approval: Approval }) {
  const t = useText();
  const words = useInboxText();
  const { sessionId, agentId } = approval.plan.place;
  const session = useLiveState((state) => state.sessions?.find(({ id }) => id === sessionId));
  return (
    <p className="mb-1.5 text-sm text-muted">
      <a className="underline" href={chatHash(sessionId)}>
        {words.inChat(sessionName(session?.title ?? '', t.untitled))}
      </a>{' '}
      · {words.ofAgent(agentId)}
    </p>
  );
}
