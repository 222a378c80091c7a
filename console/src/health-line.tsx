// What is true of CoPaw right now, always in sight: each part leads to where it can be mended. Where there is little room what is well is only a drawing.
import type { ReactNode } from 'react';
import { inWords } from './live/api.ts';
import { useLive, useLiveState } from './live/use-live.ts';
import { waitingCount } from './live/waiting.ts';
import { chatHash, homeHash, pageHash } from './route.ts';
import { useSaid, useSettings, useText } from './settings.tsx';
import { dollars, shortCount } from './ui/format.ts';
import { ChipIcon, DiskIcon, GaugeIcon, InboxIcon, LinkIcon, PlayIcon, ShieldIcon, WarningIcon } from './ui/icons.tsx';

export function HealthLine() {
  const t = useText();
  return (
    <nav aria-label={t.frame.state} className="health">
      <Connection />
      <Model />
      <Sandbox />
      <Storage />
      <Running />
      <Waiting />
      <Today />
    </nav>
  );
}

function Connection() {
  const { frame: t } = useText();
  const live = useLive();
  const connection = useLiveState((state) => state.connection);
  if (connection === 'lost')
    return (
      <button type="button" className="health-part health-wrong" title={t.reconnect} onClick={() => live.reconnect()}>
        <WarningIcon className="size-4" />
        <span className="health-words">{t.reconnect}</span>
      </button>
    );
  const words = connection === 'open' ? t.connected : t.connecting;
  return (
    <span className="health-part" title={words}>
      <LinkIcon className="size-4" />
      <span className="health-words">{words}</span>
    </span>
  );
}

function Model() {
  const { text: t, locale } = useSettings();
  const told = useSaid();
  const status = useLiveState((state) => state.status);
  const trouble = useLiveState((state) => state.modelTrouble);
  if (!status) return null;
  const { model, offline, modelProblem, window } = status;
  const why = trouble === undefined ? undefined : t.frame.modelTrouble(inWords(trouble, t));
  const wrong = modelProblem === undefined ? why : told(modelProblem);
  const takes = window === undefined ? '' : t.marks.comma + t.frame.window(window.tokens.toLocaleString(locale), window.source);
  const name = model.slice(model.indexOf('/') + 1);
  const words = modelProblem !== undefined ? t.frame.modelMissing : wrong !== undefined ? t.frame.modelDown : offline ? t.offlineModel : name;
  return (
    <Part
      first
      href={pageHash('models')}
      wrong={wrong !== undefined || offline}
      title={wrong ?? (offline ? t.offlineTitle : t.models + t.marks.colon + model + takes)}
    >
      {wrong === undefined ? <ChipIcon className="size-4" /> : <WarningIcon className="size-4" />}
      <span className="health-words truncate">
        <span className="sr-only">{t.models + t.marks.colon}</span>
        {words}
      </span>
    </Part>
  );
}

function Sandbox() {
  const t = useText();
  const sandbox = useLiveState((state) => state.status?.sandbox);
  if (sandbox === undefined) return null;
  const unsafe = sandbox === 'none' || sandbox === 'off';
  return (
    <Part first href={pageHash('security')} wrong={unsafe} title={t.sandboxTitle(sandbox)}>
      {unsafe ? <WarningIcon className="size-4" /> : <ShieldIcon className="size-4" />}
      <span className="health-words">{t.sandbox(sandbox)}</span>
    </Part>
  );
}

function Storage() {
  const t = useText();
  const storage = useLiveState((state) => state.status?.storage);
  if (storage === undefined) return null;
  const words = storage === 'ok' ? t.frame.storageFine : t.storage(storage);
  return (
    <>
      <Part href={pageHash('backups')} wrong={storage !== 'ok'} title={words}>
        {storage === 'ok' ? <DiskIcon className="size-4" /> : <WarningIcon className="size-4" />}
        <span className="health-words">{words}</span>
      </Part>
      <span role="alert" className="sr-only">
        {storage !== 'ok' && words}
      </span>
    </>
  );
}

function Running() {
  const { frame: t } = useText();
  const running = useLiveState((state) => state.running);
  const [first] = running;
  return (
    <Part href={first === undefined ? homeHash : chatHash(first)} title={t.running(running.size)}>
      <PlayIcon className={running.size > 0 ? 'pulse size-4 text-accent' : 'size-4'} />
      <Count number={running.size} says={t.running(running.size)} />
    </Part>
  );
}

function Waiting() {
  const { frame: t } = useText();
  const waiting = useLiveState(waitingCount);
  return (
    <Part href={pageHash('inbox')} wrong={waiting > 0} title={t.waiting(waiting)}>
      <InboxIcon className="size-4" />
      <Count number={waiting} says={t.waiting(waiting)} />
    </Part>
  );
}

/** Tokens and cost since midnight. */
function Today() {
  const t = useText();
  const today = useLiveState((state) => state.status?.today);
  if (!today) return null;
  const words = t.today(shortCount(today.tokens), dollars(today.cost));
  return (
    <Part href={pageHash('usage')} title={words}>
      <GaugeIcon className="size-4" />
      <span aria-hidden="true" className="tabular-nums">
        {dollars(today.cost) ?? shortCount(today.tokens)}
      </span>
      <span className="sr-only">{words}</span>
    </Part>
  );
}

function Count({ number, says }: { readonly number: number; readonly says: string }) {
  return (
    <>
      <span aria-hidden="true" className="tabular-nums">
        {number}
      </span>
      <span className="sr-only">{says}</span>
    </>
  );
}

function Part({
  href,
  title,
  wrong = false,
  first = false,
  children,
}: {
  readonly href: string;
  readonly title: string;
  readonly wrong?: boolean;
  /** Its words are the last to go. */
  readonly first?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <a href={href} title={title} className={`health-part ${wrong ? 'health-wrong' : ''} ${first ? 'health-first' : ''}`}>
      {children}
    </a>
  );
}
