// What was typed on the page of settings: a text, and changes of single keys on top of it. Nothing of it is lost before it is saved or given up.
import { useCallback, useEffect, useState } from 'react';
import type { SettingsCheckBody, SettingsPageBody } from '../../../../src/http/contract.ts';
import { ApiError, api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { withLineEnds } from '../../ui/text-file.tsx';
import { keepDraft, keptDraft } from './kept-draft.ts';
import { type Change, changed, type Node, withChange } from './schema.ts';

interface Draft {
  /** The file as it was read. */
  readonly base: SettingsPageBody;
  readonly text: string;
  readonly changes: readonly Change[];
  /** What the text says; undefined where it cannot be read. */
  readonly value: unknown;
  readonly asText: boolean;
  readonly review?: SettingsCheckBody;
  /** What somebody else made of the file meanwhile. */
  readonly theirs?: SettingsPageBody;
}

const looked = (text: string, changes: readonly Change[] = []): Promise<SettingsCheckBody> => api.checkConfig({ text, changes });

/** `onSaved`: what is in force is another configuration now. */
export function useSettingsDraft(onSaved: () => Promise<void>) {
  const [schema, setSchema] = useState<Node>();
  const [draft, setDraft] = useState<Draft>();
  const [said, setSaid] = useState<'saved' | 'undone'>();
  const { busy, problem, run } = useTask();
  const take = useCallback(async (base: SettingsPageBody): Promise<void> => {
    const { value } = await looked(base.text);
    setDraft((now) => ({ base, text: base.text, changes: [], value, asText: value === undefined || base.fixed !== undefined || now?.asText === true }));
  }, []);
  const load = useCallback(
    () =>
      run(async () => {
        const [{ schema: found }, page] = await Promise.all([api.configSchema(), api.config()]);
        const kept = page.fixed === undefined ? keptDraft() : undefined;
        setSchema(found as Node);
        if (kept === undefined) return take(page);
        const { value } = await looked(kept.text);
        setDraft({ ...kept, value, asText: kept.asText || value === undefined, ...(kept.base.hash === page.hash ? {} : { theirs: page }) });
      }),
    [run, take],
  );
  useEffect(() => void load(), [load]);
  const dirty = draft !== undefined && (draft.changes.length > 0 || draft.text !== draft.base.text);
  useEffect(() => {
    if (!draft) return;
    const { base, text, changes, asText } = draft;
    keepDraft(dirty ? { base, text, changes, asText } : undefined);
  }, [draft, dirty]);

  const change = (what: Partial<Draft>): void => setDraft((now) => now && { ...now, ...what });
  const check = (): Promise<SettingsCheckBody> => {
    const { text = '', changes = [] } = draft ?? {};
    return looked(text, changes);
  };
  const settle = async (page: SettingsPageBody, word: 'saved' | 'undone'): Promise<void> => {
    await take(page);
    setSaid(word);
    await onSaved();
  };
  return {
    ...{ schema, draft, dirty, said, busy, problem, load },
    value: draft && changed(draft.value, draft.changes),
    set: (one: Change): void => {
      setSaid(undefined);
      if (draft) change({ changes: withChange(draft.changes, one) });
    },
    type: (text: string): void => {
      setSaid(undefined);
      if (draft) change({ text: withLineEnds(text, draft.base.text) });
    },
    show: (asText: boolean) =>
      run(async () => {
        const { text, value } = await check();
        change({ text, value, changes: [], asText: asText || value === undefined });
      }),
    review: () => run(async () => change({ review: await check() })),
    leaveReview: (): void => setDraft((now) => (now ? without(now, 'review') : now)),
    discard: () => run(async () => take(await api.config())),
    save: () =>
      run(async () => {
        if (!draft?.review) return;
        try {
          await settle(await api.saveConfig({ text: draft.review.text, hash: draft.base.hash }), 'saved');
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== 'conflict') throw error;
          setDraft({ ...without(draft, 'review'), theirs: await api.config() });
        }
      }),
    /** The changes of single keys are made in the fresh text; a text that was typed stays as it is and is held against the fresh one. */
    rebase: () =>
      run(async () => {
        if (!draft?.theirs) return;
        const { base, text: typed, changes, theirs } = draft;
        const text = typed === base.text ? theirs.text : typed;
        const [{ value }, review] = await Promise.all([looked(text), looked(text, changes)]);
        setDraft({ ...without(draft, 'theirs'), base: theirs, text, value, review });
      }),
    undo: () =>
      run(async () => {
        if (draft) await settle(await api.undoConfig(draft.base.hash), 'undone');
      }),
  };
}

function without<Key extends 'review' | 'theirs'>(draft: Draft, key: Key): Omit<Draft, Key> {
  const { [key]: _, ...rest } = draft;
  return rest;
}
