// The settings of one account as a form made from what its kind says it needs. What is wrong stands at its field, in the server's words.
import { type FormEvent, useId, useState } from 'react';
import type { ChannelAccountBody, ChannelKindsBody } from '../../../../src/http/contract.ts';
import { api } from '../../live/api.ts';
import { useTask } from '../../live/use-task.ts';
import { useText } from '../../settings.tsx';
import { ChevronIcon } from '../../ui/icons.tsx';
import { Problem } from '../../ui/problem.tsx';
import { visible } from '../../ui/visible.ts';
import { type ChannelField, draftOf, fieldsOf, isFirst, shown } from './fields.ts';
import { useChannelsText, useKindWords } from './text.ts';

type Account = ChannelAccountBody['account'];
type Fault = { readonly path: string; readonly message: string };

export function AccountForm({
  kind,
  account,
  before,
  onSaved,
}: {
  readonly kind: ChannelKindsBody['kinds'][number];
  /** Undefined where the form asks for the name. */
  readonly account: string | undefined;
  readonly before: Account | undefined;
  readonly onSaved: (account: string) => Promise<void>;
}) {
  const words = useChannelsText();
  const { marks, gap } = useText();
  const { said } = useKindWords();
  const { busy, problem, run } = useTask();
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const fields = fieldsOf(kind);
  // Which secrets are needed may hang on each other: all are shown.
  const first = fields.filter(isFirst);
  const rest = fields.filter((field) => !first.includes(field));
  const told = (message: string): string => said(kind.kind, message) ?? message;
  const faultOf = (name: string): string =>
    faults
      .filter(({ path }) => path.split('.')[0] === name)
      .map(({ message }) => told(message))
      .join(gap);
  const elsewhere = faults.filter(({ path }) => !fields.some(({ name }) => path.split('.')[0] === name));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    // What is no number the browser gives as nothing, which would take out what is set.
    const unread = [...event.currentTarget.querySelectorAll('input')].filter(({ validity }) => validity.badInput);
    if (unread.length > 0) {
      setFaults(unread.map(({ name: path }) => ({ path, message: words.noNumber })));
      return;
    }
    const typed = new FormData(event.currentTarget);
    const name = account ?? String(typed.get('account-name') ?? '').trim();
    void run(async () => {
      const answer = await api.putChannel(kind.kind, name, { ...draftOf(fields, typed, before?.settings ?? {}), ...(before ? {} : { enable: true }) });
      setFaults(answer.faults);
      if (answer.faults.length === 0) await onSaved(name);
    });
  };
  const one = (field: ChannelField) => <FieldOf key={field.name} of={kind.kind} field={field} before={before} fault={faultOf(field.name)} />;
  return (
    <form className="grid gap-4" onSubmit={submit} noValidate>
      <p className="text-sm text-muted">{words.page(kind.page)}</p>
      {account === undefined && <Line name="account-name" label={words.name} hint={words.nameHint} value="main" type="text" fault={faultOf('')} required />}
      {first.map(one)}
      {rest.length > 0 && (
        <details className="fold" open={rest.some(({ name }) => faultOf(name) !== '')}>
          <summary>
            <ChevronIcon className="chevron size-4" />
            {words.more}
          </summary>
          <div className="mt-2 grid gap-4">{rest.map(one)}</div>
        </details>
      )}
      <Problem
        text={elsewhere.map(({ path, message }) => visible(path === '' ? told(message) : path + marks.colon + told(message))).join(gap)}
        className="text-sm"
      />
      <Problem text={problem} className="text-sm" />
      <button type="submit" className="button-primary justify-self-start" disabled={busy}>
        {before ? (busy ? words.saving : words.save) : busy ? words.adding : words.add}
      </button>
    </form>
  );
}

function FieldOf({
  of,
  field,
  before,
  fault,
}: {
  /** The kind of channel. */
  readonly of: string;
  readonly field: ChannelField;
  readonly before: Account | undefined;
  readonly fault: string;
}) {
  const words = useChannelsText();
  const { member, choice, join } = useKindWords();
  const id = useId();
  const { name, kind, node, required } = field;
  const value = before?.settings[name];
  const { label, hint: about } = member(of, field);
  if (kind === 'secret') {
    const held = before?.secrets[name];
    const how = held === undefined || !held.set ? words.encrypted : 'env' in held.ref ? words.fromVariable(held.ref.env) : words.kept;
    return <Line name={name} label={label} hint={join(about, how)} value="" type="password" fault={fault} required={required && held?.set !== true} />;
  }
  const usual = choice(shown(node.default));
  const standard = usual === '' ? '' : words.standard(usual);
  if (kind === 'choice')
    return (
      <label className="field">
        <span>{label}</span>
        <select name={name} defaultValue={shown(value)} aria-describedby={id}>
          {!required && <option value="">{words.choose}</option>}
          {node.enum?.map((option) => (
            <option key={option} value={option}>
              {choice(option)}
            </option>
          ))}
        </select>
        <Hint id={id} text={join(about, standard)} fault={fault} />
      </label>
    );
  if (kind === 'switch')
    return (
      <div>
        <label className="flex min-h-11 items-center gap-2.5">
          <input
            type="checkbox"
            name={name}
            className="size-4 accent-accent"
            defaultChecked={typeof value === 'boolean' ? value : node.default === true}
            aria-describedby={id}
          />
          {label}
        </label>
        <Hint id={id} text={about} fault={fault} />
      </div>
    );
  const how = kind === 'list' ? words.commas : kind === 'json' ? words.json : '';
  return (
    <Line
      name={name}
      label={label}
      hint={join(about, how, standard)}
      value={shown(value)}
      type={kind === 'number' ? 'number' : 'text'}
      fault={fault}
      required={required}
    />
  );
}

function Line({
  name,
  label,
  hint,
  value,
  type,
  fault,
  required,
}: {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly type: 'text' | 'password' | 'number';
  readonly fault: string;
  readonly required: boolean;
}) {
  const id = useId();
  return (
    <label className="field">
      <span>{label}</span>
      <input
        name={name}
        type={type}
        step="any"
        defaultValue={value}
        required={required}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        spellCheck={false}
        aria-describedby={id}
        aria-invalid={fault !== ''}
      />
      <Hint id={id} text={hint} fault={fault} />
    </label>
  );
}

function Hint({ id, text, fault }: { readonly id: string; readonly text: string; readonly fault: string }) {
  return (
    <small id={id} className="block text-[0.8125rem] text-muted">
      {text}
      {fault !== '' && <strong className="block font-medium text-danger">{visible(fault)}</strong>}
    </small>
  );
}
