// What was said and done, in order. Only what is near the reader's eyes is on the page, and items that did not change are not drawn again.
import { memo, type ReactNode, type RefObject, useMemo } from 'react';
import type { Item } from '../live/chat-items.ts';
import { changedTurns, endsTurn, isEmpty, newestCompaction } from '../live/chat-state.ts';
import { useText } from '../settings.tsx';
import { UndoIcon } from '../ui/icons.tsx';
import { PlaceContext } from '../ui/kept.ts';
import { Answer, type AnswerProps } from './answer.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { CompactionLine } from './compaction-line.tsx';
import { EndLine, NoticeLine } from './notice-line.tsx';
import { ToolCard } from './tool-card.tsx';
import { UndoTurn } from './undo-turn.tsx';
import { useGoal } from './use-goal.ts';
import { useRows } from './use-rows.ts';
import { UserMessage, type UserMessageProps } from './user-message.tsx';

export interface ItemListProps {
  readonly sessionId: string;
  readonly items: readonly Item[];
  readonly openTurns: readonly string[];
  readonly running: boolean;
  /** There is more before the first item. */
  readonly hasEarlier: boolean;
  readonly scroller: RefObject<HTMLElement | null>;
  /** The list is as high as it will be now. */
  readonly resized: () => void;
  /** The end is no longer followed. */
  readonly letGo: () => void;
}

export function ItemList({ sessionId, items, openTurns, running, hasEarlier, scroller, resized, letGo }: ItemListProps) {
  const t = useText();
  const lastTurn = running || sessionId.startsWith('chat_') ? undefined : lastAsked(items);
  const shown = useMemo(() => items.filter((item, index) => !isEmpty(item, items[index - 1])), [items]);
  const changed = changedTurns(shown, openTurns);
  const compaction = newestCompaction(shown);
  const { list, rows } = useRows({ scroller, items: shown, hasEarlier, resized });
  const goal = useGoal(sessionId, shown, rows, letGo);
  return (
    <ol ref={list} className="relative">
      {rows.getVirtualItems().map(({ index }) => {
        const item = shown[index];
        if (!item) return null;
        const before = shown[index - 1];
        return (
          <li
            key={item.key}
            ref={rows.measureElement}
            data-index={index}
            data-key={item.key}
            aria-posinset={index + 1}
            aria-setsize={hasEarlier ? -1 : shown.length}
            className={`row ${spaceBefore(item, before)}${item.undone ? ' undone' : ''}${item.key === goal ? ' goal' : ''}`}
          >
            {item.undone && before?.turnId !== item.turnId && (
              <p className="undone-label">
                <UndoIcon className="size-3.5" />
                {t.commands.undone}
              </p>
            )}
            <PlaceContext value={item.key}>
              <ItemView
                item={item}
                sessionId={sessionId}
                closing={closes(item, shown[index + 1])}
                ends={endsTurn(item, shown[index + 1], openTurns)}
                last={item.turnId === lastTurn}
                canUndo={item.key === compaction}
                changed={changed.has(item.key)}
                editable={!sessionId.startsWith('chat_') && !item.command && before?.turnId !== item.turnId}
              />
            </PlaceContext>
            <Undo turnId={changed.get(item.key)} />
          </li>
        );
      })}
    </ol>
  );
}

const Undo = ({ turnId }: { readonly turnId: string | undefined }): ReactNode =>
  turnId !== undefined && (
    <div className="mt-3">
      <UndoTurn turnId={turnId} />
    </div>
  );

interface ItemProps extends Omit<AnswerProps, 'item'>, Pick<UserMessageProps, 'editable'> {
  readonly item: Item;
  readonly canUndo: boolean;
}

const ItemView = memo(({ item, canUndo, editable, ...place }: ItemProps): ReactNode => {
  switch (item.kind) {
    case 'user':
      return <UserMessage item={item} sessionId={place.sessionId} editable={editable} />;
    case 'answer':
      return <Answer item={item} {...place} />;
    case 'tool':
      return <ToolCard item={item} />;
    case 'approval':
      return <ApprovalCard item={item} />;
    case 'notice':
      return <NoticeLine item={item} {...place} />;
    case 'compaction':
      return <CompactionLine item={item} canUndo={canUndo && !item.sessionId.startsWith('chat_')} />;
    case 'end':
      return <EndLine item={item} {...place} />;
  }
});

/** The last turn that a person asked for and that counts. */
const lastAsked = (items: readonly Item[]): string | undefined =>
  items.findLast((item) => item.kind === 'user' && item.command !== true && item.undone !== true)?.turnId;

/** Cards of one turn stand close; a person's message begins a new paragraph of the conversation. The first one keeps its height when older ones come. */
function spaceBefore(item: Item, previous: Item | undefined): string {
  if (item.kind === 'user') return 'pt-6';
  if (previous === undefined) return item.kind === 'answer' ? 'pt-3' : '';
  if (item.command && previous.turnId === item.turnId) return '';
  return previous.kind === 'user' || (item.kind === 'answer' && previous.kind === 'answer') ? 'pt-3' : '';
}

/** The last words of a turn carry time and model. */
function closes(item: Item, next: Item | undefined): boolean {
  if (item.kind !== 'answer' || item.draft) return false;
  return next === undefined || next.kind === 'user' || next.kind === 'end' || (next.kind === 'answer' && next.turnId !== item.turnId);
}
