// One conversation: its history, what happens now, and where to write.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { UploadBody } from '../../../src/http/contract.ts';
import { inWords } from '../live/api.ts';
import type { Chat as ChatOf } from '../live/live-state.ts';
import { useLive, useLiveState } from '../live/use-live.ts';
import { sessionName } from '../sessions/session-name.ts';
import { useText } from '../settings.tsx';
import { DownIcon } from '../ui/icons.tsx';
import { KeptContext } from '../ui/kept.ts';
import { Announcer } from './announcer.tsx';
import { Composer, type ComposerHandle } from './composer.tsx';
import { EmptyChat } from './empty-chat.tsx';
import { ItemList } from './item-list.tsx';
import { ModelPicker } from './model-picker.tsx';
import { OutgoingList } from './outgoing-list.tsx';
import { SayThere } from './say-there.tsx';
import { SessionId } from './session-id.ts';
import { SightLine } from './sight-line.tsx';
import { useBottom } from './use-bottom.ts';
import { Working } from './working.tsx';

/** Channels of CoPaw itself: what is written here is said there. */
const own: ReadonlySet<string> = new Set(['console', 'cli', 'api', 'schedule']);

export function Chat({ sessionId }: { readonly sessionId: string }) {
  const t = useText();
  const live = useLive();
  const chat = useLiveState((state) => state.chats.get(sessionId));
  const running = useLiveState((state) => state.running.has(sessionId));
  const title = useLiveState((state) => state.sessions?.find(({ id }) => id === sessionId)?.title ?? '');
  const empty = chat?.phase === 'ready' && chat.state.items.length === 0 && chat.state.outgoing.length === 0;
  const { scroller, below, away, toLatest, resized, letGo } = useBottom(!empty);
  const channel = useLiveState((state) => state.sessions?.find(({ id }) => id === sessionId)?.address.channel);
  const goesOn = sessionId.startsWith('chat_');
  const elsewhere = goesOn || !(channel === undefined || own.has(channel));
  const composer = useRef<ComposerHandle>(null);
  const [kept] = useState(() => new Map<string, unknown>());
  const send = (text: string, files: readonly UploadBody[] = []): void => {
    void live.send(sessionId, text, files);
    toLatest();
  };
  return (
    <SessionId value={sessionId}>
      {!empty && <h1 className="sr-only">{sessionName(title, t.untitled)}</h1>}
      <div className="flex min-h-[2.0625rem] flex-wrap items-center justify-center gap-x-5 border-b border-line px-4 py-1 text-center text-xs text-muted">
        <ModelPicker sessionId={sessionId} />
        <SightLine sessionId={sessionId} />
      </div>
      <div className="relative min-h-0 flex-1">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <section ref={scroller} tabIndex={0} aria-label={t.conversation} className="scroller h-full overflow-y-auto outline-offset-[-3px]">
          <div className="mx-auto flex min-h-full max-w-3xl flex-col px-4 pt-2 pb-8 sm:px-6">
            {(chat === undefined || chat.phase === 'loading') && <p className="m-auto text-muted">{t.loading}</p>}
            {chat?.phase === 'failed' && (
              <Failed problem={chat.problem === undefined ? t.unreachable : inWords(chat.problem, t)} onRetry={() => void live.open(sessionId)} />
            )}
            {empty && <EmptyChat onSend={send} />}
            {chat?.phase === 'ready' && !empty && (
              <KeptContext value={kept}>
                <Earlier chat={chat} sessionId={sessionId} scroller={scroller} />
                <ItemList
                  sessionId={sessionId}
                  items={chat.state.items}
                  openTurns={chat.state.openTurns}
                  running={running}
                  hasEarlier={chat.hasEarlier}
                  scroller={scroller}
                  resized={resized}
                  letGo={letGo}
                />
              </KeptContext>
            )}
            <div ref={below}>
              {chat?.phase === 'ready' && running && <Working items={chat.state.items} />}
              {chat && (
                <OutgoingList
                  outgoing={chat.state.outgoing}
                  running={running}
                  onRetry={({ messageId, text, files }) => void live.send(sessionId, text, files, messageId)}
                  onTakeBack={
                    elsewhere
                      ? undefined
                      : (message) => {
                          composer.current?.takeBack(message);
                          live.discard(sessionId, message.messageId);
                        }
                  }
                  onDiscard={({ messageId }) => live.discard(sessionId, messageId)}
                />
              )}
            </div>
          </div>
        </section>
        {away && !empty && (
          <button type="button" className="to-latest" aria-label={t.toLatest} title={t.toLatest} onClick={toLatest}>
            <DownIcon />
          </button>
        )}
      </div>
      {elsewhere ? (
        <SayThere key={sessionId} sessionId={sessionId} goesOn={goesOn} />
      ) : (
        <Composer
          ref={composer}
          sessionId={sessionId}
          ready={chat !== undefined}
          running={running}
          onSend={send}
          onStop={() => void live.stopTurn(sessionId)}
        />
      )}
      {chat?.phase === 'ready' && <Announcer items={chat.state.items} running={running} />}
    </SessionId>
  );
}

/** Older messages come in by themselves where the reader nears them, and by a press. It stays as high as it is when all are here. */
function Earlier({ chat, sessionId, scroller }: { readonly chat: ChatOf; readonly sessionId: string; readonly scroller: RefObject<HTMLElement | null> }) {
  const t = useText();
  const live = useLive();
  const [had] = useState(chat.hasEarlier);
  useEffect(() => {
    const box = scroller.current;
    const onScroll = (): void => {
      if (box && box.scrollTop < 2 * box.clientHeight) void live.earlier(sessionId);
    };
    box?.addEventListener('scroll', onScroll, { passive: true });
    return () => box?.removeEventListener('scroll', onScroll);
  }, [live, scroller, sessionId]);
  if (!had && !chat.hasEarlier) return null;
  return (
    <div className="flex h-14 shrink-0 items-start justify-center">
      {chat.hasEarlier ? (
        <button type="button" className="button-quiet" disabled={chat.loadingEarlier} onClick={() => void live.earlier(sessionId)}>
          {chat.loadingEarlier ? t.loading : t.loadEarlier}
        </button>
      ) : (
        <p className="text-sm text-muted">{t.beginning}</p>
      )}
    </div>
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
