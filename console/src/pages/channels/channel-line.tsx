// How the connection of one channel account stands, and a way to try again while it is down. Also in the inbox.
import type { Channels } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useSettings } from '../../settings.tsx';
import { shortTime } from '../../ui/format.ts';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { useChannelsText, useKindWords } from './text.ts';

export function ChannelLine({ state, onChanged }: { readonly state: Channels['channels'][number]; readonly onChanged: () => Promise<void> }) {
  const { locale } = useSettings();
  const words = useChannelsText();
  const { said, join } = useKindWords();
  const { busy, problem, run } = useTask();
  const { channel, account, since, downSince, lastReceivedAt, nextTryAt, lastError } = state;
  if (state.state === 'off' || state.state === 'unknown') return <p className="mt-2 text-sm text-muted">{state.state === 'off' ? words.off : words.unknown}</p>;
  const now = Date.now();
  const time = (at: number): string => shortTime(at, now, locale);
  if (state.state === 'up')
    return (
      <p className="mt-2 text-sm text-muted">
        {words.up(time(since))}
        {lastReceivedAt !== undefined && ` ${words.lastReceived(time(lastReceivedAt))}`}
      </p>
    );
  const trying = state.state === 'connecting' || (state.state === 'down' && nextTryAt === undefined);
  const why = lastError && said(channel, lastError.message);
  const help = lastError?.next ?? '';
  return (
    <div className="mt-2 text-sm" role="status">
      <p className={`break-words ${state.state === 'connecting' ? 'text-muted' : 'text-warning'}`}>
        {state.state === 'connecting' ? words.connecting : words[state.state](time(downSince ?? since))}
        {lastError !== undefined && ` – ${visible(join(why ?? words.failed(lastError.code, lastError.message), said(channel, help) ?? help))}`}
        {trying && state.state === 'down' && ` – ${words.trying}`}
        {nextTryAt !== undefined && ` – ${words.nextTry(Math.max(0, Math.round((nextTryAt - now) / 1000)))}`}
      </p>
      {!trying && nextTryAt !== undefined && (
        <button
          type="button"
          className="button-quiet button-small mt-2"
          disabled={busy}
          onClick={() =>
            void run(async () => {
              await api.restartChannel(channel, account);
              await onChanged();
            })
          }
        >
          {words.retry}
        </button>
      )}
      <Problem text={problem} className="mt-2" />
    </div>
  );
}
