// The settings: config.json as a form or as its text, looked at before it is saved, with a way back.
import { useEffect, useId, useRef } from 'react';
import type { SettingsPageBody } from '../../../../src/http/contract.ts';
import { useLive } from '../../live/use-live.ts';
import { useText } from '../../settings.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { SettingsForm } from './settings-form.tsx';
import { SettingsReview } from './settings-review.tsx';
import { useSettingsText } from './text.ts';
import { useSettingsDraft } from './use-settings-draft.ts';

export function SettingsPage() {
  const t = useText();
  const words = useSettingsText();
  const live = useLive();
  // The header names the model that answers.
  const { schema, draft, value, dirty, said, busy, problem, ...act } = useSettingsDraft(() => live.refresh());
  const { review, theirs, asText = false, base } = draft ?? {};
  const actions = useRef<HTMLDivElement>(null);
  const [reviewing, wasReviewing] = [review !== undefined, useRef(false)];
  useEffect(() => {
    if (wasReviewing.current && !reviewing) actions.current?.focus();
    wasReviewing.current = reviewing;
  }, [reviewing, wasReviewing]);
  return (
    <Page name="settings" text={words.text} problem={draft ? '' : problem} again={draft ? undefined : act.load}>
      {draft === undefined && problem === '' && <p className="text-muted">{t.loading}</p>}
      {draft && base && schema && (
        <>
          <p className="mb-4 text-sm text-muted">{words.secrets}</p>
          <p className="mb-4 font-mono text-[0.8125rem] break-all text-muted">{visible(base.path)}</p>
          {theirs && <Theirs page={theirs} busy={busy} onRebase={() => void act.rebase()} onDiscard={() => void act.discard()} />}
          {review && <SettingsReview check={review} busy={busy} onSave={() => void act.save()} onBack={act.leaveReview} />}
          {/* What is open in the form stays open while its changes are looked at. */}
          <div hidden={review !== undefined}>
            <View asText={asText} busy={busy || theirs !== undefined} onShow={(text) => void act.show(text)} />
            {base.fixed !== undefined && <p className="mb-3 text-sm text-warning">{words.fixed}</p>}
            {draft.value === undefined && <p className="mb-3 text-sm text-warning">{words.unreadable}</p>}
            {asText ? (
              <Raw text={draft.text} fixed={base.fixed !== undefined} onType={act.type} />
            ) : (
              <SettingsForm schema={schema} value={value} onChange={act.set} />
            )}
            <div ref={actions} tabIndex={-1} className="flex flex-wrap items-center gap-2">
              <button type="button" className="button-primary" disabled={busy || !dirty || theirs !== undefined} onClick={() => void act.review()}>
                {words.review}
              </button>
              {dirty && (
                <button type="button" className="button-quiet" disabled={busy} onClick={() => void act.discard()}>
                  {words.discard}
                </button>
              )}
              {!dirty && base.undoable && (
                <button type="button" className="button-quiet" disabled={busy} onClick={() => void act.undo()}>
                  {words.undo}
                </button>
              )}
              <span role="status" className="text-sm text-muted">
                {said && words[said]}
              </span>
            </div>
          </div>
          {/* Beside the buttons, whichever there are. */}
          <Problem text={problem} className="mt-3 text-sm" />
        </>
      )}
    </Page>
  );
}

function View({ asText, busy, onShow }: { readonly asText: boolean; readonly busy: boolean; readonly onShow: (text: boolean) => void }) {
  const words = useSettingsText();
  return (
    <fieldset className="mb-4 flex gap-2">
      <legend className="sr-only">{words.view}</legend>
      {[false, true].map((text) => (
        <button
          key={String(text)}
          type="button"
          className="button-quiet button-small"
          aria-pressed={asText === text}
          disabled={busy}
          onClick={() => onShow(text)}
        >
          {text ? words.asText : words.asForm}
        </button>
      ))}
    </fieldset>
  );
}

function Raw({ text, fixed, onType }: { readonly text: string; readonly fixed: boolean; readonly onType: (text: string) => void }) {
  const words = useSettingsText();
  const id = useId();
  return (
    <label className="field mb-4" htmlFor={id}>
      <span>{words.content}</span>
      <textarea
        id={id}
        className="editor min-h-96"
        value={text.replaceAll('\r\n', '\n')}
        readOnly={fixed}
        spellCheck={false}
        onChange={(event) => onType(event.target.value)}
      />
    </label>
  );
}

interface TheirsProps {
  readonly page: SettingsPageBody;
  readonly busy: boolean;
  readonly onRebase: () => void;
  readonly onDiscard: () => void;
}

function Theirs({ page, busy, onRebase, onDiscard }: TheirsProps) {
  const words = useSettingsText();
  return (
    <section className="card mb-6 space-y-3 px-5 py-4">
      <p role="alert" className="text-sm text-warning">
        {words.conflict}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="exact max-h-80 overflow-auto" tabIndex={0}>
        {visible(page.text)}
      </pre>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button-primary button-small" disabled={busy} onClick={onRebase}>
          {words.rebase}
        </button>
        <button type="button" className="button-quiet button-small" disabled={busy} onClick={onDiscard}>
          {words.discard}
        </button>
      </div>
    </section>
  );
}
