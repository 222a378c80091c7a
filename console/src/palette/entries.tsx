// What the palette offers: things to do, conversations, pages, and what was said in conversations.
import type { ComponentType } from 'react';
import type { SessionsFoundBody } from '../../../src/http/contract.ts';
import { newId } from '../live/api.ts';
import { useLive, useLiveState } from '../live/use-live.ts';
import { pageNames } from '../page-names.ts';
import { pages } from '../pages.tsx';
import { chatHash, go, pageHash, turnHash } from '../route.ts';
import { sessionName } from '../sessions/session-name.ts';
import { useSettings } from '../settings.tsx';
import { age } from '../ui/format.ts';
import { ChatIcon, KeyboardIcon, LanguageIcon, LeaveIcon, LinkIcon, PencilIcon, PlusIcon, StopIcon, ThemeIcon } from '../ui/icons.tsx';
import { readable } from '../ui/visible.ts';
import { rank } from './rank.ts';
import { usePaletteText } from './text.ts';

export interface Entry {
  readonly id: string;
  readonly group: 'actions' | 'conversations' | 'pages' | 'said';
  readonly label: string;
  readonly note?: string;
  readonly Icon: ComponentType<{ readonly className?: string }>;
  /** Runs once the palette is closed and the focus is back. */
  run(): void;
}

const groups = ['actions', 'conversations', 'pages', 'said'] as const;
/** Of each kind; before anything is typed fewer conversations. */
const most = { typed: 8, untyped: 5 };

/** Those that fit, in groups: the one with the best entry first. */
export function useEntries(typed: string, found: SessionsFoundBody | undefined, current: string | undefined, onHelp: () => void): readonly Entry[] {
  const { locale } = useSettings();
  const all = [...useActions(current, onHelp), ...useConversations(found), ...usePages()];
  if (typed === '') return inGroups(all, most.untyped);
  // What is no conversation is found by its English name as well.
  const fitting = rank(typed, all, ({ group, id, label }) => (group === 'conversations' ? label : `${label} ${id}`));
  return [...inGroups(fitting, most.typed), ...said(found, locale)];
}

/** At most `limit` conversations; the groups as their first entries stand. */
function inGroups(entries: readonly Entry[], limit: number): readonly Entry[] {
  const first = (group: Entry['group']): number => entries.findIndex((entry) => entry.group === group);
  return [...groups]
    .sort((a, b) => first(a) - first(b))
    .flatMap((group) => entries.filter((entry) => entry.group === group).slice(0, group === 'conversations' ? limit : undefined));
}

function useActions(current: string | undefined, onHelp: () => void): readonly Entry[] {
  const { text: t, toggleLanguage, toggleTheme } = useSettings();
  const words = usePaletteText();
  const live = useLive();
  const running = useLiveState((state) => current !== undefined && state.running.has(current));
  const lost = useLiveState((state) => state.connection === 'lost');
  const action = (id: string, label: string, Icon: Entry['Icon'], run: () => void): Entry => ({ id, group: 'actions', label, Icon, run });
  return [
    ...(running ? [action('stop', words.stop, StopIcon, () => void live.stopTurn(current ?? ''))] : []),
    ...(lost ? [action('reconnect', words.reconnect, LinkIcon, () => live.reconnect())] : []),
    action('new', t.newChat, PlusIcon, () => go(chatHash(newId('s')))),
    ...(current === undefined ? [] : [action('write', words.write, PencilIcon, () => document.getElementById('composer')?.focus())]),
    action('theme', words.theme, ThemeIcon, toggleTheme),
    action('language', words.language, LanguageIcon, toggleLanguage),
    action('keys', t.frame.shortcuts, KeyboardIcon, onHelp),
    // Where it does not come to that the page stays as it is.
    action('log-out', words.logOut, LeaveIcon, () => void live.logOut().catch(() => undefined)),
  ];
}

function usePages(): readonly Entry[] {
  const { text: t } = useSettings();
  return pageNames.map((name) => ({
    ...{ id: `page ${name}`, group: 'pages' as const, label: t.pageTitles[name], Icon: pages[name].Icon },
    run: () => goToPage(pageHash(name)),
  }));
}

function useConversations(found: SessionsFoundBody | undefined): readonly Entry[] {
  const { text: t, locale } = useSettings();
  const sessions = useLiveState((state) => state.sessions) ?? [];
  const leaving = useLiveState((state) => state.leaving);
  const older = (found?.titled ?? []).filter(({ id }) => !sessions.some((session) => session.id === id));
  return [...sessions.filter(({ archived = false, id }) => !archived && !leaving.has(id)), ...older].map(({ id, title, updatedAt }) => ({
    ...{ id: `chat ${id}`, group: 'conversations' as const, label: sessionName(title, t.untitled), Icon: ChatIcon },
    note: age(updatedAt, Date.now(), locale),
    run: () => go(chatHash(id)),
  }));
}

function said(found: SessionsFoundBody | undefined, locale: string): readonly Entry[] {
  return (found?.hits ?? []).slice(0, most.typed).map(({ sessionId, seq, turnId, at, title, excerpt }) => ({
    ...{ id: `said ${seq}`, group: 'said' as const, label: readable(excerpt), Icon: ChatIcon },
    note: [age(at, Date.now(), locale), readable(title.trim())].filter(Boolean).join(' · '),
    run: () => go(turnHash(sessionId, turnId)),
  }));
}

/** Where the page stands the keyboard is, too. */
function goToPage(hash: string): void {
  go(hash);
  document.getElementById('main')?.focus();
}
