// A form for one secret. The value leaves the field as soon as it was sent.
import type { FormEvent } from 'react';
import type { SecretBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { Field } from '../../ui/field.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useSecurityText } from './text.ts';

export function SecretForm({ onSet }: { readonly onSet: () => Promise<void> }) {
  const words = useSecurityText();
  const { busy, problem, run } = useTask();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    void run(async () => {
      const { name, body } = bodyOf(fields);
      await api.setSecret(name, body);
      form.reset();
      await onSet();
    });
  };
  return (
    <form className="card mt-4 grid gap-4 px-5 py-5 sm:grid-cols-2" onSubmit={submit} autoComplete="off" aria-label={words.addSecret}>
      <Field name="name" label={words.name} hint={words.nameHint} required />
      <Field name="value" label={words.value} hint={words.valueHint} type="password" required />
      <Field name="origin" label={words.origin} hint={words.originHint} type="url" />
      <Field name="env" label={words.variable} hint={words.variableHint} />
      <Problem text={problem} className="sm:col-span-2" />
      <button type="submit" className="button-primary justify-self-start" disabled={busy}>
        {busy ? words.setting : words.set}
      </button>
    </form>
  );
}

function bodyOf(fields: FormData): { readonly name: string; readonly body: SecretBody } {
  const text = (name: string): string => String(fields.get(name) ?? '').trim();
  const origin = text('origin') === '' ? undefined : (URL.parse(text('origin'))?.origin ?? text('origin'));
  const env = text('env');
  const use = { ...(origin === undefined ? {} : { origins: [origin] }), ...(env === '' ? {} : { env }) };
  return { name: text('name'), body: { value: String(fields.get('value') ?? ''), ...(Object.keys(use).length === 0 ? {} : { use }) } };
}
