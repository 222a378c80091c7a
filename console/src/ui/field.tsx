// One line of a form: a name, what is typed, and a hint.
import { useId } from 'react';

export function Field({
  name,
  label,
  hint,
  value,
  type = 'text',
  required = false,
}: {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'url' | 'password';
  readonly required?: boolean;
}) {
  const id = useId();
  // A browser passes over "off" for passwords, and would offer to fill in one of its own.
  const complete = type === 'password' ? 'new-password' : 'off';
  return (
    <label className="field">
      <span>{label}</span>
      <input name={name} type={type} defaultValue={value} required={required} autoComplete={complete} spellCheck={false} aria-describedby={id} />
      <small id={id}>{hint}</small>
    </label>
  );
}
