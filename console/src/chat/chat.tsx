// One conversation: its history, what happens now, and where to write.
import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { Item } from '../live/chat-state.ts';
import type { Chat as ChatOf } from '../live/live-state.ts';
import { useLive, useLiveState } from '../live/use-live.ts';
import { useText } from '../settings.tsx';
import { DownIcon } from '../ui/icons.tsx';
import { Announcer } from './announcer.tsx';
import { Composer } from './composer.tsx';
import { EmptyChat } from './empty-chat.tsx';
import { ItemList } from './item-list.tsx';
import { OutgoingList } from './outgoing-list.tsx';
import { SightLine } from './sight-line.tsx';
import { useBottom } from './use-bottom.ts';

export function Chat({ sessionId }: { readonly sessionId: string }) {
  const t = useText();
  const live = useLive();
  const chat = useLiveState((state) => state.chats.get(sessionId));
  const running = useLiveState((state) => state.running.has(sessionId));
  const title = useLiveState((state) => state.sessions?.find(({ id }) => id === sessionId)?.title.trim() ?? '');
  const empty = chat?.phase === 'ready' && chat.state.items.length === 0 && chat.state.outgoing.length === 0;
  const { scroller, content, away, toLatest } = useBottom(!empty);
  useGoal(sessionId, scroller, chat?.state.items);
  const send = (text: string): void => {
    void live.send(sessionId, text);
    toLatest();
  };
  return (
    <>
      {!empty && <h1 className="sr-only">{title === '' ? t.untitled : title}</h1>}
      <SightLine sessionId={sessionId} />
      <div className="relative min-h-0 flex-1">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <section ref={scroller} tabIndex={0} aria-label={t.conversation} className="scroller h-full overflow-y-auto outline-offset-[-3px]">
          <div ref={content} className="mx-auto flex min-h-full max-w-3xl flex-col px-4 pt-6 pb-8 sm:px-6">
            {(chat === undefined || chat.phase === 'loading') && <p className="m-auto text-muted">{t.loading}</p>}
            {chat?.phase === 'failed' && <Failed problem={chat.problem || t.unreachable} onRetry={() => void live.open(sessionId)} />}
            {empty && <EmptyChat onSend={send} />}
            {chat?.phase === 'ready' && !empty && (
              <>
                <Earlier chat={chat} sessionId={sessionId} />
                <ItemList sessionId={sessionId} items={chat.state.items} openTurns={chat.state.openTurns} running={running} />
              </>
            )}
            {chat && (
              <OutgoingList
                outgoing={chat.state.outgoing}
                running={running}
                onRetry={({ messageId, text }) => void live.send(sessionId, text, messageId)}
                onDiscard={({ messageId }) => live.discard(sessionId, messageId)}
              />
            )}
          </div>
        </section>
        {away && (
          <button type="button" className="to-latest" aria-label={t.toLatest} title={t.toLatest} onClick={toLatest}>
            <DownIcon />
          </button>
        )}
      </div>
      {sessionId.startsWith('chat_') ? (
        <p className="border-t border-line px-4 py-4 text-center text-sm text-muted">{t.elsewhere}</p>
      ) : (
        <Composer sessionId={sessionId} ready={chat !== undefined} running={running} onSend={send} onStop={() => void live.stopTurn(sessionId)} />
      )}
      {chat?.phase === 'ready' && <Announcer items={chat.state.items} running={running} />}
    </>
  );
}

/** Goes to the turn that was looked for, once it is there. */
function useGoal(sessionId: string, scroller: RefObject<HTMLElement | null>, items: readonly Item[] | undefined): void {
  const live = useLive();
  const goal = useLiveState((state) => state.goal);
  useLayoutEffect(() => {
    if (goal?.sessionId !== sessionId || items === undefined) return;
    const found = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-turn]') ?? [])].find(({ dataset }) => dataset.turn === goal.turnId);
    if (!found) return;
    found.scrollIntoView({ block: 'center' });
    found.classList.add('goal');
    live.reached();
  }, [goal, items, live, scroller, sessionId]);
}

/** Older messages go in above; what is being read stays where it is. */
function Earlier({ chat, sessionId }: { readonly chat: ChatOf; readonly sessionId: string }) {
  const t = useText();
  const live = useLive();
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef<{ readonly scroller: Element; readonly fromEnd: number }>(undefined);
  const first = chat.state.items[0]?.key;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when something was put before the first item
  useLayoutEffect(() => {
    if (!before.current) return;
    const { scroller, fromEnd } = before.current;
    before.current = undefined;
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
  }, [first]);
  if (!chat.hasEarlier) return null;
  const load = (): void => {
    const scroller = button.current?.closest('.scroller');
    if (scroller) before.current = { scroller, fromEnd: scroller.scrollHeight - scroller.scrollTop };
    void live.earlier(sessionId);
  };
  return (
    <button ref={button} type="button" className="button-quiet mb-6 self-center" disabled={chat.loadingEarlier} onClick={load}>
      {chat.loadingEarlier ? t.loading : t.loadEarlier}
    </button>
  );
}

function Failed({ problem, onRetry }: { readonly problem: string; readonly onRetry: () => void }) {
  const t = useText();
  return (
    <div className="m-auto text-center">
      <p role="alert" className="mb-4 text-muted">
        {problem}
      </p>
      <button type="button" className="button-quiet" onClick={onRetry}>
        {t.retry}
      </button>
    </div>
  );
}
