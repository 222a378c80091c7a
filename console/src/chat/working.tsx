// CoPaw works, and there is nothing yet that shows it: no answer that grows, no question that waits.
import type { Item } from '../live/chat-items.ts';
import { isEmpty } from '../live/chat-state.ts';
import { useText } from '../settings.tsx';

export function Working({ items }: { readonly items: readonly Item[] }) {
  const t = useText();
  const last = items.findLast((item, index) => !isEmpty(item, items[index - 1]));
  if (last?.kind === 'answer' && last.draft) return null;
  if (items.some((item) => item.kind === 'approval' && item.decision === undefined)) return null;
  return (
    <p className="working mt-5" title={t.working}>
      <span className="sr-only">{t.working}</span>
      <span aria-hidden="true" />
      <span aria-hidden="true" />
      <span aria-hidden="true" />
    </p>
  );
}
