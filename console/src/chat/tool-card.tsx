// One tool call: a line that says what and how it ended, and behind it everything: arguments, output, changes, refusal.
import type { ToolItem } from '../live/chat-items.ts';
import { useText } from '../settings.tsx';
import { CodeFrame, Scroller } from '../ui/code-frame.tsx';
import { Diff } from '../ui/diff.tsx';
import { DiffCount } from '../ui/diff-count.tsx';
import { CheckIcon, ChevronIcon, CrossIcon, StopIcon } from '../ui/icons.tsx';
import { useKept } from '../ui/kept.ts';
import { LongText } from '../ui/long-text.tsx';
import { visible } from '../ui/visible.ts';
import { ArgumentList } from './argument-list.tsx';
import { Attachments } from './attachments.tsx';
import { LiveOutput } from './live-output.tsx';
import { Pictures } from './pictures.tsx';
import { argumentLines } from './plan-words.ts';
import { toolSummary } from './tool-summary.ts';

export function ToolCard({ item }: { readonly item: ToolItem }) {
  const t = useText();
  const [chosen, setChosen] = useKept<boolean | undefined>(`${item.key}:open`, undefined);
  const live = item.state === 'running' && item.progress !== '';
  const open = chosen ?? live;
  const summary = toolSummary(item.args);
  const refusal = item.code === undefined ? undefined : t.failureWords(item.code);
  const args = open ? argumentLines(item.args) : [];
  return (
    <div className="tool">
      <button type="button" className="tool-head" aria-expanded={open} onClick={() => setChosen(!open)}>
        <StateIcon state={item.state} />
        <span className="font-mono text-[0.8125rem] whitespace-nowrap">{visible(item.name)}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-[0.8125rem] text-muted">{visible(summary)}</span>
        <span className={`text-xs whitespace-nowrap ${stateColour[item.state]}`}>
          {t.toolState[item.state]}
          {item.code !== undefined && ` · ${item.code}`}
        </span>
        <ChevronIcon className="chevron size-4 text-muted" />
      </button>
      {open && (
        <div className="space-y-3 border-t border-line px-4 py-3">
          {refusal !== undefined && <p className="text-sm text-danger">{refusal}</p>}
          {args.length > 0 && (
            <section>
              <h3 className="label">{t.toolArguments}</h3>
              <ArgumentList lines={args} />
            </section>
          )}
          {item.diff !== undefined && <Changes id={`${item.key}:diff`} diff={item.diff} />}
          {item.text === '' && item.progress !== '' && (
            <Part title={t.toolOutput} id={`${item.key}:output`} text={item.progress} live={item.state === 'running'} />
          )}
          {item.text !== '' && <Part title={t.toolResult} id={`${item.key}:result`} text={item.text} />}
          {item.fullText !== undefined && <p className="text-sm break-words text-muted">{t.toolFull(visible(item.fullText))}</p>}
          {item.pictures && <Pictures paths={item.pictures} />}
          <Attachments files={item.files} />
        </div>
      )}
    </div>
  );
}

function Changes({ id, diff }: { readonly id: string; readonly diff: string }) {
  const t = useText();
  return (
    <section>
      <h3 className="sr-only">{t.toolDiff}</h3>
      <CodeFrame id={id} title={<DiffCount title={t.toolDiff} diff={diff} />} text={diff}>
        <LongText text={diff} id={id} show={shown}>
          {(beginning) => <Diff text={shown(beginning)} />}
        </LongText>
      </CodeFrame>
    </section>
  );
}

interface PartProps {
  readonly title: string;
  readonly id: string;
  readonly text: string;
  /** It is still running: its newest lines are kept in sight. */
  readonly live?: boolean;
}

function Part({ title, id, text, live = false }: PartProps) {
  return (
    <section>
      <h3 className="sr-only">{title}</h3>
      <CodeFrame id={id} title={title} text={text} growing={live}>
        {live ? (
          <LiveOutput text={shown(text)} />
        ) : (
          <LongText text={text} id={id} show={shown}>
            {(beginning) => <Scroller>{shown(beginning)}</Scroller>}
          </LongText>
        )}
      </CodeFrame>
    </section>
  );
}

function StateIcon({ state }: { readonly state: ToolItem['state'] }) {
  const colour = stateColour[state];
  if (state === 'waiting' || state === 'running') return <span className={`spinner ${colour}`} aria-hidden="true" />;
  if (state === 'ok') return <CheckIcon className={`size-4 ${colour}`} />;
  return state === 'cancelled' ? <StopIcon className={`size-4 ${colour}`} /> : <CrossIcon className={`size-4 ${colour}`} />;
}

const stateColour = {
  waiting: 'text-muted',
  running: 'text-accent',
  ok: 'text-accent',
  failed: 'text-danger',
  denied: 'text-warning',
  cancelled: 'text-muted',
  unknown: 'text-warning',
} as const;

/** Line ends of other systems are line ends; everything else that hides is shown. */
function shown(text: string): string {
  return visible(text.replaceAll('\r\n', '\n'));
}
