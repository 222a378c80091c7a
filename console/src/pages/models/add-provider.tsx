// The form for a provider. What is wrong with it is said by the server, in the server's words.
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Detected, NewProviderBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useModelsText } from './text.ts';

export type Offer = Detected['offers'][number];
type Kind = NewProviderBody['kind'];

const kinds: readonly Kind[] = ['openai-compatible', 'openai', 'anthropic', 'google'];

/** `offer` fills the form; how its key is held goes along unseen. `first`: there is no other provider yet. */
export function AddProvider({
  offer,
  first,
  onAdded,
}: {
  readonly offer: Offer | undefined;
  readonly first: boolean | undefined;
  readonly onAdded: (ref: string) => Promise<void>;
}) {
  const words = useModelsText();
  const title = useId();
  const form = useRef<HTMLFormElement>(null);
  const [kind, setKind] = useState<Kind>(offer?.kind ?? 'openai-compatible');
  const { busy, problem, run } = useTask();

  useEffect(() => {
    if (offer) form.current?.querySelector<HTMLElement>('input')?.focus();
  }, [offer]);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const provider = bodyOf(fields, kind, offer);
    void run(async () => {
      await api.addModel(provider);
      await onAdded(`${provider.id}/${provider.model}`);
    });
  };
  return (
    <section className="mt-10" aria-labelledby={title}>
      <h2 id={title} className="mb-3 text-lg font-semibold tracking-tight">
        {words.addTitle}
      </h2>
      <form ref={form} className="card grid gap-4 px-5 py-5 sm:grid-cols-2" onSubmit={submit}>
        <label className="field">
          <span>{words.fieldKind}</span>
          <select name="kind" value={kind} onChange={(event) => setKind(kinds.find((known) => known === event.target.value) ?? kind)}>
            {kinds.map((known) => (
              <option key={known} value={known}>
                {words.kinds[known]}
              </option>
            ))}
          </select>
        </label>
        <Field name="id" label={words.fieldId} hint={words.fieldIdHint} value={offer?.id} required />
        <div className="sm:col-span-2">
          <Field name="baseUrl" label={words.fieldUrl} hint={words.fieldUrlHint} value={offer?.baseUrl} type="url" required={kind === 'openai-compatible'} />
        </div>
        <Field name="model" label={words.fieldModel} hint={words.fieldModelHint} value={offer?.model} required />
        <Field name="key" label={words.fieldKey} hint={offer?.key ? offer.found : words.fieldKeyHint} type="password" />
        <label className="flex min-h-11 items-center gap-2.5 sm:col-span-2">
          <input type="checkbox" name="makeDefault" defaultChecked={first === true} key={String(first)} className="size-4 accent-accent" />
          {words.fieldDefault}
        </label>
        <Problem text={problem} className="sm:col-span-2" />
        <button type="submit" className="button-primary justify-self-start" disabled={busy}>
          {busy ? words.adding : words.add}
        </button>
      </form>
    </section>
  );
}

function bodyOf(fields: FormData, kind: Kind, offer: Offer | undefined): NewProviderBody {
  const text = (name: string): string => String(fields.get(name) ?? '').trim();
  const [baseUrl, keyValue] = [text('baseUrl'), text('key')];
  return {
    id: text('id'),
    kind,
    model: text('model'),
    makeDefault: fields.has('makeDefault'),
    ...(baseUrl === '' ? {} : { baseUrl }),
    ...(keyValue === '' ? (offer?.key ? { key: offer.key } : {}) : { keyValue }),
    ...(offer?.headers ? { headers: offer.headers } : {}),
  };
}
