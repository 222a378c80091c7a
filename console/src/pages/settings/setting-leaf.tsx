// One key of config.json that holds one thing: a text, a number, a switch, one of a few, or where a secret is.
import { useId } from 'react';
import { useText } from '../../settings.tsx';
import { Choice } from '../../ui/choice.tsx';
import { type Change, isKeys, type Kind, type Node, type Path } from './schema.ts';
import { useKeyWords, useSettingsText } from './text.ts';

export interface SettingProps {
  readonly node: Node;
  readonly path: Path;
  /** The path with `*` for what a person named: what its words are found by. */
  readonly words: readonly string[];
  /** Undefined where the file does not set it. */
  readonly value: unknown;
  /** It must stand there, because what it is in has no sense without it. */
  readonly required?: boolean;
  /** Its name stands above it already. */
  readonly bare?: boolean;
  readonly onChange: (change: Change) => void;
}

export function Leaf({ kind, ...props }: SettingProps & { readonly kind: Kind }) {
  const { node, path, words, value, required = false, onChange } = props;
  const id = useId();
  const t = useSettingsText();
  const { wordsOf, valueWord } = useKeyWords();
  const { name } = wordsOf(words, node);
  // What a person takes out of a field goes back to the default; an entry of a list or record stays.
  const named = typeof path.at(-1) === 'string' && words.at(-1) !== '*';
  const set = (next: unknown): void => onChange({ path, ...(next === undefined ? {} : { value: next }) });
  if (kind === 'choice') {
    const standard: [string, string][] = required ? [] : [['', node.default === undefined ? t.none : t.standard(valueWord(String(node.default)))]];
    return (
      <div>
        <Choice
          label={name}
          value={typeof value === 'string' ? value : ''}
          options={[...standard, ...(node.enum ?? []).map((one): [string, string] => [one, valueWord(one)])]}
          onChange={(next) => set(next === '' ? undefined : next)}
        />
        <Hint {...props} id={id} />
      </div>
    );
  }
  if (kind === 'switch') {
    const on = typeof value === 'boolean' ? value : node.default === true;
    return (
      <div>
        <label className="flex min-h-11 items-center gap-2.5">
          <input type="checkbox" className="size-4 accent-accent" checked={on} aria-describedby={id} onChange={(event) => set(event.target.checked)} />
          {name}
        </label>
        <Hint {...props} id={id} />
      </div>
    );
  }
  const number = kind === 'number';
  const typed = (text: string): unknown => (text === '' && (named || number) ? undefined : number ? Number(text) : text);
  return (
    <div>
      <label className="field">
        <span>{name}</span>
        <input
          type={number ? 'number' : 'text'}
          step="any"
          value={typeof value === 'string' || typeof value === 'number' ? value : ''}
          placeholder={node.default === undefined ? '' : String(node.default)}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={id}
          onChange={(event) => set(typed(event.target.value))}
        />
      </label>
      <Hint {...props} id={id} />
    </div>
  );
}

/** What the key is for, its default, and what to know before it is changed. */
export function Hint({ node, words, id, value }: SettingProps & { readonly id: string }) {
  const t = useSettingsText();
  const { gap } = useText();
  const { hint } = useKeyWords().wordsOf(words, node);
  const { default: standard } = node;
  const plain =
    typeof standard === 'boolean' ? (standard ? t.on : t.off) : typeof standard === 'string' || typeof standard === 'number' ? String(standard) : '';
  const dangerous = words.at(-1)?.startsWith('dangerously') === true;
  return (
    <small id={id} className="mt-1 block text-[0.8125rem] text-muted">
      {[hint, value !== undefined && plain !== '' ? t.standard(plain) : ''].filter((part) => part !== '').join(gap)}
      {node.restart === true && <strong className="font-medium text-warning"> · {t.waits}</strong>}
      {dangerous && <strong className="font-medium text-danger"> · {t.danger}</strong>}
    </small>
  );
}

/** One of several groups with one key each, for example where a secret is. */
export function Either(props: SettingProps) {
  const { node, path, words, value, onChange } = props;
  const id = useId();
  const t = useSettingsText();
  const { wordsOf } = useKeyWords();
  const options = (node.anyOf ?? []).flatMap((option) => Object.entries(option.properties ?? {}).slice(0, 1));
  const held = isKeys(value) ? value : {};
  const [chosen, below] = options.find(([key]) => Object.hasOwn(held, key)) ?? [];
  const { name } = wordsOf(words, node);
  return (
    <fieldset className="border-l-2 border-line pl-4">
      <legend className="text-sm font-semibold">{name}</legend>
      <Choice
        label={t.where}
        value={chosen ?? ''}
        options={[['', t.none], ...options.map(([key, option]): [string, string] => [key, wordsOf([...words, key], option).name])]}
        onChange={(key) => onChange({ path, ...(key === '' ? {} : { value: { [key]: '' } }) })}
      />
      {chosen !== undefined && below && (
        <label className="field mt-3">
          <span>{wordsOf([...words, chosen], below).name}</span>
          <input
            value={String(held[chosen] ?? '')}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={id}
            onChange={(event) => onChange({ path, value: { [chosen]: event.target.value } })}
          />
        </label>
      )}
      <Hint {...props} id={id} />
    </fieldset>
  );
}
